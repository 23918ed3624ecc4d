"""The ledger of a whole base: what it says of an entry is what the entry's own history says, however it was read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kbtui.entry.model import Person
from kbtui.errors import BusyError, GitTroubleError
from kbtui.git import counting, ledger_tables
from kbtui.git.change import Commit
from kbtui.git.history import of_entry
from kbtui.git.ledger import Ledger
from tests.git.random_history import RandomHistory
from tests.helpers import ANA, BEN, LEAD, REFUND, environment, git, harmless, repository_of, run_git, write_files


def _ledger(root: Path, name: str = "credit.sqlite") -> Ledger:
    repository = repository_of(root)
    return Ledger(repository.own_folder / name, repository)


def _own(root: Path, paths: list[str]) -> dict[str, list[Commit]]:
    layout = repository_of(root).layout
    return {path: of_entry(layout, path, environment()) for path in paths}


@pytest.mark.parametrize("seed", range(12))
def test_it_says_of_every_entry_what_the_entry_s_history_says(tmp_path: Path, seed: int) -> None:
    """FAULTS 57, 64, 66, S17: whatever plain git has done, by whatever clocks, and however often it was brought up.

    https://git-scm.com/docs/githooks#_post_rewrite, https://github.com/elfshaker/elfshaker/issues/89
    """
    history = RandomHistory(tmp_path, seed)
    kept = _ledger(tmp_path)
    for turn in range(5):
        deeds = [history.go_on() for _ in range(3)]
        paths = history.paths()
        wanted = _own(tmp_path, paths)
        assert kept.histories(paths) == wanted, f"turn {turn}: {deeds}"
    assert _ledger(tmp_path, "new.sqlite").histories(paths) == wanted
    git(tmp_path, "commit-graph", "write", "--reachable")
    assert _ledger(tmp_path, "newer.sqlite").histories(paths) == _own(tmp_path, paths) == wanted


def _commit(root: Path, path: str, text: str, message: str = "by hand", by: Person = BEN) -> str:
    write_files(root, {path: text})
    git(root, "add", path)
    git(root, "commit", "-qm", message, by=by)
    return git(root, "rev-parse", "HEAD")


def _is_right(base: Path, ledger: Ledger) -> bool:
    """Whether a ledger says what the entry's own history says."""
    return ledger.histories([REFUND]) == _own(base, [REFUND])


def test_only_what_is_new_is_read(base: Path) -> None:
    ledger = _ledger(base)
    assert ledger.bring_up() == int(git(base, "rev-list", "--count", "HEAD"))
    assert ledger.bring_up() == 0
    _commit(base, REFUND, "# One?\n")
    _commit(base, REFUND, "# Two?\n")
    assert _ledger(base).bring_up() == 2
    assert _is_right(base, ledger)


@pytest.mark.parametrize(
    "rewrite",
    [
        ("commit", "-q", "--amend", "-m", "amended\n\nReviewed-by: Ana Kovacs <ana@example.com>"),
        ("rebase", "-q", "--force-rebase", "HEAD~1"),
        ("reset", "-q", "--hard", "HEAD~1"),
    ],
)
def test_after_history_was_rewritten_only_the_rewritten_part_is_read_anew(base: Path, rewrite: tuple[str, ...]) -> None:
    """FAULTS 66: https://git-scm.com/docs/githooks#_post_rewrite."""
    ledger = _ledger(base)
    for number in range(4):
        _commit(base, REFUND, f"# {number}?\n")
    ledger.bring_up()
    git(base, *rewrite, by=LEAD, env={"GIT_COMMITTER_DATE": "2030-01-01T00:00:00Z"})
    assert ledger.bring_up() == (0 if "reset" in rewrite else 1)
    assert _is_right(base, ledger)


def test_commits_that_are_gone_for_good_do_not_matter(base: Path) -> None:
    """FAULTS 66: the last commit that was read is no longer anywhere."""
    ledger = _ledger(base)
    gone = _commit(base, REFUND, "# Gone?\n")
    ledger.bring_up()
    git(base, "reset", "-q", "--hard", "HEAD~1")
    _commit(base, REFUND, "# Here?\n", by=ANA)
    git(base, "reflog", "expire", "--expire=now", "--all")
    git(base, "gc", "-q", "--prune=now")
    assert run_git(base, "cat-file", "-e", gone).returncode != 0
    assert _is_right(base, ledger)
    assert [commit.person for commit in ledger.histories([REFUND])[REFUND]][1:] == [ANA]


