"""Which authority card is meant by words such as "refund 80": a small matching over few cards (F26).

The action counts most, then tags, then whole phrasings. Words are the same when one
begins like the other ("refund", "refunds", "refunding"; "extend", "extension").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache

from kbtui.entry.amounts import Amount, Request, parse, words_in
from kbtui.entry.authority import answer, decide
from kbtui.entry.authority_card import stale
from kbtui.entry.card import Card
from kbtui.entry.decision import Asker, Decision
from kbtui.entry.model import Authority, State
from kbtui.entry.units import NO_UNIT, unit_of

_ACTION, _TAG, _PHRASE, _WHOLE_PHRASE, _UNIT = 4, 2, 1, 4, 1
"""What a word of each part is worth, a phrasing in these very words, and a unit that fits."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """The card that fits some words best, what it says to them, and the other cards that fit."""

    card: Card
    authority: Authority
    decision: Decision
    others: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    action: frozenset[str]
    tags: frozenset[str]
    phrasings: tuple[frozenset[str], ...]

    def knows(self, word: str) -> bool:
        return any(_among(word, words) for words in (self.action, self.tags, *self.phrasings))


def rule(text: str, cards: Iterable[Card], asker: Asker) -> Ruling | None:
    """Return what the best card says to a request; None where no card fits its words."""
    request = parse(text)
    found = _ranked(request, cards, asker.today)
    if not found:
        return None
    best = found[0]
    others = tuple(each.card for each in found[1:] if each.is_named or each.points == best.points)
    return Ruling(best.card, best.authority, _answer(request, best, asker), others)


def worked_out(text: str, cards: Iterable[Card], asker: Asker) -> tuple[str, Decision] | None:
    """Return the path of the card that a search asks about, and the answer; None where it is no such question.

    It is one if it names an amount of what the card counts, an action, and little else:
    either nothing unknown to the card before the amount, or mostly words of the card.
    """
    request = parse(text)
    found = _ranked(request, cards, asker.today) if request.amounts else []
    if not found or not _is_question(request, found[0]):
        return None
    return found[0].card.path, _answer(request, found[0], asker)


def lead_to_ask(cards: Iterable[Card], asker: Asker) -> str:
    """Return whom to ask where no card fits: who decides above most cards, else the team's highest role."""
    named = Counter(card.authority.above for card in _usable(cards) if card.authority and card.authority.above)
    if named:
        return named.most_common(1)[0][0]
    return f"your {asker.roles[-1]}" if asker.roles and asker.roles[-1] != asker.role else "your lead"


@dataclass(frozen=True, slots=True)
class _Fit:
    card: Card
    authority: Authority
    vocabulary: _Vocabulary
    points: int
    coverage: float
    is_action: bool
    is_phrasing: bool

    @property
    def is_named(self) -> bool:
        """Whether more than a tag says that this card is meant."""
        return self.is_action or self.is_phrasing


def _usable(cards: Iterable[Card]) -> list[Card]:
    """Leave out what nobody may rely on: archived entries, second versions, files that do not parse."""
    return [
        card
        for card in cards
        if card.authority and card.state is not State.ARCHIVED and not card.variant_of and not card.trouble
    ]


def _ranked(request: Request, cards: Iterable[Card], today: str) -> list[_Fit]:
    """Return the cards that fit, the best first; of two that fit alike, one that still holds."""
    usable = _usable(cards)
    words = frozenset(filter(_counts, request.words))
    common = _common_tags(usable)
    fits = [fit for card in usable if words and (fit := _fit(request, words, card, common))]
    return sorted(fits, key=lambda fit: (-fit.points, -fit.coverage, bool(stale(fit.authority, today)), fit.card.path))


