"""What amounts are counted in: currencies, percent, lengths of time, and whatever else a card names.

A currency is its ISO 4217 code. A sign or a name may stand for several ("$"): it fits a
card in any of them and none but them. What is not known here stays as it was typed, and
fits only a card that uses the same word: nothing is guessed (F26).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_ISO_4217 = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
"""The currency codes in use."""

_CODES = frozenset(_ISO_4217.split())

_WORDS_TOO = frozenset(("all", "bob", "cop", "cup", "gel", "mad", "mop", "pen", "sos", "top", "try"))
"""Codes that are English words as well: they are currencies only in capitals."""

_POUNDS = "GBP EGP FKP GIP LBP SDG SHP SSP SYP"
_DOLLARS = "USD AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD XCD"
_PESOS = "MXN ARS CLP COP CUP DOP PHP UYU"
_CROWNS = "SEK NOK DKK ISK"
_SMALL_MONEY = "cents"
"""Hundredths of a currency that nobody named: they never fit a card."""

_MONEY = {
    "EUR": "€ euro euros",
    _POUNDS: "£ pound pounds quid",
    "GBP": "sterling",
    f"{_DOLLARS} {_PESOS}": "$",
    _DOLLARS: "dollar dollars buck bucks",
    "USD": "us$",
    "CAD": "ca$ c$",
    "AUD": "a$ au$",
    "NZD": "nz$",
    "HKD": "hk$",
    "SGD": "s$",
    "BRL": "r$",
    "JPY": "yen",
    "JPY CNY": "¥",
    "CNY": "yuan rmb",
    "CHF XAF XOF": "franc francs fr",
    _CROWNS: "kr krona kronor krone kroner",
    "PLN": "zł zl zloty",
    "CZK": "kč",
    "HUF": "ft forint",
    "INR": "₹",
    "INR LKR MUR NPR PKR": "rs rupee rupees",
    "TRY": "₺",
    "KRW": "₩",
    _PESOS: "peso pesos",
    "UAH": "₴",
    "ILS": "₪",
    "THB": "฿ baht",
    "RUB": "₽",
    "VND": "₫",
    "NGN": "₦",
    _SMALL_MONEY: "cent cents ct penny pence",
}
_COUNTED = {
    ("percent", 1): "% percent pct prozent",
    ("minutes", 1): "minute minutes min mins",
    ("hours", 1): "hour hours h hrs",
    ("days", 1): "day days d",
    ("days", 7): "week weeks",
    ("days", 14): "fortnight fortnights",
    ("months", 1): "month months",
    ("months", 12): "year years",
}
_TIME = frozenset(("minutes", "hours", "days", "months"))


@dataclass(frozen=True, slots=True)
class Unit:
    """What an amount is counted in.

    Attributes:
        said: as it was written; empty where nothing was.
        means: the currencies or the measure it may stand for; empty where it is not known.
        factor: how many of its measure one is: a week is 7 days.
    """

    said: str = ""
    means: tuple[str, ...] = ()
    factor: int = 1

    @property
    def kind(self) -> str:
        """What kind of thing is counted: "money", "time", "percent", or nothing where it is not known."""
        if not self.means:
            return ""
        first = self.means[0]
        return "time" if first in _TIME else "percent" if first == "percent" else "money"

    @property
    def words(self) -> str:
        """The unit as a person reads it: one currency by its code, everything else as it was written."""
        return self.means[0] if self.kind == "money" and len(self.means) == 1 else self.said

    def fits(self, other: Unit) -> bool:
        """Whether both may be the same measure; where nothing is said, anything fits."""
        if not self.said or not other.said:
            return not self.said
        if self.means or other.means:
            return bool(set(self.means) & set(other.means) - {_SMALL_MONEY})
        return _same_word(self.said.casefold(), other.said.casefold())


NO_UNIT = Unit()
"""Nothing said: the amount counts in whatever the card counts in."""


def _same_word(one: str, other: str) -> bool:
    """Whether two words differ at most in a short ending, as "point" and "points" do."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) > 2 and long.startswith(short) and len(long) - len(short) <= 2)


def _table() -> dict[str, tuple[tuple[str, ...], int]]:
    money = {word: (tuple(codes.split()), 1) for codes, words in _MONEY.items() for word in words.split()}
    counted = {word: ((name,), factor) for (name, factor), words in _COUNTED.items() for word in words.split()}
    return money | counted


_KNOWN = _table()


def known_unit(text: str) -> Unit | None:
    """Return the unit that a text names, or None where it names none that is known."""
    lower = text.casefold()
    if lower.upper() in _CODES and (lower not in _WORDS_TOO or text.isupper()):
        return Unit(text, (lower.upper(),))
    if lower in _KNOWN:
        means, factor = _KNOWN[lower]
        return Unit(text, means, factor)
    is_sign = len(text) == 1 and unicodedata.category(text) == "Sc"
    return Unit(text) if is_sign else None


def unit_of(text: str) -> Unit:
    """Return the unit a card is in: a known one, or the word as it stands."""
    word = " ".join(text.split())
    return known_unit(word) or Unit(word)