def test_a_merge_puts_older_commits_where_they_belong(base: Path) -> None:
    git(base, "checkout", "-q", "-b", "side")
    _commit(base, REFUND, "# Side?\n", by=ANA)
    git(base, "checkout", "-q", "main")
    _commit(base, REFUND, "# Main?\n")
    ledger = _ledger(base)
    ledger.bring_up()
    git(base, "merge", "-q", "--no-edit", "-X", "ours", "side")
    assert ledger.bring_up() == 1
    assert _is_right(base, ledger)
    assert {commit.person for commit in ledger.histories([REFUND])[REFUND][1:]} == {ANA, BEN}


def test_mailmap_counts_at_once_and_nothing_is_read_again(base: Path) -> None:
    """FAULTS S17: https://github.com/PelicanPlatform/pelican/pull/1334."""
    old = Person("benny", "benny@old.example")
    _commit(base, REFUND, "# Fixed?\n", f"fixed\n\nCo-authored-by: {old}", by=old)
    ledger = _ledger(base)
    assert ledger.histories([REFUND])[REFUND][-1].person == old
    write_files(base, {".mailmap": f"{BEN} <benny@old.example>\n"})
    assert ledger.bring_up() == 0
    last = ledger.histories([REFUND])[REFUND][-1]
    assert (last.person, last.co_authors) == (BEN, (BEN,))
    assert ledger.known_as(old) == BEN
    (base / ".mailmap").unlink()
    assert ledger.histories([REFUND])[REFUND][-1].person == old


def _scribble(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def _other_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE written SET at = 0")
        database.commit()
        database.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(b"no database"),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:5000]),
        lambda file: file.with_name(file.name + "-journal").write_bytes(b"\0" * 600),
        _scribble,
        _other_version,
    ],
    ids=["garbage", "empty", "cut short", "odd journal", "scribbled on", "another version"],
)
def test_a_damaged_ledger_is_made_anew(base: Path, spoil: Callable[[Path], object]) -> None:
    ledger = _ledger(base)
    ledger.bring_up()
    spoil(base / ".git" / "kbtui" / "credit.sqlite")
    _commit(base, REFUND, "# Fixed?\n")
    assert _is_right(base, ledger)
    assert ledger.bring_up() == 0


def test_where_nothing_can_be_written_credit_is_still_right(base: Path) -> None:
    repository = repository_of(base)
    nowhere = base / ".git" / "kbtui" / "nowhere" / "credit.sqlite"
    assert _is_right(base, Ledger(nowhere, repository))
    assert not nowhere.exists()


