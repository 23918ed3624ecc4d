"""What a long life brings: a crowded store, wrong clocks, several threads, and a tree that wants to command."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path

import pytest

from kbtui.entry.file_format import change, read
from kbtui.entry.model import EntryChange
from kbtui.git.history import of_entry
from kbtui.git.runner import GitRunner
from tests.git.saves import NEW, NEW_WORDS, is_in_peace, is_kept, save, saver_of
from tests.helpers import (
    BEN,
    LEAD,
    REFUND,
    environment,
    git,
    in_head,
    journal_of,
    opened,
    record,
    repository_of,
    run_git,
    write_files,
)


def test_a_crowded_store_starts_no_garbage_collector_behind_a_save(base: Path) -> None:
    """FAULTS 22: https://github.com/git-for-windows/git/issues/500."""
    git(base, "config", "gc.auto", "1")
    git(base, "config", "gc.autoDetach", "false")
    blobs = "".join(f"blob\ndata {len(str(n))}\n{n}\n" for n in range(7_000))
    git(base, "-c", "fastimport.unpackLimit=9000", "fast-import", "--quiet", given=blobs.encode())
    crowd = int(git(base, "count-objects").split()[0])
    assert crowd >= 7_000
    assert save(base, NEW, NEW_WORDS, save_id="one").is_committed
    assert int(git(base, "count-objects").split()[0]) > crowd
    assert list((base / ".git" / "objects" / "pack").glob("*.pack")) == []
    assert is_kept(base, NEW, NEW_WORDS, "one")


def test_git_cannot_ask_whether_to_try_again() -> None:
    """FAULTS 22, on Windows "Should I try again? (y/n)": https://github.com/git-for-windows/git/issues/500."""
    said = GitRunner(Path.cwd(), environment()).run("-c", "alias.x=!echo $GIT_ASK_YESNO", "x")
    assert said.text == "false"


