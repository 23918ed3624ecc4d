"""Golden credits over scripted histories, and what tricks come to; with real git, real events, no hook (F37-F41)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kbtui.entry.event import Event, file_of
from kbtui.entry.model import EntryChange, Person
from kbtui.knowledge import Knowledge
from kbtui.open import OpenBase
from kbtui.paths import places
from kbtui.store.events import EventFiles
from tests.events import NOON, event
from tests.git.saves import NEW
from tests.helpers import ANA, BEN, LEAD, PASSWORD, environment, git, write_files

CLEO = Person("Cleo Diaz", "cleo@example.com")
CLEO_BEFORE = Person("cdiaz", "cleo@old.example")
DAN = Person("Dan Mbeki", "dan@example.com")
ANSWER = "Yes, ask for the list of parts at our desk.\n"
BETTER = f"{ANSWER}\nBring the number below the box.\n"


@contextmanager
def opened_by(base: Path, person: Person, now: dt.datetime = NOON) -> Iterator[Knowledge]:
    """Open a base as somebody, at a time."""
    env = environment({"KBTUI_PERSON": str(person)})
    with closing(Knowledge(OpenBase(base, env, places(env), clock=lambda: now))) as knowledge:
        knowledge.refresh()
        yield knowledge


def note(base: Path, events: Iterable[Event]) -> None:
    """Bring events into the history, each into its person's file, as kbtui on their computers does."""
    files: dict[str, list[str]] = {}
    for each in events:
        files.setdefault(file_of(each, "machine2"), []).append(each.line)
    for path, lines in files.items():
        EventFiles(base).append(path, lines)
    git(base, "add", "events")
    git(base, "commit", "-qm", "events")


def source(answer: str) -> str:
    return f"---\nid: newone22\nstate: not-validated\n---\n# Do you sell spare parts?\n\n{answer}"


def commit(
    base: Path, answer: str, message: str, by: Person, path: str = NEW, env: Mapping[str, str] | None = None
) -> None:
    """Commit an entry's file with plain git."""
    write_files(base, {path: source(answer)})
    git(base, "add", path)
    git(base, "commit", "-qm", message, by=by, env=env)


def team(base: Path) -> None:
    """Write a history: Ana asks, Ben answers, Cleo improves it under an old address, by a clock two years ahead."""
    git(base, "config", "receive.denyCurrentBranch", "updateInstead")
    commit(base, "", "a\n\nKb-Action: ask\nKb-Save-Id: one", ANA)
    commit(base, ANSWER, "b\n\nKb-Action: answer\nKb-Save-Id: two", BEN)
    skewed = {"GIT_AUTHOR_DATE": "2028-11-02T12:00:00Z", "GIT_COMMITTER_DATE": "2028-11-02T12:00:00Z"}
    commit(base, BETTER, "c\n\nKb-Action: edit\nKb-Save-Id: three", CLEO_BEFORE, env=skewed)
    write_files(base, {".mailmap": f"{CLEO} <{CLEO_BEFORE.email}>\n"})
    git(base, "add", ".mailmap")
    git(base, "commit", "-qm", "people", env={"GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"})
    commit(base, f"{BETTER}\n", f"d\n\nReviewed-by: {LEAD}", DAN)


GOLDEN = [
    "0.1000 Ana Kovacs asked it",
    "0.5000 Ben Okoro 10 of 16 words that stand there",
    "0.3000 Cleo Diaz 6 of 16 words that stand there",
    "0.1000 Lena Lead confirmed the words that stand there",
]
"""Blank lines are no words of Dan's."""


def shares(base: Path) -> list[str]:
    with opened_by(base, ANA) as knowledge:
        found = knowledge.shares([NEW])["newone22"]
    return [f"{float(each.share):.4f} {each.person.name} {each.because}" for each in found]


def rewrite(base: Path, way: str) -> None:
    later = {"GIT_COMMITTER_DATE": "2031-01-01T00:00:00Z"}
    if way == "rebase":
        git(base, "rebase", "-q", "--force-rebase", "HEAD~5", by=LEAD, env=later)
    elif way == "move":
        (base / "elsewhere").mkdir()
        git(base, "mv", NEW, "elsewhere/parts.md")
        git(base, "commit", "-qm", "tidy", by=LEAD)
        git(base, "mv", "elsewhere/parts.md", NEW)
        git(base, "commit", "-qm", "back", by=LEAD)
    elif way == "cherry-pick":
        git(base, "checkout", "-q", "-b", "side", "HEAD~5")
        write_files(base, {PASSWORD: (base / PASSWORD).read_text() + "\nMore.\n"})
        git(base, "commit", "-qam", "other", by=LEAD)
        git(base, "cherry-pick", "HEAD..main", by=LEAD, env=later)
        git(base, "checkout", "-q", "main")
        git(base, "merge", "-q", "--no-edit", "side", by=LEAD)


@pytest.mark.parametrize("way", ["as it was", "rebase", "move", "cherry-pick"])
def test_golden_shares_of_a_history_and_of_what_git_makes_of_it(base: Path, tmp_path: Path, way: str) -> None:
    """FAULTS 57, 66, S16, S17: no clock, no rewriting, no clone changes whose words stand there."""
    team(base)
    rewrite(base, way)
    assert shares(base) == GOLDEN
    git(tmp_path, "clone", "-q", str(base), "clone")
    assert shares(tmp_path / "clone") == GOLDEN