def _fit(request: Request, words: AbstractSet[str], card: Card, common: AbstractSet[str]) -> _Fit | None:
    assert card.authority is not None  # `_usable` has left out the others
    vocabulary = _vocabulary(card)
    acting = [word for word in words if _among(word, vocabulary.action)]
    is_whole = any(_is_same(words, phrasing) for phrasing in vocabulary.phrasings)
    if not acting and not is_whole and not any(_among(word, vocabulary.tags - common) for word in words):
        return None
    unit = unit_of(card.authority.unit)
    has_unit = any(amount.unit.said and amount.unit.fits(unit) for amount in request.amounts)
    points = sum(_worth(word, vocabulary, common) for word in words) + _WHOLE_PHRASE * is_whole + _UNIT * has_unit
    coverage = len(acting) / max(len(vocabulary.action), 1)
    return _Fit(card, card.authority, vocabulary, points, coverage, bool(acting), is_whole)


def _worth(word: str, vocabulary: _Vocabulary, common: AbstractSet[str]) -> int:
    if _among(word, vocabulary.action):
        return _ACTION
    if _among(word, vocabulary.tags - common):
        return _TAG
    return _PHRASE if vocabulary.knows(word) else 0


def _is_question(request: Request, fit: _Fit) -> bool:
    unit = unit_of(fit.authority.unit)
    counts = any(amount.unit.fits(unit) or amount.unit.kind in ("", unit.kind) for amount in request.amounts)
    words = [word for word in request.words if _counts(word)]
    known = [word for word in words if fit.vocabulary.knows(word)]
    before = [word for word in request.before if _counts(word)]
    is_short = bool(before) and all(word in known for word in before)
    return fit.is_named and counts and (is_short or 2 * len(known) > len(words))


def _answer(request: Request, fit: _Fit, asker: Asker) -> Decision:
    amounts = tuple(_settled(amount, fit.vocabulary) for amount in request.amounts)
    unit = unit_of(fit.authority.unit)
    bare = next((amount for amount in amounts if not amount.unit.said), None)
    if bare and not fit.is_action and unit.kind != "money":
        return decide(fit.authority, None, asker, trouble=f"{bare.words} of what? This card counts in {unit.words}.")
    return answer(fit.authority, replace(request, amounts=amounts), asker)


def _settled(amount: Amount, vocabulary: _Vocabulary) -> Amount:
    """Take a word of the card that stands behind an amount for what it is: no unit."""
    is_word = amount.unit.said and not amount.unit.kind and vocabulary.knows(amount.unit.said.casefold())
    return replace(amount, unit=NO_UNIT) if is_word else amount


@lru_cache(maxsize=512)
def _vocabulary(card: Card) -> _Vocabulary:
    assert card.authority is not None  # `_usable` has left out the others
    phrasings = (frozenset(filter(_counts, words_in(text))) for text in (card.question, *card.asked_as))
    return _Vocabulary(
        frozenset(filter(_counts, words_in(card.authority.action))),
        frozenset(filter(_counts, words_in(" ".join(card.tags)))),
        tuple(words for words in phrasings if words),
    )


def _common_tags(cards: Sequence[Card]) -> frozenset[str]:
    """Return the words of tags that say nothing, since more than half of the cards have them."""
    counted = Counter(word for card in cards for word in _vocabulary(card).tags)
    return frozenset(word for word, count in counted.items() if len(cards) > 2 and 2 * count > len(cards))


def _counts(word: str) -> bool:
    """Whether a word says anything: not "I", "a", "of"; other scripts say much in one character."""
    return len(word) > 2 or not word.isascii()


def _is_same(words: AbstractSet[str], phrasing: AbstractSet[str]) -> bool:
    return all(_among(word, phrasing) for word in words) and all(_among(word, words) for word in phrasing)


def _among(word: str, words: AbstractSet[str]) -> bool:
    return word in words or any(other[:4] == word[:4] and _is_alike(word, other) for other in words)


def _is_alike(one: str, other: str) -> bool:
    """Whether two words are forms of one: one begins the other, or both begin alike and end shortly after."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short):
        return len(short) > 3 and len(long) - len(short) <= 4
    shared = next(place for place, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1])
    return shared > 4 and len(short) - shared <= 1 and len(long) - shared <= 4
