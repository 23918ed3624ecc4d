"""The facade: each thing a person does, from the words to what everybody finds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kbtui import freshness
from kbtui.entry.model import EntryChange, NewEntry, Person, Severity, State
from kbtui.errors import GitTroubleError, NoPersonError, NoSuchEntryError, RefusedError
from kbtui.git import saver
from kbtui.git.commits import Commits
from kbtui.git.saver import BaseLock
from kbtui.knowledge import Knowledge
from kbtui.open import OpenBase
from kbtui.paths import places
from tests.helpers import (
    ANA,
    ARCHIVED,
    BEN,
    ERROR_CODE,
    LEAD,
    OPEN_QUESTION,
    PASSWORD,
    REFUND,
    commits,
    environment,
    found,
    git,
    harmless,
    in_head,
    journal_of,
    opened,
    parts_of,
    status,
    write_files,
)


def test_from_a_question_nobody_can_answer_to_one_everybody_can(knowledge: Knowledge, base: Path) -> None:
    """The main job: search, find nothing, ask; a colleague answers; everybody finds it, and knows whose words it is."""
    assert found(knowledge, "spare parts") == []
    asked = knowledge.ask("Do you sell spare parts?")
    assert (asked.words, asked.is_committed, asked.entry.state) == ("Saved", True, State.OPEN)
    assert found(knowledge, "spare parts") == [asked.entry.path]
    with opened(base, {"KBTUI_PERSON": str(BEN)}) as bens:
        answered = bens.answer(asked.entry.id, "Yes, ask for the list.", internal="In Admin, Parts.")
        assert answered.entry.state is State.NOT_VALIDATED
    entry = knowledge.get(asked.entry.id)
    assert (entry.answer, entry.internal) == ("Yes, ask for the list.", "In Admin, Parts.")
    assert found(knowledge, "ask for the list")[0] == entry.path
    with opened(base, {"KBTUI_PERSON": str(LEAD)}) as leads:
        assert leads.validate(entry.id).entry.state is State.VALIDATED
    assert knowledge.get(entry.id).state is State.VALIDATED
    _, steps = knowledge.history(entry.id)
    assert [(step.person, step.action) for step in steps] == [(ANA, "ask"), (BEN, "answer"), (LEAD, "confirm")]
    _, credit = knowledge.credit(entry.id)
    assert (credit.asked, credit.answered, credit.confirmed) == ((ANA,), (BEN,), (LEAD,))
    assert status(base) == ""


def test_a_new_entry_with_everything(knowledge: Knowledge, base: Path) -> None:
    words = NewEntry(
        "Do you sell parts?", "Yes.", "See Admin.", ("parts", "orders"), ("got any bits",), "Mateo", topic="Orders & co"
    )
    saved = knowledge.new(words)
    assert saved.entry.path.startswith("orders-and-co/do-you-sell-parts-")
    again = knowledge.get(saved.entry.id)
    assert (again.question, again.answer, again.internal) == ("Do you sell parts?", "Yes.", "See Admin.")
    assert (again.tags, again.asked_as, again.owner) == (("parts", "orders"), ("got any bits",), "Mateo")
    assert found(knowledge, "got any bits")[0] == saved.entry.path
    assert in_head(base, saved.entry.path) == (base / saved.entry.path).read_bytes()


# Names


@pytest.mark.parametrize("name", ["refund22", "refund", "ref", REFUND, f" {REFUND} "])
def test_an_entry_goes_by_its_id_the_beginning_of_it_and_its_path(knowledge: Knowledge, name: str) -> None:
    assert knowledge.get(name).path == REFUND


@pytest.mark.parametrize("name", ["nothing2", "re", "", "*", "%", "../kb.toml", "refunds", "nothing.md"])
def test_a_name_that_fits_nothing(knowledge: Knowledge, name: str) -> None:
    with pytest.raises(NoSuchEntryError):
        knowledge.get(name)


@pytest.mark.parametrize("name", ["../../etc/passwd.md", "/etc/x.md", "a\0.md", "\udcff", "\udcff.md"])
def test_a_hostile_name_is_refused_with_a_sentence(knowledge: Knowledge, name: str) -> None:
    """FAULTS 74: https://github.com/Linbreux/wikmd/issues/80."""
    with pytest.raises((NoSuchEntryError, RefusedError)) as caught:
        knowledge.get(name)
    assert caught.value.hint


