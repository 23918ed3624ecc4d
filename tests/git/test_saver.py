"""One save, from the words to the history: every byte, one commit, nobody else's work touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.entry.file_format import change, read
from kbtui.entry.model import EntryChange, State
from kbtui.git.saver import Saved
from tests.git.saves import NEW, NEW_WORDS, is_in_peace, is_kept, save, saver_of
from tests.helpers import (
    ANA,
    BEN,
    LEAD,
    PASSWORD,
    REFUND,
    commits,
    git,
    in_head,
    journal_of,
    parts_of,
    record,
    run_git,
    save_ids,
    status,
    write_files,
)


def _changed(base: Path, path: str, **values: object) -> tuple[bytes, bytes]:
    """Return the bytes of an entry now, and with values changed."""
    opened = (base / path).read_bytes()
    return opened, change(opened, EntryChange(**values))  # type: ignore[arg-type]


def test_a_new_entry_is_in_the_history_when_the_save_returns(base: Path) -> None:
    """FAULTS 10, saved means read back: https://git-scm.com/docs/gitattributes#_filter."""
    before = commits(base)
    saved = save(base, NEW, NEW_WORDS, save_id="one")
    assert saved == Saved(NEW, is_committed=True)
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert is_in_peace(base)
    assert commits(base) == before + 1
    assert git(base, "log", "-1", "--format=%an <%ae>|%cn <%ce>") == f"{ANA}|{ANA}"


def test_an_edit_replaces_the_version_that_was_opened(base: Path) -> None:
    opened, content = _changed(base, REFUND, answer="Ten days.")
    assert save(base, REFUND, content, opened, save_id="one").is_committed
    assert is_kept(base, REFUND, content, "one")
    assert is_in_peace(base)
    assert git(base, "diff", "--name-only", "HEAD~1").split() == [REFUND]


def test_bytes_that_are_no_text_are_kept(base: Path) -> None:
    odd = b"---\nid: newone22\n---\n# caf\xe9 \x00 \xff\n\nodd\x1b[31m"
    assert save(base, NEW, odd, save_id="one").is_committed
    assert is_kept(base, NEW, odd, "one")


def test_a_save_that_changes_nothing_makes_no_commit(base: Path) -> None:
    """FAULTS S1: https://github.com/Kiln-AI/Kiln/tree/main/app/desktop/git_sync/integration_tests."""
    before = commits(base)
    opened = (base / REFUND).read_bytes()
    assert save(base, REFUND, opened, opened).is_committed
    assert commits(base) == before
    assert is_in_peace(base)


def test_draining_again_does_nothing(base: Path) -> None:
    save(base, NEW, NEW_WORDS, save_id="one")
    before = commits(base)
    assert saver_of(base).drain() == {}
    journal_of(base).keep(record(NEW, NEW_WORDS, save_id="one"))
    assert saver_of(base).drain()["one"].is_committed
    assert commits(base) == before
    assert is_in_peace(base)


def test_the_first_save_of_a_branch_without_commits(tmp_path: Path) -> None:
    """FAULTS 17, unborn branch: https://github.com/requarks/wiki/issues/1286."""
    root = tmp_path / "unborn"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    write_files(root, {"kb.toml": 'name = "x"\n', "mine.txt": "a lead's"})
    git(root, "add", "mine.txt")
    assert save(root, NEW, NEW_WORDS, save_id="one").is_committed
    assert is_kept(root, NEW, NEW_WORDS, "one")
    assert git(root, "ls-tree", "-r", "--name-only", "HEAD") == NEW
    assert git(root, "diff", "--cached", "--name-only") == "mine.txt"


# What a lead has lying about