def test_golden_shares_after_a_squash(base: Path) -> None:
    """Who squashes is the author of all of it; what the trailers say stays."""
    team(base)
    git(base, "reset", "-q", "--soft", "HEAD~5")
    git(base, "commit", "-qm", f"all\n\nKb-Action: ask\nKb-Save-Id: one\nKb-Action: answer\nKb-Save-Id: two\n"
        f"Co-authored-by: {BEN}\nReviewed-by: {LEAD}", by=CLEO)  # fmt: skip
    assert shares(base) == [
        "0.0500 Cleo Diaz asked it",
        "0.0500 Ben Okoro asked it",
        "0.4000 Cleo Diaz 8 of 16 words that stand there",
        "0.4000 Ben Okoro 8 of 16 words that stand there",
        "0.1000 Lena Lead confirmed the words that stand there",
    ]


def test_a_use_under_an_old_address_is_ones_own(base: Path) -> None:
    """FAULTS S17: `.mailmap` tells who used an entry, too."""
    team(base)
    note(base, [event("u1", by=CLEO_BEFORE, entry="newone22"), event("u2", by=DAN, entry="newone22")])
    with opened_by(base, CLEO) as knowledge:
        assert knowledge.helped() == 1
        assert knowledge.own_worth() == (0, 0), "one colleague is not two"
    note(base, [event("u3", by=ANA, entry="newone22")])
    with opened_by(base, CLEO) as knowledge:
        assert knowledge.own_worth() == (0.6, 0.6)


def test_what_a_clock_ahead_puts_into_times_to_come_counts_later(base: Path) -> None:
    """FAULTS 57."""
    team(base)
    later = NOON + dt.timedelta(days=400)
    note(base, [event(f"u{n}", by=by, entry="newone22", at=later) for n, by in enumerate((ANA, DAN))])
    with opened_by(base, BEN) as knowledge:
        assert (knowledge.helped(), knowledge.own_worth()) == (0, (0, 0))
    with opened_by(base, BEN, later) as knowledge:
        assert knowledge.helped() == 2


# Tricks


def stubs(base: Path, person: Person, number: int = 100) -> list[str]:
    """Have somebody write many entries that say nothing, and return their ids."""
    name = person.name.split()[0].lower()
    ids = [f"{name}{n:03d}x" for n in range(number)]
    write_files(base, {f"stubs/{each}.md": f"---\nid: {each}\n---\n# Why {each}?\n\nBecause.\n" for each in ids})
    git(base, "add", "stubs")
    git(base, "commit", "-qm", "stubs", by=person)
    return ids


def all_day(by: Person, entries: list[str], name: str) -> list[Event]:
    return [event(f"{name}{n}", by=by, entry=each) for n, each in enumerate(entries * 5)]


def ever(base: Path, person: Person) -> float:
    with opened_by(base, person) as knowledge:
        return knowledge.own_worth()[1]


def honest(base: Path) -> None:
    """Let four colleagues use Ben's one good answer twice each."""
    team(base)
    people = (ANA, CLEO, DAN, LEAD)
    note(base, [event(f"h{n}{times}", by=by, entry="newone22") for n, by in enumerate(people) for times in range(2)])


def test_a_hundred_stubs_and_using_them_oneself_come_to_nothing(base: Path) -> None:
    honest(base)
    note(base, all_day(DAN, stubs(base, DAN), "d"))
    assert ever(base, DAN) == 0
    assert ever(base, BEN) == 8 * 0.5


def test_two_friends_who_use_each_others_stubs_all_day_come_to_nothing(base: Path) -> None:
    honest(base)
    of_dan, of_ana = stubs(base, DAN), stubs(base, ANA)
    before = ever(base, ANA)
    note(base, [*all_day(ANA, of_dan, "a"), *all_day(DAN, of_ana, "d")])
    assert ever(base, DAN) == 0
    assert ever(base, ANA) == before


def test_a_ring_of_three_ends_at_ten_each_in_a_week(base: Path) -> None:
    """What cannot be told from work in one team of three is bounded: 500 keys a day come to what ten uses do."""
    entries = {person: stubs(base, person, 40) for person in (ANA, CLEO, DAN)}
    pressed = [
        each
        for by in entries
        for of, ids in entries.items()
        if of is not by
        for each in all_day(by, ids, f"{by.name[:1]}{of.name[:1]}".lower())
    ]
    note(base, pressed)
    assert ever(base, DAN) == 20, "of 400 uses"


def test_a_comma_in_a_popular_entry_earns_nothing(base: Path) -> None:
    honest(base)
    before = ever(base, BEN)
    for sign in (",", ";", "!"):
        commit(base, BETTER.replace(",", sign).replace(".", sign), "style", DAN)
    assert ever(base, DAN) == 0
    with opened_by(base, DAN) as knowledge:
        assert knowledge.helped() == 0
    assert ever(base, BEN) == before


def test_moving_the_words_of_others_into_ones_own_entry_earns_no_use_of_theirs(base: Path) -> None:
    """A copy is an entry of its own: it lives from its own uses."""
    honest(base)
    before = ever(base, BEN)
    write_files(base, {"copy.md": source(BETTER).replace("newone22", "copied22")})
    git(base, "add", "copy.md")
    git(base, "commit", "-qm", "copy", by=DAN)
    assert (ever(base, DAN), ever(base, BEN)) == (0, before)


def test_confirming_a_hundred_entries_earns_a_tenth_of_what_others_use(base: Path) -> None:
    honest(base)
    with opened_by(base, DAN) as knowledge:
        entry, known = knowledge.opened("newone22")
        knowledge.change(entry.path, EntryChange(tags=("parts",)), known)
        knowledge.validate("newone22")
        others = 6  # of eight uses, two are Dan's own
        assert knowledge.own_worth()[1] == pytest.approx(others * 0.1 / 2, abs=0.01), "Lena has confirmed it, too"