def test_a_name_that_fits_several_names_them(knowledge: Knowledge, base: Path) -> None:
    write_files(base, {"x.md": "---\nid: refund33\n---\n# X\n", "y.md": "---\nid: refund22\n---\n# Y\n"})
    knowledge.refresh()
    with pytest.raises(NoSuchEntryError, match="2 entries are called 'refund22'") as caught:
        knowledge.get("refund22")
    assert REFUND in caught.value.message
    with pytest.raises(NoSuchEntryError, match="3 entries"):
        knowledge.get("refund")
    assert knowledge.get("y.md").question == "Y"


def test_an_entry_that_is_not_indexed_yet_goes_by_its_path(knowledge: Knowledge, base: Path) -> None:
    write_files(base, {"just/now.md": "# Just now\n"})
    assert knowledge.get("just/now.md").question == "Just now"


# Lists


def test_lists_and_their_filters(base: Path) -> None:
    write_files(
        base,
        {
            "a.md": "---\ncheck_by: 2026-11-30\nowner: Ana Kovacs\ntags: [Refunds]\n---\n# A?\n\nx\n",
            "b.md": "---\ncheck_by: 2026-12-01\n---\n# B?\n\nx\n",
        },
    )
    env = environment()
    today = dt.datetime(2026, 11, 30, 23, tzinfo=dt.UTC)
    parts = OpenBase(base, env, places(env), clock=lambda: today)
    knowledge = Knowledge(parts)
    knowledge.refresh()

    def paths(**filters: object) -> list[str]:
        return [card.path for card in knowledge.cards(**filters)]  # type: ignore[arg-type]

    everything = sorted([REFUND, PASSWORD, ERROR_CODE, OPEN_QUESTION, ARCHIVED, "a.md", "b.md"])
    assert paths() == everything
    assert paths(state=State.OPEN) == [OPEN_QUESTION]
    assert paths(state=State.ARCHIVED) == [ARCHIVED]
    assert paths(tag="REFUNDS") == ["a.md", REFUND]
    assert paths(owner="mateo") == [REFUND]
    assert paths(due=True) == ["a.md"]
    assert paths(tag="refunds", owner="ana", due=True, state=State.NOT_VALIDATED) == ["a.md"]
    assert paths(tag="no") == []
    parts.index.close()


# Improving


def test_only_what_was_changed_differs(knowledge: Knowledge, base: Path) -> None:
    before = (base / REFUND).read_text()
    entry, known = knowledge.opened("refund22")
    knowledge.change(entry.path, EntryChange(owner="Priya Nair"), known)
    assert (base / REFUND).read_text() == before.replace("Mateo Ruiz", "Priya Nair")


def test_a_change_that_changes_nothing_makes_no_commit(knowledge: Knowledge, base: Path) -> None:
    """FAULTS S1: https://github.com/Kiln-AI/Kiln/tree/main/app/desktop/git_sync/integration_tests."""
    before = commits(base)
    entry, known = knowledge.opened("refund22")
    saved = knowledge.change(entry.path, EntryChange(owner="Mateo Ruiz"), known)
    assert (saved.words, saved.is_committed) == ("Nothing changed", True)
    assert knowledge.change_source(entry.path, known, known).words == "Nothing changed"
    assert commits(base) == before


def test_states_follow_from_what_was_done(knowledge: Knowledge) -> None:
    """F29: an answer makes an open question not validated; taking it away makes it open again."""
    entry, known = knowledge.opened("openqu22")
    assert knowledge.change(entry.path, EntryChange(answer="Yes."), known).entry.state is State.NOT_VALIDATED
    entry, known = knowledge.opened("openqu22")
    assert knowledge.change(entry.path, EntryChange(answer=""), known).entry.state is State.OPEN
    entry, known = knowledge.opened("openqu22")
    assert knowledge.change(entry.path, EntryChange(tags=("x",)), known).entry.state is State.OPEN


