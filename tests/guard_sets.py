"""Numbers made up for the guard: cards of every large scheme in every shape, and what only looks like them.

Everything comes from a fixed seed. Nothing here is copied from anywhere.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

CARDS = {
    "Visa": (("4",), (16, 16, 19)),
    "Mastercard": (("51", "52", "53", "54", "55"), (16,)),
    "Mastercard 2-series": (("2221", "2299", "2345", "2500", "2699", "2720"), (16,)),
    "American Express": (("34", "37"), (15,)),
    "Discover": (("6011", "644", "649", "65"), (16, 16, 19)),
    "Diners Club": (("300", "305", "36", "38", "39"), (14,)),
    "JCB": (("3528", "3540", "3589"), (16, 16, 19)),
    "UnionPay": (("620", "622126", "6250", "628"), (16, 17, 18, 19)),
    "Maestro": (("5018", "5020", "5038", "6304", "6759", "6761", "6763"), (12, 13, 14, 15, 16, 18, 19)),
    "RuPay": (("508", "60", "6521", "81", "82"), (16,)),
    "Mir": (("2200", "2202", "2204"), (16, 19)),
}
"""Beginnings and lengths, as the schemes publish them; written down here a second time on purpose."""

_LAYOUTS = {12: (4, 4, 4), 13: (4, 4, 5), 14: (4, 6, 4), 15: (4, 6, 5), 16: (4, 4, 4, 4), 17: (4, 4, 4, 4, 1)}
_LAYOUTS |= {18: (4, 4, 4, 4, 2), 19: (4, 4, 4, 4, 3)}
_FULL_WIDTH = str.maketrans(string.digits, "０１２３４５６７８９")
_ARABIC = str.maketrans(string.digits, "٠١٢٣٤٥٦٧٨٩")
_DEVANAGARI = str.maketrans(string.digits, "०१२३४५६७८९")


def check_digit(digits: str) -> str:
    """Return Luhn's check digit, computed the slow way."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def card(rng: random.Random, scheme: str) -> str:
    """Return a number of a scheme, as bare digits."""
    beginnings, lengths = CARDS[scheme]
    start, length = rng.choice(beginnings), rng.choice(lengths)
    body = start + "".join(rng.choice(string.digits) for _ in range(length - len(start) - 1))
    return body + check_digit(body)


def grouped(digits: str, joint: str) -> str:
    """Return a number in the groups in which it is printed."""
    places = iter(digits)
    return joint.join("".join(next(places) for _ in range(size)) for size in _LAYOUTS[len(digits)])


def _cut(digits: str, joint: str, where: int) -> str:
    return digits[:where] + joint + digits[where:]


SHAPES: dict[str, Callable[[str, random.Random], str]] = {
    "bare": lambda n, _: f"the card is {n}, thanks",
    "spaced": lambda n, _: f"card {grouped(n, ' ')} exp 12/27",
    "dashed": lambda n, _: f"{grouped(n, '-')}",
    "dotted": lambda n, _: f"He said {grouped(n, '.')}.",
    "no-break spaces": lambda n, _: f"paid with {grouped(n, chr(0xA0))}",
    "en dashes": lambda n, _: f"paid with {grouped(n, '–')}",
    "spaces around dashes": lambda n, _: f"paid with {grouped(n, ' - ')}",
    "full width": lambda n, _: f"番号は{n.translate(_FULL_WIDTH)}です",
    "Arabic-Indic": lambda n, _: f"رقم {grouped(n.translate(_ARABIC), ' ')} شكرا",
    "Devanagari": lambda n, _: f"संख्या {n.translate(_DEVANAGARI)}",
    "zero width": lambda n, _: f"number {'​'.join(n)}.",
    "zero width and spaces": lambda n, _: f"number {grouped(n, ' ​')}.",
    "soft hyphens": lambda n, _: f"number {grouped(n, chr(0xAD))}.",
    "two lines": lambda n, r: f"She pays with {_cut(n, chr(10), r.randint(3, len(n) - 3))}\nfrom May on.",
    "quoted, on two lines": lambda n, _: f"> {grouped(n, ' ').replace(' ', chr(10) + '> ', 1)}\n> says she",
    "a group a line": lambda n, _: f"the number:\n{grouped(n, chr(10))}\nin May",
    "Windows lines": lambda n, r: f"pays with {_cut(n, chr(13) + chr(10), r.randint(3, len(n) - 3))}\r\nfrom May on.",
    "cut by a space": lambda n, r: f"pays with {_cut(n, ' ', r.randint(3, len(n) - 3))} now",
    "in a word": lambda n, _: f"card{n}exp1227",
    "in a table": lambda n, _: f"| Ana | {grouped(n, ' ')} | 12/27 |",
    "in a link": lambda n, _: f"https://shop.example/pay?card={n}&amp;m=12",
    "bold": lambda n, _: f"**{grouped(n, ' ')}**",
    "each group bold": lambda n, _: f"**{grouped(n, '** **')}**",
    "HTML spaces": lambda n, _: f"card {grouped(n, '&nbsp;')}",
    "HTML line breaks": lambda n, _: f"card {grouped(n, '<br>')}",
    "code": lambda n, _: f"`{n}`",
    "keycaps": lambda n, _: "".join(digit + "️⃣" for digit in n),
    "behind other numbers": lambda n, _: f"order 10023, 2 items, card {grouped(n, ' ')} 12 27 123",
    "with date and code": lambda n, _: f"{grouped(n, ' ')} 12/27 123",
    "track": lambda n, _: f";{n}=27121010000?",
    "each digit alone": lambda n, _: f"it is {' '.join(n)}, he says",
    "in a sheet": lambda n, _: f"Ana\t{n}\t12/27",
}


