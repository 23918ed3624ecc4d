"""Card codes, bank accounts, ids that a state gives people, and e-mail addresses.

Numbers are believed where their own check digits hold (python-stdnum); those of which one
in ten random numbers is right count only behind the word that says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from kbtui.entry.alarm import Alarm, Kind, alarm

_CARD_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|cvn2?|csc|cid|card (?:verification|security) (?:code|number|value)|security code"
    r"|kartenprüfnummer|prüfziffer|cryptogramme|c[oó]digo de seguridad)\b"
    r"(?:[ \t]{1,3}(?:number|code|no\.?))?[ \t]{0,3}(?:[:=#(]|\b(?:is|was|ist|est|es)\b:?)?[ \t*]{0,3}"
    r"(?P<value>\d{3,4})\b(?![-.,/]?\d| (?:digit|number|error))",
    re.IGNORECASE,
)
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])", re.IGNORECASE
)
_SHORTEST_IBAN = 15


def card_codes(text: str) -> Iterator[Alarm]:
    """Yield the three or four digits behind words such as CVV."""
    return (alarm(Kind.CARD_CODE, *match.span("value")) for match in _CARD_CODE.finditer(text))


def ibans(text: str) -> Iterator[Alarm]:
    """Yield bank account numbers whose check digits hold (ISO 13616), with what was swallowed behind them cut off."""
    for match in _IBAN.finditer(text):
        places = [place for place in range(*match.span()) if text[place].isalnum()]
        for size in range(len(places), _SHORTEST_IBAN - 1, -1):
            if _holds("iban", "".join(text[place] for place in places[:size])):
                yield alarm(Kind.IBAN, match.start(), places[size - 1] + 1)
                break


@lru_cache(maxsize=256)
def _holds(module: str, number: str) -> bool:
    """Whether python-stdnum takes the number for a right one."""
    return bool(import_module(f"stdnum.{module}").is_valid(number))


@dataclass(frozen=True, slots=True)
class _StateId:
    """How one state's ids for people look.

    Attributes:
        module: the module of python-stdnum that checks them, or empty.
        pattern: what they look like.
        label: the words that must stand before; empty where the look is enough.
    """

    module: str
    pattern: re.Pattern[str]
    label: re.Pattern[str] | None = None


def _state_id(module: str, pattern: str, label: str = "") -> _StateId:
    return _StateId(
        module,
        re.compile(rf"(?<![\w-]){pattern}(?![\w-])", re.IGNORECASE),
        re.compile(label, re.IGNORECASE) if label else None,
    )


_STATE_IDS = (
    _state_id("us.ssn", r"\d{3}-\d{2}-\d{4}"),
    _state_id("us.ssn", r"\d{3} ?\d{2} ?\d{4}", r"\bssn\b|social security"),
    _state_id("", r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]"),
    _state_id("gb.nhs", r"\d{3}[ -]?\d{3}[ -]?\d{4}", r"\bnhs\b"),
    _state_id("ca.sin", r"\d{3}[ -]?\d{3}[ -]?\d{3}", r"\bsin\b|social insurance"),
    _state_id("it.codicefiscale", r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"),
    _state_id("fr.nir", r"[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}"),
    _state_id("ch.ssn", r"756\.\d{4}\.\d{4}\.\d{2}"),
    _state_id("be.nn", r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"),
    _state_id("br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d{2}"),
    _state_id("br.cpf", r"\d{11}", r"\bcpf\b"),
    _state_id("fi.hetu", r"\d{6}[-+A]\d{3}[0-9A-Z]"),
    _state_id("se.personnummer", r"(?:\d{2})?\d{6}[-+]\d{4}"),
    _state_id("dk.cpr", r"\d{6}-?\d{4}", r"\bcpr\b|personnummer"),
    _state_id("no.fodselsnummer", r"\d{6} ?\d{5}", r"f[øo]dselsnummer|personnummer"),
    _state_id("kr.rrn", r"\d{6}-[1-8]\d{6}"),
    _state_id("cn.ric", r"\d{17}[\dX]"),
    _state_id("mx.curp", r"[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d"),
    _state_id("in_.pan", r"[A-Z]{3}P[A-Z]\d{4}[A-Z]"),
    _state_id("in_.aadhaar", r"\d{4} ?\d{4} ?\d{4}", r"aadhaar|aadhar|\buid(?:ai)?\b"),
    _state_id("es.nie", r"[XYZ]-?\d{7}-?[A-Z]"),
    _state_id("es.dni", r"\d{8}-?[A-Z]", r"\bdni\b|\bnif\b|documento"),
    _state_id("pt.nif", r"\d{9}", r"\bnif\b|contribuinte"),
    _state_id("de.idnr", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", r"steuer-?\s?id|identifikationsnummer|\bidnr\b|\btin\b"),
    _state_id("nl.bsn", r"\d{9}|\d{4}[. ]\d{2}[. ]\d{3}", r"\bbsn\b|burgerservice|sofi"),
    _state_id("pl.pesel", r"\d{11}", r"pesel"),
    _state_id("ie.pps", r"\d{7}[A-W][A-IW]?", r"\bpps"),
    _state_id("tr.tckimlik", r"\d{11}", r"kimlik|\btckn?\b"),
    _state_id("za.idnr", r"\d{13}", r"\bid (?:number|no)|identity"),
    _state_id("au.tfn", r"\d{3} ?\d{3} ?\d{3}", r"\btfn\b|tax file"),
    _state_id("jp.in_", r"\d{4} ?\d{4} ?\d{4}", r"my ?number|マイナンバー|個人番号"),
    _state_id(
        "", r"[A-Z]{0,2}\d{6,9}", r"passport|reisepass|passeport|pasaporte|driving licen[cs]e|driver'?s licen[cs]e"
    ),
)
_LABEL_BEFORE = 40
_SOME_LABEL = re.compile("|".join(kind.label.pattern for kind in _STATE_IDS if kind.label), re.IGNORECASE)


def state_ids(text: str) -> Iterator[Alarm]:
    """Yield numbers by which a state knows a person: social security, national insurance, passport and the like."""
    has_label = _SOME_LABEL.search(text) is not None
    for kind in _STATE_IDS:
        if kind.label is not None and not (has_label and kind.label.search(text)):
            continue
        for match in kind.pattern.finditer(text):
            before = text[max(0, match.start() - _LABEL_BEFORE) : match.start()]
            is_named = kind.label is None or kind.label.search(before.rpartition("\n")[2]) is not None
            if is_named and (not kind.module or _holds(kind.module, match[0])):
                yield alarm(Kind.NATIONAL_ID, *match.span())


_LOCAL = re.compile(r"[^\s@<>()\[\]{},;:\"'`|=/\\*&]{1,64}")
"""The part before the at sign, which is read backwards from there."""

_DOMAIN = re.compile(r"(?:[^\W_](?:[^\W_]|-){0,62}\.){1,8}[^\W\d_]{2,24}(?![\w@])")
_ROLES = re.compile(
    r"(?:no-?reply|do-?not-?reply|support|help|helpdesk|info|sales|billing|accounts?|orders?|returns?|refunds?|service"
    r"|customer-?(?:service|care|support)|care|contact|hello|hi|team|admin|office|privacy|dpo|gdpr|legal|press|media|jobs"
    r"|careers|hr|security|abuse|feedback|enquir(?:y|ies)|inquir(?:y|ies)|complaints?|disputes?|claims?|warranty|parts"
    r"|service[._-]?desk|postmaster|webmaster|hostmaster|newsletter|news|marketing|partners?|payments?|invoices?|finance"
    r"|auth|licen[cs](?:e|ing)|system|ops|dmca|advertising|notifications?|alerts?|updates?|(?:un)?subscribe"
    r"|shop|store|mail|kontakt|kundenservice|soporte|ventas|git|root)(?:[._+-].*)?",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:you|your|user|username|name|someone|somebody|anyone|email|e-mail|address|example|test|sample|foo|bar|me|me?mail"
    r"|customer|first|last|firstname|lastname|john|jane|(?:your|my|first)[._-]?(?:name|email|address|last\w*)"
    r"|(?:john|jane)[._-]?(?:doe|smith)|user[._-]?name|x+|abc|alias)\d*",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"(?:.+\.)?(?:example(?:\.(?:com|org|net))?|invalid|test|localhost|local|(?:your|my)-?(?:domain|company|site|email)"
    r"\.[a-z]+|(?:domain|company|email)\.(?:com|org|net|tld))",
    re.IGNORECASE,
)
_FILES = re.compile(
    r"png|jpe?g|gif|svg|webp|ico|pdf|md|txt|css|[jt]s|py|json|html|xml|zip|csv|mp4|ya?ml", re.IGNORECASE
)
"""What stands behind the dot in names such as logo@2x.png."""


def emails(text: str) -> Iterator[Alarm]:
    """Yield addresses of persons: not of roles ("support@"), nor those that RFC 2606 keeps for examples."""
    at = text.find("@")
    while at >= 0:
        local = _LOCAL.match(text[max(0, at - 64) : at][::-1])
        domain = _DOMAIN.match(text, at + 1) if local else None
        if local and domain and _is_persons(local[0][::-1], domain[0]):
            yield alarm(Kind.EMAIL, at - len(local[0]), domain.end())
        at = text.find("@", at + 1)


def _is_persons(local: str, domain: str) -> bool:
    is_role = _ROLES.fullmatch(local) or _NOBODY.fullmatch(local) or _RESERVED.fullmatch(domain)
    return not is_role and any(c.isalnum() for c in local) and not _FILES.fullmatch(domain.rpartition(".")[2])