def test_an_approval_holds_for_the_exact_words(knowledge: Knowledge, base: Path) -> None:
    """FAULTS 70, F36: also when the words are changed with plain git."""
    assert knowledge.validate("refund22").entry.state is State.VALIDATED
    write_files(base, {REFUND: (base / REFUND).read_text().replace("Five working days", "Fifty working days")})
    git(base, "commit", "-qam", "by hand")
    knowledge.refresh()
    assert knowledge.get("refund22").state is State.NOT_VALIDATED
    assert [card.state for card in knowledge.cards() if card.path == REFUND] == [State.NOT_VALIDATED]


def test_two_versions_of_the_same_words_are_both_found(knowledge: Knowledge, base: Path) -> None:
    """FAULTS 41: one stays, the other is whole in a variant, and search finds both."""
    entry, known = knowledge.opened("refund22")
    knowledge.change(entry.path, EntryChange(answer="Ten elephants."), known)
    with opened(base, {"KBTUI_PERSON": str(BEN)}) as bens:
        saved = bens.change(entry.path, EntryChange(answer="Three giraffes."), known)
    assert saved.words == "Saved. Two versions kept, a lead will choose"
    assert saved.entry.answer == "Ten elephants."
    assert found(knowledge, "elephants") == [REFUND]
    assert found(knowledge, "giraffes") == [saved.variant]
    card = next(card for card in knowledge.cards() if card.path == saved.variant)
    assert card.variant_of == REFUND
    assert knowledge.get(saved.variant).answer == "Three giraffes."
    assert knowledge.get("refund22").path == REFUND, "the variant has taken the entry's name"


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (lambda k: k.ask("  \n "), "needs a question"),
        (lambda k: k.new(NewEntry("", "an answer")), "needs a question"),
        (lambda k: k.answer("openqu22", " \n"), "empty"),
        (lambda k: k.answer("refund22", "Yes."), "has an answer already"),
        (lambda k: k.validate("openqu22"), "no answer to confirm"),
        (lambda k: k.change_source(REFUND, b" \n", b"x"), "empty"),
        (lambda k: k.change_source(REFUND, b"x" * 1_048_577, b"x"), "larger than 1 MiB"),
        (lambda k: k.change("../x.md", EntryChange(answer="x"), b"# x\n"), "no path of an entry"),
        (lambda k: k.change_source("/etc/x.md", b"# x\n", b"# y\n"), "no path of an entry"),
    ],
)
def test_what_cannot_be_saved_is_refused_and_changes_nothing(
    knowledge: Knowledge, base: Path, use: object, words: str
) -> None:
    before = commits(base)
    with pytest.raises(RefusedError, match=words) as caught:
        use(knowledge)  # type: ignore[operator]
    assert caught.value.hint
    assert (commits(base), status(base), journal_of(base).pending()) == (before, "", [])


def test_a_refused_save_does_not_stop_the_next_one(knowledge: Knowledge) -> None:
    """What can never be written must not be called saved, nor stand before everything that comes after it."""
    with pytest.raises(RefusedError):
        knowledge.change("../x.md", EntryChange(answer="x"), b"# x\n")
    assert knowledge.ask("Do you sell spare parts?").is_committed


def test_nobody_s_words_are_not_saved(base: Path) -> None:
    """FAULTS 58: nothing fails silently, https://github.com/tpope/vim-fugitive/issues/113."""
    with opened(base) as knowledge, pytest.raises(NoPersonError, match="does not know your name"):
        knowledge.ask("Who am I?")
    assert journal_of(base).pending() == []
    assert status(base) == ""