def cards_in_all_shapes(seed: int = 20_260_301) -> Iterator[tuple[str, str, str]]:
    """Yield the name of a scheme and a shape, a text that holds one such number, and the number."""
    rng = random.Random(seed)
    for scheme in CARDS:
        for shape, written in SHAPES.items():
            number = card(rng, scheme)
            yield f"{scheme}, {shape}", written(number, rng), number


@dataclass(frozen=True)
class Lookalike:
    """A text with a number that is no card."""

    kind: str
    text: str


def _digits(rng: random.Random, count: int) -> str:
    return str(rng.randint(1, 9)) + "".join(rng.choice(string.digits) for _ in range(count - 1))


def _any(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(string.digits) for _ in range(count))


def _date(rng: random.Random) -> str:
    return f"{rng.randint(2019, 2027)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _ean(rng: random.Random) -> str:
    body = rng.choice(("400", "405", "426", "500", "541", "590", "690", "871", "978")) + _any(rng, 9)
    return body + str(-sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(body)) % 10)


def _imei(rng: random.Random) -> str:
    body = rng.choice(("35", "86", "01", "99", "45", "49")) + _any(rng, 12)
    return body + check_digit(body)


def _sscc(rng: random.Random) -> str:
    body = "3" + _any(rng, 16)
    return "(00)" + body + str(-sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(body)) % 10)


def _letters(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(string.ascii_uppercase) for _ in range(count))


