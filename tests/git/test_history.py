"""What happened to an entry, as its commits tell it: each save once, by the people who made it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kbtui.entry.file_format import change
from kbtui.entry.model import EntryChange, Person
from kbtui.errors import GitTroubleError
from kbtui.git.history import Commit, of_entry
from tests.git.saves import NEW, NEW_WORDS, save
from tests.helpers import ANA, BEN, LEAD, REFUND, environment, git, harmless, repository_of, run_git, write_files


def _history(root: Path, path: str) -> list[Commit]:
    return of_entry(repository_of(root).layout, path, environment())


def _edit(base: Path, answer: str, person: Person = BEN, save_id: str = "bens") -> None:
    there = (base / REFUND).read_bytes()
    save(base, REFUND, change(there, EntryChange(answer=answer)), there, person=person, save_id=save_id)


def test_saves_are_told_the_oldest_first(base: Path) -> None:
    save(base, NEW, NEW_WORDS, action="new", save_id="one")
    newer = change(NEW_WORDS, EntryChange(answer="Yes."))
    save(base, NEW, newer, NEW_WORDS, action="edit", save_id="two", person=BEN)
    first, second = _history(base, NEW)
    assert (first.person, first.action, first.save_id) == (ANA, "new", "one")
    assert (second.person, second.action, second.save_id) == (BEN, "edit", "two")
    assert first.commit == git(base, "rev-parse", "HEAD~1")
    assert second.at >= first.at
    assert first.at.tzinfo is not None


def test_what_init_brought_in_is_told_as_such(base: Path) -> None:
    (first,) = _history(base, REFUND)
    assert first.action == "start"


def test_other_entries_and_a_branch_without_commits_have_no_part_in_it(base: Path, tmp_path: Path) -> None:
    save(base, NEW, NEW_WORDS)
    assert len(_history(base, REFUND)) == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "-q")
    assert _history(empty, "a.md") == []


def test_plain_git_is_told_too(base: Path) -> None:
    write_files(base, {REFUND: (base / REFUND).read_text() + "\nMore.\n"})
    git(base, "commit", "-qam", "better words")
    _, by_hand = _history(base, REFUND)
    assert (by_hand.person, by_hand.action, by_hand.save_id) == (LEAD, "", "")


def test_a_merge_is_nobody_s_work(base: Path) -> None:
    """FAULTS 67: https://github.com/authelia/authelia/pull/11612."""
    git(base, "checkout", "-q", "-b", "side")
    _edit(base, "Ten days.")
    git(base, "checkout", "-q", "main")
    there = (base / REFUND).read_text()
    write_files(base, {REFUND: there.replace("owner: Mateo Ruiz", "owner: Priya Nair")})
    git(base, "commit", "-qam", "owner", by=ANA)
    git(base, "merge", "-q", "-m", "merged", "side", by=LEAD)
    assert [commit.person for commit in _history(base, REFUND)][1:] in ([BEN, ANA], [ANA, BEN])


def _replace(base: Path, old: str, new: str, by: Person) -> None:
    """Commit a change of one line with plain git."""
    write_files(base, {REFUND: (base / REFUND).read_text().replace(old, new)})
    git(base, "commit", "-qam", new, by=by)


def test_a_save_that_was_cherry_picked_counts_once(base: Path) -> None:
    """FAULTS 66: https://git-scm.com/docs/githooks#_post_rewrite."""
    git(base, "checkout", "-q", "-b", "side")
    _edit(base, "Ten days.")
    git(base, "checkout", "-q", "main")
    git(base, "cherry-pick", "side", by=LEAD, env={"GIT_COMMITTER_DATE": "2030-01-01T00:00:00Z"})
    _replace(base, "Look in Admin", "Look twice in Admin", by=ANA)
    git(base, "checkout", "-q", "side")
    _replace(base, "owner: Mateo", "owner: Matteo", by=ANA)
    git(base, "checkout", "-q", "main")
    git(base, "merge", "-q", "-m", "merged", "side", by=LEAD)
    ids = git(base, "log", "--format=%(trailers:key=Kb-Save-Id,valueonly,separator=)", "--", REFUND).split()
    assert ids == ["bens", "bens"], "the test wants the save to stand in two commits"
    assert [commit.person for commit in _history(base, REFUND)].count(BEN) == 1
    assert len(_history(base, REFUND)) == 4


