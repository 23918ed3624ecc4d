"""The guard over a whole entry: what may be saved, what to say where it may not, and what to mask (F18)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kbtui.entry import file_format, guard
from kbtui.entry.alarm import Alarm, Consent, Verdict, as_trailer
from kbtui.entry.guard_rules import GuardRules
from kbtui.entry.model import Entry, NewEntry
from kbtui.errors import PersonalDataError

_FILE = "the file"
_NAME = "the name of its file"
_MANY = ("the words searched", "the words", "the caller's words")
_ONE_LINE = (*_MANY, "the question", "the owner", _NAME, "the reason", "the ticket")
_SAID_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Sighting:
    """An alarm, and where it was raised: the field, the line in it, and the characters themselves."""

    alarm: Alarm
    field: str
    line: int
    said: str

    @property
    def where(self) -> str:
        """The place as a person reads it."""
        return self.field if self.field in _ONE_LINE else f"{self.field}, line {self.line}"

    @property
    def words(self) -> str:
        """What it looks like; of a card number, the digits that may be shown."""
        shown = f" ({self.alarm.masked})" if self.alarm.verdict is Verdict.REFUSED else ""
        return f"{self.alarm.words}{shown}"


def sightings(fields: Mapping[str, str], rules: GuardRules) -> list[Sighting]:
    """Return what the guard finds in the fields of a form, by their names."""
    return [
        Sighting(each, name, each.line(text), text[each.start : each.end])
        for name, text in fields.items()
        for each in guard.alarms(text, rules)
    ]


def fields_of(entry: Entry | NewEntry) -> dict[str, str]:
    """Return the words of an entry by the names a person knows them under."""
    return {
        "the question": entry.question,
        "the answer": entry.answer,
        "the internal notes": entry.internal,
        "“also asked as”": "\n".join(entry.asked_as),
        "the tags": "\n".join(entry.tags),
        "the owner": entry.owner,
    }


def require_fit(path: str, content: bytes, opened: bytes | None, rules: GuardRules, consent: Consent) -> str:
    """Return what is to be recorded of a save: the kinds of data that somebody let stay.

    Args:
        path: where the entry is kept.
        content: the file to be saved.
        opened: the file as it was before; what it held already is not asked about again, cards excepted.

    Raises:
        PersonalDataError: there is a card number, or something else that may not stay unasked.
    """
    found = _in_file(path, content, rules)
    if opened is None:
        known = {_bare(each.said) for each in found}
        found += [each for each in _in_name(path, rules) if _bare(each.said) not in known]
    _refuse_cards(found)
    new = _not_in(found, path, opened, rules)
    _require_asked(new, consent)
    return as_trailer(guard.kinds(each.alarm for each in new))


def require_fit_words(fields: Mapping[str, str], rules: GuardRules, consent: Consent) -> tuple[dict[str, str], str]:
    """Return the single lines of an event as they may be kept, and the kinds of data that somebody let stay.

    Args:
        fields: by the name a person knows them under.

    Raises:
        PersonalDataError: there is a card number, or something else that may not stay unasked.
    """
    fit = {name: _masked(text, rules, consent) if consent.mask else text for name, text in fields.items()}
    found = sightings(fit, rules)
    _refuse_cards(found)
    _require_asked(found, consent)
    return fit, as_trailer(guard.kinds(each.alarm for each in found))


def _refuse_cards(found: Iterable[Sighting]) -> None:
    if cards := [each for each in found if each.alarm.verdict is Verdict.REFUSED]:
        raise PersonalDataError(
            f"Not saved: {sentence(cards)}.", "Leave it out, or mask it: the first six and last four digits stay."
        )


def _require_asked(found: Iterable[Sighting], consent: Consent) -> None:
    if unasked := [each for each in found if each.alarm.kind not in consent.allowed]:
        hint = "An entry holds nothing about one customer: leave it out, mask it, or say that it may stay."
        raise PersonalDataError(f"Not saved: {sentence(unasked)}.", hint, can_stay=True)


def in_form(fields: Mapping[str, str], path: str, opened: bytes, rules: GuardRules) -> list[Sighting]:
    """Return what the guard finds in the fields of a form.

    Args:
        path: the entry that is being changed, and `opened`, its file: what it held already is left out, cards excepted.
    """
    found = sightings(fields, rules)
    cards = [each for each in found if each.alarm.verdict is Verdict.REFUSED]
    return cards or _not_in(found, path, opened if path else None, rules)


def _not_in(found: list[Sighting], path: str, opened: bytes | None, rules: GuardRules) -> list[Sighting]:
    """Return what an earlier version of the file did not hold."""
    before = {_bare(each.said) for each in _in_file(path, opened, rules)} if found and opened else set()
    return [each for each in found if _bare(each.said) not in before]


def sentence(found: Iterable[Sighting]) -> str:
    """Say what was found and where, as the end of a sentence."""
    places: dict[str, list[str]] = {}
    for each in found:
        words = places.setdefault(each.where, [])
        words += [each.words] if each.words not in words else []
    said = [
        f"{where}{',' * (',' in where)} {'hold' if where in _MANY else 'holds'} what looks like {' and '.join(words)}"
        for where, words in places.items()
    ]
    more = f"; and {len(said) - _SAID_AT_MOST} more places do" if len(said) > _SAID_AT_MOST else ""
    return f"{'; '.join(said[:_SAID_AT_MOST])}{more}"


def _in_file(path: str, content: bytes, rules: GuardRules) -> list[Sighting]:
    """Return what stands in the fields of an entry, then what else stands in its file."""
    found = sightings(fields_of(file_format.read(path, content)), rules)
    known = {_bare(each.said) for each in found}
    others = sightings({_FILE: content.decode("utf-8", "surrogateescape")}, rules)
    return found + [each for each in others if _bare(each.said) not in known]


def _in_name(path: str, rules: GuardRules) -> list[Sighting]:
    """Return the card numbers in the name that a new entry's file would get."""
    return [Sighting(each, _NAME, 1, path[each.start : each.end]) for each in guard.card_numbers(path, rules)]


def _bare(said: str) -> str:
    return "".join(filter(str.isalnum, said)).casefold()


def masked_question(words: NewEntry, rules: GuardRules, consent: Consent) -> NewEntry:
    """Return a new entry with its question and folder masked if that is wished: the file is named after them."""
    if not consent.mask:
        return words
    question, topic = (_masked(text, rules, consent) for text in (words.question, words.topic))
    return replace(words, question=question, topic=topic)


def masked_file(content: bytes, rules: GuardRules, consent: Consent) -> bytes:
    """Return a file with what may not stay in it masked, if that is wished."""
    if not consent.mask:
        return content
    return _masked(content.decode("utf-8", "surrogateescape"), rules, consent).encode("utf-8", "surrogateescape")


def _masked(text: str, rules: GuardRules, consent: Consent) -> str:
    return guard.masked(text, [each for each in guard.alarms(text, rules) if each.kind not in consent.allowed])