@pytest.mark.parametrize(
    "title",
    [
        'Refund: how long? "5/7" days… <*|>',
        "ü" * 240,
        "😀 💥",
        "CON",
        "..",
        ".git",
        "-rf",
        "a. ",
        "../../etc/passwd",
        "x\x1b]52;c;aGk=\x07y \u202e z",
        "[/] - [x] done [@click=app.bell]x",
    ],
)
def test_any_title_has_a_file_name_legal_everywhere(knowledge: Knowledge, base: Path, title: str) -> None:
    """FAULTS 52, 53, 72, 74: https://github.com/obsidian-tasks-group/obsidian-tasks/issues/2335."""
    saved = knowledge.ask(title)
    folder, name = saved.entry.path.split("/")
    assert folder == "questions"
    assert name.isascii()
    assert len(name) <= 60 + len("-abcdefgh.md")
    assert not set(name) & set('<>:"/\\|?*\0 ')
    assert not name.startswith((".", "-"))
    assert harmless(saved.entry.question)
    assert saved.entry.path in found(knowledge, title) or not any(map(str.isalnum, title))
    assert status(base) == ""


def test_titles_that_differ_in_case_only_have_names_that_differ_in_more(knowledge: Knowledge) -> None:
    """FAULTS 54: https://github.com/patriciogonzalezvivo/glslViewer/issues/389."""
    one, other = (knowledge.ask(title).entry.path for title in ("Refund", "refund"))
    assert one.casefold() != other.casefold()


# Keeping up to date


def test_what_was_done_outside_is_found_after_a_refresh(knowledge: Knowledge, base: Path) -> None:
    """DESIGN 4: files are the truth."""
    write_files(base, {"new.md": "# A zebra?\n", PASSWORD: "# A giraffe?\n"})
    (base / REFUND).unlink()
    refreshed = knowledge.refresh()
    assert (refreshed.total, refreshed.changed, refreshed.gone) == (5, 2, 1)
    assert found(knowledge, "zebra") == ["new.md"]
    assert found(knowledge, "giraffe") == [PASSWORD]
    assert REFUND not in found(knowledge, "refund")
    again = knowledge.refresh()
    assert (again.total, again.changed, again.gone) == (5, 0, 0)


def test_many_changes_at_once_are_a_rebuild(knowledge: Knowledge, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "_REBUILD_ABOVE", 2)
    write_files(base, {f"n{number}.md": f"# Zebra {number}\n" for number in range(5)})
    told: list[tuple[int, int]] = []
    assert knowledge.refresh(lambda done, of: told.append((done, of))).changed == 5
    assert len(found(knowledge, "zebra")) == 5
    assert len(knowledge.cards()) == 10


def test_an_entry_that_does_not_parse_is_shown_searched_and_reported(knowledge: Knowledge, base: Path) -> None:
    """FAULTS 49: https://github.com/prose/prose/issues/597."""
    broken = b"---\nid: x\ntags: [zebra\n# The zebra question\n\nStripes \xff\n"
    write_files(base, {"broken.md": broken})
    knowledge.refresh()
    assert found(knowledge, "zebra stripes") == ["broken.md"]
    entry = knowledge.get("broken.md")
    assert not entry.readable
    assert "Stripes" in entry.answer
    errors = [finding for finding in knowledge.check() if finding.severity is Severity.ERROR]
    assert [(each.path, each.line) for each in errors] == [("broken.md", 1)]
    assert (base / "broken.md").read_bytes() == broken
    with pytest.raises(RefusedError, match="does not parse"):
        knowledge.change("broken.md", EntryChange(owner="x"), broken)
    mended = broken.replace(b"[zebra\n", b"[zebra]\n---\n").replace(b"\xff", b"")
    assert knowledge.change_source("broken.md", mended, broken).is_committed
    assert knowledge.get("broken.md").readable


def test_a_link_is_reported_and_never_searched(knowledge: Knowledge, base: Path, tmp_path: Path) -> None:
    """FAULTS 73: https://github.com/shiv-source/thoth/issues/38."""
    secret = tmp_path / "secret"
    secret.write_text("# zebra stripes\n")
    (base / "link.md").symlink_to(secret)
    assert [path for path, _ in knowledge.refresh().passed_over] == ["link.md"]
    assert found(knowledge, "zebra stripes") == []
    assert [finding.path for finding in knowledge.check()] == ["link.md"]
    with pytest.raises((RefusedError, NoSuchEntryError)):
        knowledge.get("link.md")