def test_what_a_lead_has_staged_and_not_staged_stays_as_it_is(base: Path) -> None:
    """FAULTS 8, 9: a save commits its own path and nothing else."""
    write_files(base, {PASSWORD: "staged\n", "plan.txt": "new and staged\n", "loose.txt": "untracked\n"})
    git(base, "add", PASSWORD, "plan.txt")
    git(base, "mv", "kb.toml", "kb2.toml")
    git(base, "mv", "kb2.toml", "kb.toml")
    write_files(base, {PASSWORD: "staged, and changed after\n"})
    before = status(base), git(base, "diff", "--cached"), git(base, "diff")
    opened, content = _changed(base, REFUND, answer="Ten days.")
    assert save(base, REFUND, content, opened).is_committed
    assert save(base, NEW, NEW_WORDS).is_committed
    assert (status(base), git(base, "diff", "--cached"), git(base, "diff")) == before
    git(base, "commit", "-qm", "the lead's own")
    assert in_head(base, REFUND) == content, "the lead's plain commit took the save away"
    assert in_head(base, NEW) == NEW_WORDS
    assert in_head(base, PASSWORD) == b"staged\n"


def test_a_staged_deletion_of_another_entry_stays_staged(base: Path) -> None:
    git(base, "rm", "-q", PASSWORD)
    assert save(base, NEW, NEW_WORDS).is_committed
    assert status(base) == f"D  {PASSWORD}"
    assert in_head(base, PASSWORD) is not None


def test_an_ignored_path_is_saved_all_the_same(base: Path) -> None:
    write_files(base, {".gitignore": "questions/\n"})
    assert save(base, NEW, NEW_WORDS, save_id="one").is_committed
    assert is_kept(base, NEW, NEW_WORDS, "one")


@pytest.mark.parametrize("path", ["-rf.md", ":(top)x.md", "*.md", "a/--all.md", "a b/ü'\".md", ":!x.md"])
def test_a_name_that_git_could_take_for_an_option_or_a_pattern(base: Path, path: str) -> None:
    """FAULTS S21: paths stand after `--`, and are literal."""
    write_files(base, {PASSWORD: "a lead's own\n", "top.md": "a lead's own\n"})
    assert save(base, path, NEW_WORDS, save_id="one").is_committed
    assert is_kept(base, path, NEW_WORDS, "one")
    assert status(base) == f" M {PASSWORD}\n?? top.md"