def test_an_entry_that_resembles_another_one_has_a_history_of_its_own(base: Path) -> None:
    """Entries of one team look alike; `git log --follow` takes a file that looks like another for a copy of it."""
    save(base, NEW, NEW_WORDS, action="new", save_id="one", person=BEN)
    other = "questions/do-you-sell-spare-batteries-newtwo22.md"
    save(base, other, NEW_WORDS.replace(b"parts", b"batteries"), action="new", save_id="two")
    assert [(commit.save_id, commit.person) for commit in _history(base, other)] == [("two", ANA)]


@pytest.mark.parametrize(
    "rewrite", [("commit", "-q", "--amend", "--no-edit"), ("rebase", "-q", "--force-rebase", "HEAD~1")]
)
def test_a_save_that_was_rewritten_counts_once_for_who_typed_it(base: Path, rewrite: tuple[str, ...]) -> None:
    """FAULTS 66, rebase and amend."""
    _edit(base, "Ten days.")
    before = git(base, "rev-parse", "HEAD")
    git(base, *rewrite, by=LEAD, env={"GIT_COMMITTER_DATE": "2030-01-01T00:00:00Z"})
    assert git(base, "rev-parse", "HEAD") != before
    _, edit = _history(base, REFUND)
    assert (edit.person, edit.save_id) == (BEN, "bens")


def test_two_saves_squashed_into_one_commit_still_say_what_was_done(base: Path) -> None:
    """FAULTS 66, squash: the commit carries the trailers of both, and both are told, the earlier one first."""
    save(base, NEW, NEW_WORDS, action="ask", save_id="one")
    message = "Both\n\nKb-Action: ask\nKb-Save-Id: one\nKb-Action: answer\nKb-Save-Id: two\n"
    write_files(base, {NEW: NEW_WORDS + b"More.\n"})
    git(base, "commit", "-q", "--amend", "-a", "-m", message, by=ANA)
    commits = _history(base, NEW)
    assert [(commit.action, commit.save_id) for commit in commits] == [("ask", "one"), ("answer", "two")]


def test_mailmap_says_who_somebody_is(base: Path) -> None:
    """FAULTS S17: https://github.com/PelicanPlatform/pelican/pull/1334."""
    _edit(base, "Ten days.", person=Person("benny", "benny@old.example"))
    write_files(base, {".mailmap": f"{BEN} <benny@old.example>\n"})
    assert _history(base, REFUND)[-1].person == BEN


def test_co_authors_and_reviewers_are_told(base: Path) -> None:
    """FAULTS 68: https://github.com/git-quick-stats/git-quick-stats/issues/70."""
    write_files(base, {REFUND: (base / REFUND).read_text() + "\nMore.\n"})
    message = f"more\n\nCo-authored-by: {BEN}\nCo-authored-by: Cleo\nReviewed-by: {LEAD}\nReviewed-by: \n"
    git(base, "commit", "-qam", message, by=ANA)
    commit = _history(base, REFUND)[-1]
    assert commit.person == ANA
    assert [person.name for person in commit.co_authors] == ["Ben Okoro", "Cleo"]
    assert commit.reviewers == (LEAD,)


def test_a_file_that_was_renamed_keeps_its_history(base: Path) -> None:
    """FAULTS 45, a lead's plain `git mv`."""
    _edit(base, "Ten days.")
    git(base, "mv", REFUND, "refunds/moved.md")
    git(base, "commit", "-qm", "moved")
    assert [commit.person for commit in _history(base, "refunds/moved.md")][1:] == [BEN, LEAD]


def test_a_base_inside_a_repository_and_a_linked_work_tree(base: Path, tmp_path: Path) -> None:
    """FAULTS S4."""
    write_files(base, {"sub/kb/a.md": "one\n"})
    git(base, "add", ".")
    git(base, "commit", "-qm", "sub")
    assert len(_history(base / "sub" / "kb", "a.md")) == 1
    tree = tmp_path / "tree"
    git(base, "worktree", "add", "-q", "-b", "other", str(tree))
    save(tree, NEW, NEW_WORDS, save_id="one")
    assert [commit.save_id for commit in _history(tree, NEW)] == ["one"]