def test_another_one_that_reads_the_history_is_waited_for_and_then_named(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_tables, "_PATIENCE", 0.01)
    ledger = _ledger(base)
    ledger.bring_up()
    _commit(base, REFUND, "# Fixed?\n")
    with closing(sqlite3.connect(base / ".git" / "kbtui" / "credit.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError):
            ledger.bring_up()
        other.execute("ROLLBACK")
    assert _is_right(base, ledger)


def test_a_base_without_commits_has_no_credit_and_one_that_cannot_be_read_says_so(tmp_path: Path, base: Path) -> None:
    """FAULTS 3: https://github.com/Vinzent03/obsidian-git/issues/567."""
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "-q")
    assert _ledger(empty).histories(["a.md"]) == {"a.md": []}
    commit = git(base, "rev-parse", "HEAD")
    loose = base / ".git" / "objects" / commit[:2] / commit[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"")
    ledger = _ledger(base)
    for _ in range(2):
        with pytest.raises(GitTroubleError):
            ledger.histories([REFUND])


def test_a_shallow_clone_that_learns_the_rest_is_read_anew(base: Path, tmp_path: Path) -> None:
    for number in range(3):
        _commit(base, REFUND, f"# {number}?\n", by=ANA)
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{base}", "clone")
    clone = tmp_path / "clone"
    ledger = _ledger(clone)
    assert len(ledger.histories([REFUND])[REFUND]) == 2
    git(clone, "fetch", "-q", "--unshallow")
    assert ledger.histories([REFUND]) == _own(base, [REFUND])


def test_a_base_in_a_folder_of_a_repository_keeps_its_history_when_the_folder_is_moved(base: Path) -> None:
    """FAULTS S4: paths are those below the base, moves may come from outside it."""
    _commit(base, "docs/a.md", "# What is a?\n\nSome words of nobody in particular.\n", by=ANA)
    git(base, "mv", "docs", "kb")
    git(base, "commit", "-qm", "moved", by=BEN)
    assert [commit.person for commit in _ledger(base / "kb").histories(["a.md"])["a.md"]] == [ANA, BEN]
    assert _ledger(base / "kb").histories(["a.md"]) == _own(base / "kb", ["a.md"])


def test_two_clones_that_learnt_of_the_same_commits_in_another_order_say_the_same(base: Path, tmp_path: Path) -> None:
    """FAULTS S16: https://github.com/GenericMappingTools/pygmt/issues/3746."""
    git(tmp_path, "clone", "-q", str(base), "one")
    git(tmp_path, "clone", "-q", str(base), "two")
    one, two = tmp_path / "one", tmp_path / "two"
    _commit(one, REFUND, "# One?\n", "fix\n\nKb-Action: edit\nKb-Save-Id: one", by=ANA)
    _commit(two, REFUND, "# Two?\n", "fix\n\nKb-Action: edit\nKb-Save-Id: two", by=BEN)
    ledgers = {clone: _ledger(clone) for clone in (one, two)}
    for ledger in ledgers.values():
        ledger.bring_up()
    git(one, "pull", "-q", "--no-rebase", "--no-edit", "-X", "ours", str(two), "main", by=LEAD)
    git(two, "pull", "-q", "--ff-only", str(one), "main")
    said = [ledger.histories([REFUND]) for ledger in ledgers.values()]
    assert said[0] == said[1] == _own(one, [REFUND])
    assert {commit.person for commit in said[0][REFUND][1:]} == {ANA, BEN}


@pytest.mark.parametrize(
    "settings",
    [
        {"log.showRoot": "false"},
        {"log.follow": "true"},
        {"diff.renames": "false"},
        {"diff.renameLimit": "1"},
        {"diff.relative": "true"},
        {"trailer.separators": "=#"},
        {"log.showSignature": "true"},
        {"color.ui": "always"},
        {"i18n.logOutputEncoding": "latin1"},
        {"log.diffMerges": "first-parent"},
        {"core.quotePath": "true"},
    ],
)
def test_somebody_s_settings_do_not_change_it(base: Path, settings: dict[str, str]) -> None:
    zoe = Person("Zoë Ångström", "zoe@example.com")
    _commit(base, "ü.md", "# Was?\n\nWords of nobody in particular.\n", f"a\n\nCo-authored-by: {BEN}", by=zoe)
    git(base, "mv", "ü.md", "refunds/ö.md")
    git(base, "mv", REFUND, "refunds/r.md")
    git(base, "commit", "-qm", "moved", by=ANA)
    paths = ["refunds/ö.md", "refunds/r.md"]
    wanted = _ledger(base).histories(paths)
    assert [len(commits) for commits in wanted.values()] == [2, 2]
    for key, value in settings.items():
        git(base, "config", key, value)
    assert _ledger(base, "other.sqlite").histories(paths) == _own(base, paths) == wanted
    assert wanted["refunds/ö.md"][0].person == zoe


@pytest.mark.parametrize("path", ["-rf.md", ":(top)x.md", "*.md", "a b/ü.md", 'tab\t"quote".md', "line\nend.md"])
def test_odd_names_have_a_history(base: Path, path: str) -> None:
    """FAULTS S21."""
    write_files(base, {path: "# What?\n"})
    git(base, "add", "-A")
    git(base, "commit", "-qm", "odd", by=ANA)
    assert [commit.person for commit in _ledger(base).histories([path])[path]] == [ANA]
    assert _own(base, [path]) == _ledger(base).histories([path])


@pytest.mark.parametrize("name", ["Eve\x1b[31m red", "Eve \u202e bidi", "Eve\x9b31m", "Eve\ttab", "-rf", "E" * 5000])
def test_a_hostile_name_is_printable_and_breaks_nothing(base: Path, name: str) -> None:
    """FAULTS 72, author name: https://github.com/tui-cs/Terminal.Gui/issues/5217."""
    _commit(base, REFUND, "# Fixed?\n", f"x\n\nCo-authored-by: {name} <eve@x>", by=Person(name, "e@x"))
    last = _ledger(base).histories([REFUND])[REFUND][-1]
    assert harmless(last.person.name)
    assert last.person.name
    assert _is_right(base, _ledger(base))


def test_the_old_name_of_an_entry_may_be_given_to_another_one(base: Path) -> None:
    """Who writes a new entry where another one was has no part in the one that was moved away."""
    words = "# What is a?\n\nSome words of nobody in particular.\n"
    _commit(base, "a.md", words, by=ANA)
    git(base, "mv", "a.md", "b.md")
    git(base, "commit", "-qm", "moved", by=LEAD)
    _commit(base, "a.md", "# Something else altogether?\n", by=BEN)
    histories = _ledger(base).histories(["b.md"])
    assert [commit.person for commit in histories["b.md"]] == [ANA, LEAD]
    assert histories == _own(base, ["b.md"])


def test_who_changed_an_entry_on_a_branch_where_it_was_not_moved_yet_has_a_part_in_it(base: Path) -> None:
    words = "# What is a?\n\nSome words of nobody in particular.\n\nAnd more of them.\n"
    _commit(base, "a.md", words, by=ANA)
    git(base, "checkout", "-q", "-b", "side")
    _commit(base, "a.md", words + "Better.\n", by=BEN)
    git(base, "checkout", "-q", "main")
    git(base, "mv", "a.md", "b.md")
    git(base, "commit", "-qm", "moved", by=LEAD)
    git(base, "merge", "-q", "--no-edit", "side", by=LEAD)
    assert (base / "b.md").read_text().endswith("Better.\n")
    histories = _ledger(base).histories(["b.md"])
    assert {commit.person for commit in histories["b.md"]} == {ANA, BEN, LEAD}
    assert histories == _own(base, ["b.md"])


@pytest.mark.parametrize("is_second_parent", [False, True])
def test_a_history_that_begins_twice_is_told_as_git_orders_it(base: Path, is_second_parent: bool) -> None:
    """Somebody else's base, merged into this one: there is no commit on which everything stands."""
    ledger = _ledger(base)
    _commit(base, REFUND, "# Here?\n", by=ANA)
    ledger.bring_up()
    git(base, "checkout", "-q", "--orphan", "strange")
    git(base, "rm", "-rfq", ".")
    _commit(base, REFUND, "# There?\n", by=BEN)
    start, end = ("main", "strange") if is_second_parent else ("strange", "main")
    git(base, "checkout", "-q", start)
    git(base, "merge", "-q", "--no-edit", "--allow-unrelated-histories", "-X", "ours", end)
    assert ledger.bring_up() == 1
    assert _is_right(base, ledger)
    assert {commit.person for commit in ledger.histories([REFUND])[REFUND]} >= {ANA, BEN}
    _commit(base, REFUND, "# Everywhere?\n", by=LEAD)
    assert ledger.bring_up() == 1
    assert _is_right(base, ledger)


def test_a_first_reading_says_how_far_it_is_and_of_how_much(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_SOME", 1)
    for number in range(3):
        _commit(base, REFUND, f"# {number}?\n")
    commits = int(git(base, "rev-list", "--count", "HEAD"))
    told: list[tuple[int, int]] = []
    _ledger(base).bring_up(lambda done, of: told.append((done, of)))
    assert told == [(done, commits) for done in range(commits)]


def test_of_a_reading_that_fails_on_its_way_nothing_is_kept(base: Path) -> None:
    """FAULTS 3: half a history must not be taken for one."""
    for number in range(3):
        _commit(base, REFUND, f"# {number}?\n")
    tree = git(base, "rev-parse", "HEAD~1^{tree}")
    loose = base / ".git" / "objects" / tree[:2] / tree[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"")
    ledger = _ledger(base)
    with pytest.raises(GitTroubleError):
        ledger.bring_up()
    with closing(ledger_tables.Tables(str(base / ".git" / "kbtui" / "credit.sqlite"))) as tables:
        assert (tables.count(), tables.read_up_to) == (0, ("", ""))