def test_a_base_inside_a_bigger_repository(base: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q", "-b", "main")
    write_files(outer, {"kb/kb.toml": "", "program.py": "x = 1\n", "questions/same-name.md": "not ours\n"})
    git(outer, "add", ".")
    git(outer, "commit", "-qm", "first")
    write_files(outer, {"program.py": "x = 2\n"})
    assert save(outer / "kb", NEW, NEW_WORDS, save_id="one").is_committed
    assert in_head(outer, f"kb/{NEW}") == NEW_WORDS
    assert status(outer) == " M program.py"


def test_a_linked_work_tree_saves_to_its_own_branch(base: Path, tmp_path: Path) -> None:
    """FAULTS S4: https://github.com/j178/prek/issues/2505."""
    tree = tmp_path / "tree"
    git(base, "worktree", "add", "-q", "-b", "other", str(tree))
    assert save(tree, NEW, NEW_WORDS, save_id="one").is_committed
    assert is_kept(tree, NEW, NEW_WORDS, "one")
    assert in_head(base, NEW) is None
    assert is_in_peace(tree)
    assert is_in_peace(base)


# The message


def test_the_message_is_fixed_words_and_trailers(base: Path) -> None:
    """FAULTS 66, 69: https://git-scm.com/docs/git-interpret-trailers."""
    question = "Zebra?\n\nCo-authored-by: Boss <boss@x>\nKb-Save-Id: forged"
    content = NEW_WORDS.replace(b"Do you sell spare parts?", question.encode())
    save(base, NEW, content, save_id="abc", entry_id="newone22", action="new")
    message = git(base, "log", "-1", "--format=%B")
    assert "Zebra" not in message
    assert "Boss" not in message
    trailers = run_git(base, "interpret-trailers", "--parse", given=message.encode()).stdout.decode().splitlines()
    assert trailers == ["Kb-Action: new", "Kb-Entry: newone22", "Kb-Save-Id: abc"]


# The version that was opened, and the one that is there


def test_two_people_who_change_different_values_of_one_entry_are_both_kept(base: Path) -> None:
    """FAULTS 5, 6: base is the version opened, https://github.com/requarks/wiki/issues/2381."""
    opened, anas = _changed(base, REFUND, answer="Ten days.")
    _, bens = _changed(base, REFUND, tags=("refunds", "returns", "money"), asked_as=("where is my money", "how soon"))
    assert save(base, REFUND, anas, opened, save_id="ana").is_committed
    saved = save(base, REFUND, bens, opened, save_id="ben", person=BEN)
    assert saved == Saved(REFUND, is_committed=True)
    entry = read(REFUND, in_head(base, REFUND) or b"")
    assert (entry.answer, entry.tags) == ("Ten days.", ("refunds", "returns", "money"))
    assert entry.asked_as == ("where is my money", "how soon")
    assert sorted(save_ids(base)) == ["ana", "ben"]
    assert is_in_peace(base)


def test_where_both_changed_the_same_words_both_versions_are_kept(base: Path) -> None:
    """FAULTS 5, 41: https://github.com/gollum/gollum/pull/1349."""
    opened, anas = _changed(base, REFUND, answer="Ten days.")
    _, bens = _changed(base, REFUND, answer="Three days.", tags=("refunds", "money"))
    save(base, REFUND, anas, opened)
    saved = save(base, REFUND, bens, opened, save_id="ben", person=BEN)
    assert saved.is_committed
    assert saved.variant
    assert in_head(base, saved.variant) == bens
    there = read(REFUND, in_head(base, REFUND) or b"")
    assert there.answer == "Ten days.", "the answer that was there is the one that stays"
    assert "money" in there.tags, "what nobody contests is merged"
    assert read(saved.variant, bens).variant_of == REFUND
    assert save_ids(base).count("ben") == 1
    assert is_in_peace(base)


def test_the_same_contested_version_is_kept_under_the_same_name(base: Path) -> None:
    """FAULTS 46: the name of a variant depends on the words and nothing else."""
    opened, anas = _changed(base, REFUND, answer="Ten days.")
    _, bens = _changed(base, REFUND, answer="Three days.")
    save(base, REFUND, anas, opened)
    first = save(base, REFUND, bens, opened, save_id="one").variant
    before = commits(base)
    assert save(base, REFUND, bens, opened, save_id="two").variant == first
    assert commits(base) == before
    assert len(list((base / "refunds").iterdir())) == 2
    assert is_in_peace(base)


def test_an_entry_changed_in_an_editor_meanwhile_is_merged(base: Path) -> None:
    """FAULTS 5: https://github.com/gollum/gollum/issues/279."""
    opened, anas = _changed(base, REFUND, answer="Ten days.")
    write_files(base, {REFUND: opened.replace(b"Admin, Refunds.", b"Admin, Payments.")})
    assert save(base, REFUND, anas, opened).is_committed
    entry = read(REFUND, in_head(base, REFUND) or b"")
    assert (entry.answer, entry.internal) == ("Ten days.", "Look in Admin, Payments.")


def test_an_entry_pulled_while_it_was_open_is_merged_with_the_version_opened(base: Path) -> None:
    """FAULTS 6: nobody conflicts with themselves, https://github.com/requarks/wiki/issues/2381."""
    opened, anas = _changed(base, REFUND, answer="Ten days.")
    write_files(base, {REFUND: opened.replace(b"owner: Mateo Ruiz", b"owner: Priya Nair")})
    git(base, "commit", "-qam", "pulled")
    saved = save(base, REFUND, anas, opened)
    assert saved == Saved(REFUND, is_committed=True)
    entry = read(REFUND, in_head(base, REFUND) or b"")
    assert (entry.answer, entry.owner) == ("Ten days.", "Priya Nair")


def test_a_state_and_an_answer_changed_by_two_people(base: Path) -> None:
    opened, archived = _changed(base, REFUND, state=State.ARCHIVED)
    _, bens = _changed(base, REFUND, owner="Ben Okoro")
    save(base, REFUND, archived, opened)
    assert save(base, REFUND, bens, opened, person=BEN).variant == ""
    entry = read(REFUND, in_head(base, REFUND) or b"")
    assert (entry.state, entry.owner) == (State.ARCHIVED, "Ben Okoro")


def test_an_edit_beats_a_deletion(base: Path) -> None:
    """FAULTS 43: https://sysdesign-wiki.pages.dev/systems/trinity/."""
    opened, anas = _changed(base, REFUND, answer="Ten days.")
    git(base, "rm", "-q", REFUND)
    git(base, "commit", "-qm", "away with it")
    assert save(base, REFUND, anas, opened, save_id="one").is_committed
    assert is_kept(base, REFUND, anas, "one")


def test_a_new_entry_does_not_replace_a_file_that_is_there(base: Path) -> None:
    """FAULTS 44, both create the same path."""
    there = (base / REFUND).read_bytes()
    saved = save(base, REFUND, NEW_WORDS)
    assert in_head(base, REFUND) == there
    assert in_head(base, saved.variant) == NEW_WORDS
    assert is_in_peace(base)


@pytest.mark.parametrize("broken", [b"---\nid: [\n---\n# x\n", b"---\nnever closed: 1\n", b""])
def test_a_version_that_does_not_parse_is_kept_whole(base: Path, broken: bytes) -> None:
    """FAULTS 49: bytes untouched until somebody mends them."""
    opened, anas = _changed(base, REFUND, answer="Ten days.")
    write_files(base, {REFUND: broken})
    git(base, "commit", "-qam", "by hand")
    saved = save(base, REFUND, anas, opened)
    assert saved.is_committed
    assert in_head(base, REFUND) == broken
    assert in_head(base, saved.variant) == anas
    assert is_in_peace(base)


def test_a_whole_file_written_by_hand_against_a_changed_one(base: Path) -> None:
    """A comment in the header is no value, so the two files cannot be brought together value by value."""
    opened, bens = _changed(base, REFUND, answer="Three days.")
    source = opened.replace(b"state:", b"# checked with the bank\nstate:")
    save(base, REFUND, bens, opened, person=BEN)
    saved = save(base, REFUND, source, opened)
    assert in_head(base, REFUND) == bens
    assert in_head(base, saved.variant) == source


# What is in the way


def test_one_record_that_cannot_be_done_does_not_hold_up_the_others(base: Path, tmp_path: Path) -> None:
    """Every acknowledged save is in HEAD, even where a lead has put a link where another one should go."""
    journal = journal_of(base)
    opened, stuck = _changed(base, REFUND, answer="Ten days.")
    journal.keep(record(REFUND, stuck, opened, sequence=1, save_id="stuck"))
    (base / REFUND).unlink()
    (base / REFUND).symlink_to(tmp_path / "elsewhere")
    assert save(base, NEW, NEW_WORDS, save_id="one").is_committed
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert [each.save_id for each in journal.pending()] in ([], ["stuck"])
    (base / REFUND).unlink()
    write_files(base, {REFUND: opened})
    saver_of(base).drain()
    assert in_head(base, REFUND) == stuck


def test_the_operation_log_says_what_was_saved_by_whom(base: Path) -> None:
    save(base, NEW, NEW_WORDS, save_id="one", action="ask")
    log = (parts_of(base).repository.own_folder / "operations.jsonl").read_text()
    assert '"save": "one"' in log
    assert "Ana Kovacs" in log
    assert "spare parts" not in log


def test_a_torn_line_in_the_operation_log_stops_no_save(base: Path) -> None:
    """FAULTS 2: a power cut leaves half a line, and what follows is written behind it."""
    save(base, NEW, NEW_WORDS, save_id="one")
    with (parts_of(base).repository.own_folder / "operations.jsonl").open("a") as log:
        log.write('{"save": "two", "pa')
    done = record(PASSWORD, b"# Words\n", save_id="three")
    saver_of(base).save(done)
    waiting = saver_of(base)
    waiting._journal.keep = lambda record: None  # type: ignore[method-assign] # another process has done it meanwhile
    assert waiting.save(done).path == PASSWORD


def test_a_lead_is_not_credited_with_what_others_typed(base: Path) -> None:
    save(base, NEW, NEW_WORDS)
    assert LEAD.name not in git(base, "log", "-1", "--format=%an %cn")