@pytest.mark.parametrize("path", ["-rf.md", ":(top)x.md", "*.md", "a b/ü.md"])
def test_odd_names_have_a_history(base: Path, path: str) -> None:
    """FAULTS S21."""
    save(base, path, NEW_WORDS, save_id="one")
    assert [commit.save_id for commit in _history(base, path)] == ["one"]


@pytest.mark.parametrize(
    "name",
    ["Eve\x1b[31m red", "Eve \u202e bidi", "Eve\x1fb\x1fc\x1fd", "Eve\x1db", "Eve\x1eb", "Eve\x9b31m", "Eve\ttab"],
)
def test_a_hostile_name_is_printable_and_breaks_nothing(base: Path, name: str) -> None:
    """FAULTS 72, author name: https://github.com/tui-cs/Terminal.Gui/issues/5217."""
    write_files(base, {REFUND: (base / REFUND).read_text() + "\nMore.\n"})
    git(base, "commit", "-qam", "more", by=Person(name, "e@x"))
    start, commit = _history(base, REFUND)
    assert harmless(commit.person.name)
    assert "\n" not in commit.person.name
    assert commit.person.name.startswith("Eve")
    assert start.action == "start"


@pytest.mark.parametrize("odd", ["\x1b[2J", "\x1b]52;c;aGk=\x07", "\x1f", "\x1e", "\x1d", "\u202e", "\x9b2J"])
def test_a_hostile_message_is_printable_and_breaks_nothing(base: Path, odd: str) -> None:
    """FAULTS 72, commit message: https://github.com/sindresorhus/np/issues/804."""
    write_files(base, {REFUND: (base / REFUND).read_text() + "\nMore.\n"})
    trailers = f"Kb-Action: ed{odd}it\nKb-Save-Id: i{odd}d\nCo-authored-by: Ev{odd}e <e{odd}@x>\nReviewed-by: R{odd}"
    git(base, "commit", "-qam", f"x{odd}\n\n{trailers}\n")
    start, commit = _history(base, REFUND)
    texts = [commit.action, commit.save_id, *(str(person) for person in (*commit.co_authors, *commit.reviewers))]
    assert all(harmless(text) and "\n" not in text for text in texts)
    assert commit.person == LEAD
    assert start.action == "start"


def test_names_in_latin_1_do_not_break_it(base: Path) -> None:
    write_files(base, {REFUND: (base / REFUND).read_text() + "\nMore.\n"})
    env = {"GIT_AUTHOR_NAME": os.fsdecode(b"Jos\xe9")}
    git(base, "commit", "-qam", "x", env=env)
    assert _history(base, REFUND)[-1].person.name.startswith("Jos")


@pytest.mark.parametrize(
    "settings",
    [{"log.showSignature": "true"}, {"color.ui": "always"}, {"log.date": "raw"}, {"i18n.logOutputEncoding": "latin1"}],
)
def test_somebody_s_settings_do_not_change_it(base: Path, settings: dict[str, str]) -> None:
    for key, value in settings.items():
        git(base, "config", key, value)
    person = Person("Zoë Ångström", "zoe@example.com")
    _edit(base, "Ten days.", person=person)
    assert _history(base, REFUND)[-1].person == person


@pytest.mark.parametrize("revision", ["HEAD", "HEAD~1"])
def test_a_history_that_cannot_be_read_is_a_sentence_and_not_an_empty_one(base: Path, revision: str) -> None:
    """FAULTS 3, a damaged object: https://github.com/Vinzent03/obsidian-git/issues/567."""
    _edit(base, "Ten days.")
    layout = repository_of(base).layout
    commit = git(base, "rev-parse", revision)
    loose = base / ".git" / "objects" / commit[:2] / commit[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"")
    with pytest.raises(GitTroubleError) as caught:
        of_entry(layout, REFUND, environment())
    assert caught.value.hint
    assert run_git(base, "log").returncode != 0


def test_no_processes_and_no_files_stay_open(base: Path) -> None:
    """FAULTS 79: 100 unclosed `Repo`s held 600 descriptors, https://github.com/gitpython-developers/GitPython/issues/718."""
    fds = Path("/proc/self/fd")
    if not fds.exists():
        pytest.skip("open files are counted in /proc")
    _history(base, REFUND)
    before = len(list(fds.iterdir()))
    for _ in range(30):
        _history(base, REFUND)
    assert len(list(fds.iterdir())) <= before + 2