@pytest.mark.parametrize("years", [-2, 2])
def test_the_order_of_a_history_is_nobody_s_clock(base: Path, years: int) -> None:
    """FAULTS 57: https://github.com/gitgitgadget/git/pull/2226, https://github.com/elfshaker/elfshaker/issues/89."""
    date = f"{2026 + years}-06-01T00:00:00Z"
    there = (base / REFUND).read_bytes()
    write_files(base, {REFUND: there.replace(b"Five", b"Six")})
    git(base, "commit", "-qam", "six", env={"GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date})
    git(base, "checkout", "-q", "-b", "side")
    write_files(base, {"a.md": "# A\n"})
    git(base, "add", ".")
    git(base, "commit", "-qm", "side")
    git(base, "checkout", "-q", "main")
    save(base, REFUND, (base / REFUND).read_bytes().replace(b"Six", b"Seven"), (base / REFUND).read_bytes(), person=BEN)
    git(base, "merge", "-q", "-m", "merged", "side")
    commits = of_entry(repository_of(base).layout, REFUND, environment())
    assert [commit.person for commit in commits[1:]] == [LEAD, BEN]


def test_saves_that_wait_keep_their_order_when_the_clock_is_set_back(base: Path) -> None:
    """FAULTS 57: https://github.com/elfshaker/elfshaker/issues/89."""
    git(base, "checkout", "-q", "--detach")
    words = (base / REFUND).read_bytes()
    first = change(words, EntryChange(answer="First."))
    second = change(first, EntryChange(answer="Second."))
    save(base, REFUND, first, words, save_id="one", sequence=2_000)
    journal = journal_of(base)
    save(base, REFUND, second, first, save_id="two", sequence=journal.after_all(1_000))
    git(base, "checkout", "-q", "main")
    saver_of(base).drain()
    assert read(REFUND, in_head(base, REFUND) or b"").answer == "Second."
    assert git(base, "log", "-2", "--format=%(trailers:key=Kb-Save-Id,valueonly,separator=)").split() == ["two", "one"]
    assert is_in_peace(base)


@pytest.mark.parametrize("rule", ["*.md merge=union", "*.md merge=kbtui", "*.md filter=evil diff=evil", "*.md ident"])
def test_what_the_tree_says_of_merging_and_filtering_has_no_effect(base: Path, tmp_path: Path, rule: str) -> None:
    """FAULTS 77: https://git-scm.com/docs/gitattributes."""
    pwned = tmp_path / "pwned"
    evil = f"[filter \"evil\"]\n\tclean = touch '{pwned}'; cat\n"
    write_files(base, {".gitattributes": f"{rule}\n", ".gitconfig": evil})
    git(base, "add", "--all")
    git(base, "commit", "-qm", "attributes")
    there = (base / REFUND).read_bytes()
    save(base, REFUND, change(there, EntryChange(answer="Three days.")), there, person=BEN)
    saved = save(base, REFUND, change(there, EntryChange(answer="Ten days.")), there)
    assert saved.is_committed
    assert saved.variant, "two versions of the same words were mixed"
    entry = read(REFUND, in_head(base, REFUND) or b"")
    assert entry.answer == "Three days."
    assert not pwned.exists()


def test_histories_are_read_in_several_threads_at_once(base: Path) -> None:
    """FAULTS 80, no `Repo` is used from two threads: https://github.com/gitpython-developers/GitPython/blob/main/git/cmd.py."""
    for number in range(3):
        there = (base / REFUND).read_bytes()
        save(base, REFUND, change(there, EntryChange(answer=f"Answer {number}.")), there)
    lengths: list[int] = []
    with opened(base) as knowledge:
        threads = [
            threading.Thread(target=lambda: lengths.extend(len(knowledge.history(REFUND)[1]) for _ in range(5)))
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
            assert not thread.is_alive(), "a thread hangs in GitPython"
    assert lengths == [4] * 30


@pytest.mark.parametrize(
    "settings",
    [
        {"protocol.allow": "always", "url.ext::sh -c pwned.insteadOf": "https://"},
        {"remote.origin.url": "ext::sh -c touch% pwned"},
        {"remote.origin.url": "-oProxyCommand=touch pwned"},
        {"remote.origin.uploadpack": "touch pwned; git-upload-pack"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_a_save_reaches_for_no_remote_whatever_its_url(base: Path, settings: dict[str, str]) -> None:
    """FAULTS 76: https://github.com/gitpython-developers/GitPython/issues/1515."""
    for key, value in settings.items():
        git(base, "config", key, value)
    assert save(base, NEW, NEW_WORDS, save_id="one").is_committed
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert not list(base.rglob("pwned"))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="descriptors are counted in /proc")
def test_many_saves_and_looks_leave_nothing_open(base: Path, person: object) -> None:
    """FAULTS 79, a short session of the same kind: https://github.com/packit/packit/pull/1384."""
    own = Path(f"/proc/{os.getpid()}")

    def held() -> tuple[int, int]:
        gc.collect()  # readers of an index that has been merged away refer to each other
        children = (own / "task" / str(os.getpid()) / "children").read_text().split()
        return len(list((own / "fd").iterdir())), len(children)

    with opened(base) as knowledge:
        counts = []
        for number in range(40):
            knowledge.ask(f"Question {number}?")
            knowledge.search("question")
            knowledge.history(REFUND)
            counts.append(held())
    assert max(fds for fds, _ in counts[20:]) <= max(fds for fds, _ in counts[:20]) + 5
    assert {children for _, children in counts} == {counts[0][1]}


def test_a_save_without_any_change_is_no_trouble(base: Path) -> None:
    """FAULTS S1: https://github.com/Kiln-AI/Kiln/tree/main/app/desktop/git_sync/integration_tests."""
    there = (base / REFUND).read_bytes()
    head = git(base, "rev-parse", "HEAD")
    saved = saver_of(base).save(record(REFUND, there, there, save_id="one"))
    assert (saved.is_committed, saved.waiting_for) == (True, "")
    assert git(base, "rev-parse", "HEAD") == head
    assert is_in_peace(base)
    assert run_git(base, "fsck").returncode == 0
