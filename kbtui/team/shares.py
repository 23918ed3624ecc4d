"""What share of one use belongs to whom (F37-F41): a rule that anybody can work out again from the history. Pure.

Of every use of an entry a tenth is for those who asked, a tenth for those who confirmed the words
that stand there, and eight tenths are shared by the words themselves: each word that stands there
today belongs to whoever brought it first. The n-th time a word is there, it is of whoever's version
was the first to have it n times. So commas, moved lines, deleting and typing again earn nothing,
and an improvement earns what of it has lasted. Nobody confirms words of their own. What belongs to
nobody (starter entries, imports, nobody has confirmed) stays with nobody.

A share says nothing of how much somebody has written; it is a part of a use, and without uses
by others it is a part of nothing (`kbtui.team.worth`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kbtui.entry.model import Person
from kbtui.entry.text import counted
from kbtui.team.credit import Step, credit_of

ASKED, WORDS, CONFIRMED = Fraction(1, 10), Fraction(8, 10), Fraction(1, 10)

_BRINGS_NO_WORDS = frozenset(("start", "import", "undo", "archive", "restore", "salvage"))
"""Actions by which words come into a file that are not the words of who did it."""

_HEADER = re.compile(r"\A\ufeff?---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)
_LINKS = re.compile(r"^#{1,6} see also\s*$", re.MULTILINE | re.IGNORECASE)
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
"""A word, or one sign of a script that puts no spaces between words."""


@dataclass(frozen=True, slots=True)
class Version:
    """An entry's file after one step.

    Attributes:
        commit: the commit that has it.
        source: the whole file.
    """

    step: Step
    commit: str
    source: str


@dataclass(frozen=True, slots=True)
class Share:
    """What one person has of every use of an entry.

    Attributes:
        part: "asked", "answered", "improved" or "confirmed".
        share: between 0 and 1.
        because: what it comes from, in words.
        commits: where that can be seen.
    """

    person: Person
    part: str
    share: Fraction
    because: str
    commits: tuple[str, ...]


def words_of(source: str) -> Counter[str]:
    """Return the words of an entry's text, each with how often it is there; header, headings and links left out.

    Case, punctuation and Unicode form do not count.
    """
    text = _HEADER.sub("", source.replace("\r\n", "\n"), count=1)
    text = _HEADING.sub("", _LINKS.split(text, maxsplit=1)[0])
    return Counter(_WORD.findall(unicodedata.normalize("NFC", text).casefold()))


def shares_of(versions: Sequence[Version], now: str, asked_too: Iterable[Person] = ()) -> tuple[Share, ...]:
    """Return the shares of everybody behind an entry; none where it has no words: a question alone helps no call.

    Args:
        versions: the oldest first.
        now: the file as it stands in the history today.
        asked_too: who asked the questions that were joined into it.
    """
    standing = words_of(now)
    if not standing.total():
        return ()
    by_words = _by_words(versions, standing)
    own = {share.person.key: share.share / WORDS for share in by_words}
    return (*_of_askers(versions, asked_too), *by_words, *_of_confirmers(versions, own))


def _of_askers(versions: Sequence[Version], asked_too: Iterable[Person]) -> Iterable[Share]:
    asked = (*credit_of([each.step for each in versions]).asked, *asked_too)
    askers = {person.key: person for person in reversed(asked)}
    first = tuple(each.commit for each in versions[:1])
    for key in dict.fromkeys(person.key for person in asked):
        yield Share(askers[key], "asked", ASKED / len(askers), "asked it", first)


def _by_words(versions: Sequence[Version], standing: Counter[str]) -> list[Share]:
    """Return the shares by words that stand there today, in the order in which people came."""
    answered = {person.key for person in credit_of([each.step for each in versions]).answered}
    brought = _brought(versions, standing)
    people: dict[str, Person] = {}
    words: dict[str, Fraction] = {}
    commits: dict[str, list[str]] = {}
    for place, number in brought.items():
        step = versions[place].step
        authors = {each.key: each for each in (step.person, *step.with_people)}
        for key, person in authors.items():
            people.setdefault(key, person)
            words[key] = words.get(key, Fraction(0)) + Fraction(number, len(authors))
            commits.setdefault(key, []).append(versions[place].commit)
    total = standing.total()
    return [
        Share(
            person,
            "answered" if key in answered else "improved",
            WORDS * words[key] / total,
            f"{_number(words[key])} of {counted(total, 'word that stands', 'words that stand')} there",
            tuple(dict.fromkeys(commits[key])),
        )
        for key, person in people.items()
    ]


def _brought(versions: Sequence[Version], standing: Counter[str]) -> Mapping[int, int]:
    """Return how many of the words that stand today each version brought first, by its place; none for nobody's."""
    owners: dict[str, list[int]] = {}
    for place, version in enumerate(versions):
        for word, number in words_of(version.source).items():
            of_word = owners.setdefault(word, [])
            of_word += [place] * (number - len(of_word))
    found: dict[int, int] = {}
    for word, number in standing.items():
        for place in owners.get(word, ())[:number]:
            if versions[place].step.action not in _BRINGS_NO_WORDS:
                found[place] = found.get(place, 0) + 1
    return dict(sorted(found.items()))


def _of_confirmers(versions: Sequence[Version], own: Mapping[str, Fraction]) -> Iterable[Share]:
    """Yield the shares of those who confirmed what stands there, each less by what of it is their own."""
    confirmed: dict[str, tuple[Person, str]] = {}
    for each in versions[_last_change(versions) :]:
        step = each.step
        doing = (step.person, *step.with_people) if step.action == "confirm" else ()
        for person in (*step.confirmed_by, *doing):
            confirmed.setdefault(person.key, (person, each.commit))
    for key, (person, commit) in confirmed.items():
        share = CONFIRMED / len(confirmed) * (1 - own.get(key, Fraction(0)))
        if share:
            yield Share(person, "confirmed", share, "confirmed the words that stand there", (commit,))


def _last_change(versions: Sequence[Version]) -> int:
    """Return the place of the version that was the last to change a word."""
    words = [words_of(each.source) for each in versions]
    return max((place for place in range(1, len(words)) if words[place] != words[place - 1]), default=0)


def _number(words: Fraction) -> str:
    return str(int(words)) if words.denominator == 1 else f"{float(words):.1f}"