def test_entries_that_differ_in_the_case_of_their_name_are_both_found(knowledge: Knowledge, base: Path) -> None:
    """FAULTS 54."""
    write_files(base, {"Zebra.md": "# Zebra one\n"})
    if (base / "zebra.md").exists():
        pytest.skip("this disk does not tell upper case from lower case")
    write_files(base, {"zebra.md": "# Zebra two\n"})
    knowledge.refresh()
    assert sorted(found(knowledge, "zebra")) == ["Zebra.md", "zebra.md"]


def test_words_that_are_safe_are_not_said_to_have_failed(base: Path, person: Person) -> None:
    """A git that fails at its first call of a save: the words wait, and are not saved a second time by hand."""
    with opened(base) as knowledge, pytest.MonkeyPatch.context() as broken:
        broken.setattr(Commits, "sweep", _git_fails)
        saved = knowledge.ask("Do you sell spare parts?")
        assert (saved.words.startswith("Saved on this computer"), saved.is_committed) == (True, False)
    with opened(base) as later:
        assert later.recover() == 1
        assert found(later, "spare parts") == [saved.entry.path]


def _git_fails(_commits: Commits) -> None:
    raise GitTroubleError("git could not be started.")


def test_a_base_that_is_busy_keeps_the_words(base: Path, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 7: another kbtui holds the base; the words are safe, and found as soon as that is over."""
    monkeypatch.setattr(saver.BaseLock.__init__, "__defaults__", (0.2,))
    with opened(base) as knowledge:
        with BaseLock(parts_of(base).repository.own_folder / "lock"):
            saved = knowledge.ask("Do you sell spare parts?")
            assert (saved.is_committed, "Saved on this computer" in saved.words) == (False, True)
        assert knowledge.recover() == 1
        assert found(knowledge, "spare parts") == [saved.entry.path]


def test_a_save_that_waits_is_found_meanwhile(knowledge: Knowledge, base: Path) -> None:
    """FAULTS 16: visible to everybody here the moment it is saved."""
    git(base, "checkout", "-q", "--detach")
    saved = knowledge.ask("Do you sell spare parts?")
    assert saved.words == "Saved on this computer; waiting for a detached HEAD in this folder"
    assert found(knowledge, "spare parts") == [saved.entry.path]
    git(base, "checkout", "-q", "main")
    assert knowledge.recover() == 1
    assert status(base) == ""


def test_a_base_that_was_moved_still_gets_what_waited(base: Path, person: Person, tmp_path: Path) -> None:
    """Every acknowledged save is in HEAD, also where a lead gives the folder another name before it has got there."""
    git(base, "checkout", "-q", "--detach")
    with opened(base) as knowledge:
        saved = knowledge.ask("Do you sell spare parts?")
    assert not saved.is_committed
    git(base, "checkout", "-q", "main")
    moved = base.rename(tmp_path / "moved")
    with opened(moved) as knowledge:
        knowledge.recover()
    assert in_head(moved, saved.entry.path) is not None


def test_a_search_that_was_given_up(knowledge: Knowledge) -> None:
    assert knowledge.search("refund", cancelled=lambda: True) is None
    assert knowledge.search("refund") is not None


def test_a_base_without_an_index_yet(base: Path) -> None:
    parts = parts_of(base)
    knowledge = Knowledge(parts)
    assert knowledge.cards() == []
    assert found(knowledge, "refund")[0] == REFUND
    parts.index.close()


def test_check_names_what_should_be_mended(knowledge: Knowledge, base: Path) -> None:
    assert knowledge.check() == []
    write_files(base, {"a.md": "# A?\n\n[b](gone.md)\n", "b.md": "---\nstate: maybe\n---\n# B?\n"})
    assert [(each.path, each.severity) for each in knowledge.check()] == [
        ("a.md", Severity.NOTE),
        ("b.md", Severity.NOTE),
    ]