LOOKALIKES: dict[str, Callable[[random.Random], str]] = {
    "order number, 8 digits": lambda r: f"order {_digits(r, 8)} has not arrived",
    "order number, 10 digits": lambda r: f"order {_digits(r, 10)} has not arrived",
    "order number, 12 digits": lambda r: f"order no. {_digits(r, 12)}",
    "order number, date and serial": lambda r: f"order {_date(r).replace('-', '')}{_any(r, 8)}",
    "order number, 3-7-7": lambda r: f"order {_digits(r, 3)}-{_any(r, 7)}-{_any(r, 7)}",
    "order number, letters": lambda r: f"ORD-{_digits(r, 9)} is late",
    "account number, 8 to 10 digits": lambda r: f"account {_digits(r, r.randint(8, 10))}",
    "account number in groups": lambda r: f"account {_digits(r, 3)} {_any(r, 3)} {_any(r, 3)}",
    "sort code and account": lambda r: f"sort code {_any(r, 2)}-{_any(r, 2)}-{_any(r, 2)}, account {_any(r, 8)}",
    "customer number, 14 digits": lambda r: f"customer {_digits(r, 14)}",
    "customer number, 16 digits": lambda r: f"customer {_digits(r, 16)}",
    "tracking, UPS": lambda r: f"1Z{_letters(r, 3)}{_any(r, 3)}{_any(r, 10)}",
    "tracking, FedEx": lambda r: f"FedEx {_digits(r, 12)}",
    "tracking, FedEx in fours": lambda r: f"FedEx {_digits(r, 4)} {_any(r, 4)} {_any(r, 4)}",
    "tracking, US post": lambda r: f"9400 1{_any(r, 3)} {_any(r, 4)} {_any(r, 4)} {_any(r, 4)} {_any(r, 2)}",
    "tracking, US post bare": lambda r: f"94001{_any(r, 17)}",
    "tracking, S10": lambda r: f"{_letters(r, 2)}{_any(r, 9)}DE",
    "tracking, DHL": lambda r: f"JJD{_any(r, 18)} or {_digits(r, 10)}",
    "parcel label, SSCC": _sscc,
    "invoice": lambda r: f"invoice {_date(r)[:4]}-{_any(r, 6)}",
    "invoice, long": lambda r: f"invoice RE{_date(r).replace('-', '')}-{_any(r, 5)}",
    "IMEI": lambda r: f"IMEI {_imei(r)}",
    "IMEI with version": lambda r: f"IMEISV 35{_any(r, 14)}",
    "SIM card, ICCID": lambda r: f"ICCID 89{_any(r, 17)}",
    "barcode": lambda r: f"EAN {_ean(r)}",
    "serial number": lambda r: f"S/N {_letters(r, 3)}{_any(r, 8)}{_letters(r, 1)}",
    "phone, international": lambda r: (
        f"+{r.choice(('44 20 7', '49 30 ', '1 212 5', '33 1 4'))}{_any(r, 3)} {_any(r, 4)}"
    ),
    "phone, long": lambda r: f"call 00{r.choice(('44', '49', '61', '91'))} {_any(r, 2)} {_any(r, 4)} {_any(r, 4)}",
    "two phones": lambda r: f"{_any(r, 3)}-{_any(r, 4)} {_any(r, 3)}-{_any(r, 4)}",
    "date": lambda r: f"from {_date(r)} to {_date(r)}",
    "date and time": lambda r: f"{_date(r)} {r.randint(10, 23)}:{r.randint(10, 59)}:{r.randint(10, 59)}.{_any(r, 6)}",
    "time stamp": lambda r: f"ts={r.randint(1_600_000_000_000, 1_900_000_000_000)}",
    "error codes": lambda r: f"E-{_any(r, 4)}, {_digits(r, 4)}, {_digits(r, 4)}, {_digits(r, 4)}, {_digits(r, 4)}",
    "codes that count": lambda r: " ".join(map(str, range(*(lambda start: (start, start + 6))(r.randint(4000, 5400))))),
    "prices": lambda r: f"{_digits(r, 1)},{_any(r, 3)},{_any(r, 3)}.00 EUR and {_digits(r, 2)}.{_any(r, 2)}",
    "price table": lambda r: f"| {_digits(r, 4)} | {_digits(r, 4)} | {_digits(r, 4)} | {_digits(r, 4)} |",
    "column of order numbers": lambda r: "\n".join(_digits(r, 8) for _ in range(5)),
    "column of years": lambda r: "\n".join(str(year) for year in range(2016, 2016 + r.randint(4, 9))),
    "list of article numbers": lambda r: ", ".join(_digits(r, 6) for _ in range(4)),
    "help desk link": lambda r: f"https://help.example/articles/{r.choice(('36', '41', '44'))}{_any(r, 12)}",
    "coordinates": lambda r: f"48.{_any(r, 7)}, 2.{_any(r, 7)}",
    "decimal": lambda r: f"factor {_digits(r, 1)}.{_any(r, 15)}",
    "UUID": lambda r: (
        f"{r.getrandbits(32):08x}-{r.getrandbits(16):04x}-4{r.getrandbits(12):03x}-{r.getrandbits(48):012x}"
    ),
    "commit": lambda r: f"{r.getrandbits(160):040x}",
    "IP address": lambda r: ".".join(str(r.randint(1, 254)) for _ in range(4)),
    "masked card": lambda r: f"card ending in {_any(r, 4)}, {_digits(r, 6)}xxxxxx{_any(r, 4)}",
    "VAT number": lambda r: f"VAT DE{_any(r, 9)}, GB{_any(r, 9)}",
    "meter reading": lambda r: f"meter {_digits(r, 8)} reads {_any(r, 5)}.{_any(r, 1)}",
}


def lookalikes(each: int = 20, seed: int = 20_260_302) -> Iterator[Lookalike]:
    """Yield `each` numbers of every kind that is no card."""
    rng = random.Random(seed)
    for kind, written in LOOKALIKES.items():
        for _ in range(each):
            yield Lookalike(kind, written(rng))
