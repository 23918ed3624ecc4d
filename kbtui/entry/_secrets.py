"""Passwords, keys and tokens, by the shapes that their issuers publish, and by the words before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbtui.entry.alarm import Alarm, Kind, alarm

_SHAPES = re.compile(
    r"""
      (?<![A-Za-z0-9])(?:
        (?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])                      # AWS access key ids
      | gh[pousr]_[A-Za-z0-9]{36,255} | github_pat_[A-Za-z0-9_]{22,255}         # GitHub
      | glpat-[A-Za-z0-9_-]{20,255}                                             # GitLab
      | xox[abeoprs]-[A-Za-z0-9-]{10,255}                                       # Slack
      | (?:sk|rk)_live_[A-Za-z0-9]{16,255} | whsec_[A-Za-z0-9]{24,255}          # Stripe
      | AIza[A-Za-z0-9_-]{35} | ya29\.[A-Za-z0-9_-]{20,255}                     # Google
      | sk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,255}                                 # language model services
      | SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}                          # SendGrid
      | npm_[A-Za-z0-9]{36} | pypi-[A-Za-z0-9_-]{32,255}                        # package registries
      | dop_v1_[a-f0-9]{64} | shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}                # DigitalOcean, Shopify
      | [0-9]{8,10}:AA[A-Za-z0-9_-]{33}                                         # Telegram
      | eyJ[A-Za-z0-9_-]{8,4096}\.eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,4096}   # JSON Web Tokens (RFC 7519)
      )
      | hooks\.slack\.com/services/T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{16,32}
    """,
    re.VERBOSE,
)
_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----")

_LABELLED = re.compile(
    r"""
    \b(?P<label> pass[ -]?word | passwd | pass[ -]?phrase | pass[ -]?code | pwd | passwort | kennwort | mot\ de\ passe
      | contrase[nñ]a | senha | wachtwoord | hasło | пароль | secret(?:[ _-]key)? | api[ _-]?key | access[ _-]?key
      | (?:auth|access|api|bearer|refresh)[ _-]?token | token | account[ _-]?key | credentials?
    )["']? [ \t]{0,3} (?: [:=]+ | \b(?:is|was|ist|lautet|est|es)\b [ \t]{0,3} :? ) [ \t]{0,3} ["'`*]{0,3}
    (?P<value> [^\s"'`<>]{6,128} )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BEARER = re.compile(r"\bBearer +(?P<value>[A-Za-z0-9._~+/-]{20,2048}=*)", re.IGNORECASE)
_IN_URL = re.compile(r"\b[a-z][a-z0-9+.-]{1,15}://[^\s/:@]{1,64}:(?P<value>[^\s/:@]{3,64})@", re.IGNORECASE)
_PIN = re.compile(
    r"\b(?:PIN|pass ?code|one[- ]time code|TAN|OTP)\b[ \t]{0,3}(?:[:=]|\bis\b:?)[ \t]{0,3}"
    r"(?P<value>\d{4,8})\b(?![-/.]\d)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"(?i)^(?:https?:|www\.|\$|%|\{|\[|\(|<)|your|example|x{4}|\*{3}|•{3}|\.{3}|_{3}|…|change.?me|placeholder|123456"
)


def secrets(text: str) -> Iterator[Alarm]:
    """Yield everything that looks like a password, a key or a token."""
    yield from (alarm(Kind.SECRET, *match.span()) for match in _SHAPES.finditer(text))
    yield from _private_keys(text)
    for pattern in (_LABELLED, _BEARER, _IN_URL, _PIN):
        for match in pattern.finditer(text):
            value = match["value"].rstrip(".,;:!?)]}*_")
            if pattern is _PIN or _is_secret(value):
                yield alarm(Kind.SECRET, match.start("value"), match.start("value") + len(value))


def _private_keys(text: str) -> Iterator[Alarm]:
    """Yield blocks that hold a private key; one without an end goes on to the end of the text."""
    begin = _BEGIN.search(text)
    while begin:
        end = _END.search(text, begin.end())
        yield alarm(Kind.SECRET, begin.start(), end.end() if end else len(text))
        begin = _BEGIN.search(text, end.end()) if end else None


def _is_secret(value: str) -> bool:
    """Whether a value after "password:" is one, and not a word of the sentence or a place to fill in."""
    if len(value) < 6 or _PLACEHOLDER.search(value):
        return False
    letters = any(character.isalpha() for character in value)
    digits = any(character.isdigit() for character in value)
    signs = sum(character in "!@#$%^&+=~|?" for character in value)
    is_mixed = any(c.islower() for c in value) and any(c.isupper() for c in value[1:])
    return (
        (letters and digits and "/" not in value)
        or (letters and signs > 0 and "=" not in value)
        or (is_mixed and len(value) >= 12 and value.isalnum())
    )
