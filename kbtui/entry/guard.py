"""The guard: what does not belong into a knowledge base, found in any text (F18).

Card numbers are refused; other personal data and secrets are warned of, and kept only by
somebody who says so. An entry holds what is reusable: nothing about one customer. The
same function runs wherever text enters. It is pure, never raises, and takes time in
proportion to the text; what it needs of other libraries is loaded when a text first has
something that may be a phone number, a bank account or an id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from kbtui.entry._cards import beginning, cards
from kbtui.entry._personal import card_codes, emails, ibans, state_ids
from kbtui.entry._phones import phones
from kbtui.entry._secrets import secrets
from kbtui.entry.alarm import Alarm, Kind, Verdict, alarm
from kbtui.entry.guard_rules import PLAIN_RULES, GuardRules

_SAME_PHONE = 9
"""Last digits by which two ways to write a phone number are known for the same."""


def alarms(text: str, rules: GuardRules = PLAIN_RULES) -> tuple[Alarm, ...]:
    """Return everything in `text` that does not belong into an entry, in order, none overlapping. Never raises."""
    accounts = list(ibans(text))
    found = [*_outside(card_numbers(text, rules), accounts), *secrets(text), *accounts, *state_ids(text)]
    found += [*card_codes(text), *emails(text), *phones(text, rules.region), *_team_alarms(text, rules)]
    return _in_order(each for each in _apart(found) if not _is_allowed(each, text, rules))


def card_numbers(text: str, rules: GuardRules = PLAIN_RULES) -> tuple[Alarm, ...]:
    """Return what is refused in any case: card numbers, but for what the team has named as its own numbers."""
    own = [pattern for pattern in _allowed_patterns(rules) if _names_something(pattern.pattern)]
    return tuple(each for each in cards(text) if not _is_covered(each, text, own))


def has_no_card(data: bytes, rules: GuardRules = PLAIN_RULES) -> bool:
    """Whether the bytes of a file, in UTF-8 or nearly, hold no card number."""
    return not card_numbers(data.decode("utf-8", "replace"), rules)


def masked(text: str, found: Iterable[Alarm]) -> str:
    """Return `text` with what was found replaced: of a card number, the first six and the last four digits stay."""
    pieces: list[str] = []
    at = 0
    for each in _in_order(found):
        pieces += [text[at : each.start], each.masked]
        at = each.end
    return "".join([*pieces, text[at:]])


def without_cards(text: str, rules: GuardRules = PLAIN_RULES) -> str:
    """Return `text` with every card number masked."""
    return masked(text, card_numbers(text, rules))


def fit_for_disk(text: str, rules: GuardRules = PLAIN_RULES) -> str:
    """Return half-written `text` as it may be kept: cards masked, and the one that is being typed at its end."""
    whole = without_cards(text, rules)
    unfinished = beginning(whole)
    return masked(whole, [unfinished]) if unfinished else whole


def kinds(found: Iterable[Alarm]) -> frozenset[Kind]:
    """Return the kinds of what was found."""
    return frozenset(each.kind for each in found)


def _outside(found: Iterable[Alarm], others: Sequence[Alarm]) -> Iterator[Alarm]:
    """Yield what does not lie within one of the others."""
    return (each for each in found if not any(o.start <= each.start and each.end <= o.end for o in others))


def _apart(found: Iterable[Alarm]) -> Iterator[Alarm]:
    """Yield what does not overlap with something yielded before, the gravest first."""
    order = list(Kind)
    taken: list[Alarm] = []
    last_end = -1
    for each in sorted(found, key=lambda one: (one.start, order.index(one.kind))):
        if each.start >= last_end:
            taken.append(each)
            last_end = each.end
        elif order.index(each.kind) < order.index(taken[-1].kind):
            taken[-1] = each
            last_end = max(last_end, each.end)
    return iter(taken)


def _in_order(found: Iterable[Alarm]) -> tuple[Alarm, ...]:
    return tuple(sorted(found, key=lambda one: one.start))


def _team_alarms(text: str, rules: GuardRules) -> Iterator[Alarm]:
    for rule in rules.extra:
        for match in _compiled(rule.pattern).finditer(text):
            if match[0]:
                yield alarm(Kind.TEAM_RULE, *match.span(), words=rule.words)


def _is_allowed(each: Alarm, text: str, rules: GuardRules) -> bool:
    if each.verdict is Verdict.REFUSED:
        return False
    said = text[each.start : each.end]
    literal = any(_means(entry, said, each.kind) for entry in rules.allow if not _is_pattern(entry))
    return literal or _is_covered(each, text, _allowed_patterns(rules))


def _means(entry: str, said: str, kind: Kind) -> bool:
    """Whether an entry of `allow` means what was found, however it is spaced."""
    if entry.startswith("@"):
        return said.casefold().endswith(entry.casefold())
    if _bare(entry) == _bare(said):
        return True
    digits = [re.sub(r"\D", "", one)[-_SAME_PHONE:] for one in (entry, said)]
    return kind is Kind.PHONE and digits[0] == digits[1] and len(digits[0]) == _SAME_PHONE


def _bare(text: str) -> str:
    return re.sub(r"[\s().-]", "", text).casefold()


def _is_pattern(entry: str) -> bool:
    return len(entry) > 2 and entry.startswith("/") and entry.endswith("/")


def _allowed_patterns(rules: GuardRules) -> list[re.Pattern[str]]:
    return [_compiled(entry[1:-1]) for entry in rules.allow if _is_pattern(entry)]


def _names_something(pattern: str) -> bool:
    """Whether a pattern begins with two letters: "ORD-[0-9]{16}" is the team's own, "[0-9]+" is any number."""
    return re.match(r"[A-Za-z]{2}", pattern) is not None


def _is_covered(each: Alarm, text: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    """Whether something that a pattern allows holds all that was found, on its line."""
    start = text.rfind("\n", 0, each.start) + 1
    end = text.find("\n", each.end)
    line = text[start : end if end >= 0 else len(text)]
    return any(
        match.start() + start <= each.start and each.end <= match.end() + start
        for pattern in patterns
        for match in pattern.finditer(line)
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
