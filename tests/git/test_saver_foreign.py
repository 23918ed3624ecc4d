"""Other people's hooks, settings, filters, line ends and disks: none of them blocks, changes or loses a save."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from kbtui.entry.file_format import change, read
from kbtui.entry.model import EntryChange
from kbtui.errors import NotSavedError
from kbtui.git.saver import Saved
from tests.git.saves import NEW, NEW_WORDS, is_in_peace, is_kept, save, saver_of
from tests.helpers import ANA, BEN, REFUND, commits, git, in_head, journal_of, status, write_files

HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-index-change", "reference-transaction")


def _put_hooks(folder: Path, script: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in HOOKS:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)


@pytest.mark.parametrize("script", ["echo no >&2; exit 1", "sleep 60", "touch .git/ran-by-hook; exit 0"])
@pytest.mark.parametrize("where", ["default", "hooksPath"])
def test_somebody_s_hook_neither_blocks_nor_sees_a_save(base: Path, script: str, where: str) -> None:
    """FAULTS 60, 61: https://github.com/desktop/desktop/issues/17103, https://github.com/typicode/husky/issues/435."""
    _put_hooks(base / ".git" / ("hooks" if where == "default" else "husky"), script)
    if where == "hooksPath":
        git(base, "config", "core.hooksPath", ".git/husky", hooks=True)
    started = time.monotonic()
    assert save(base, NEW, NEW_WORDS, save_id="one").is_committed
    assert time.monotonic() - started < 30
    assert not (base / ".git" / "ran-by-hook").exists()
    assert is_kept(base, NEW, NEW_WORDS, "one")


@pytest.mark.parametrize(
    "settings",
    [
        {"commit.gpgSign": "true", "gpg.program": "false", "user.signingKey": "ABCDEF"},
        {"commit.gpgSign": "true", "gpg.format": "ssh", "gpg.ssh.program": "false"},
        {"user.useConfigOnly": "true"},
        {"commit.template": "/nowhere", "commit.cleanup": "scissors", "commit.verbose": "true"},
        {"core.editor": "false", "core.pager": "false", "core.askPass": "false"},
        {"core.fsmonitor": "false", "core.untrackedCache": "true", "index.version": "4"},
        {"status.showUntrackedFiles": "no", "add.ignoreErrors": "true", "diff.noprefix": "true"},
        {"core.quotePath": "true", "core.precomposeUnicode": "true", "i18n.logOutputEncoding": "latin1"},
    ],
    ids=lambda settings: ",".join(settings),
)
def test_somebody_s_settings_do_not_block_a_save(base: Path, settings: dict[str, str]) -> None:
    """FAULTS 58, 59, no identity, signing: https://github.com/gitbutlerapp/gitbutler/issues/8345."""
    for key, value in settings.items():
        git(base, "config", key, value)
    assert save(base, NEW, NEW_WORDS, save_id="one").is_committed
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert git(base, "log", "-1", "--format=%an <%ae> %G?") == f"{ANA} N"


def test_the_environment_of_a_hook_does_not_lead_a_save_astray(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULTS 63: https://github.com/j178/prek/issues/2505."""
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    saved = save(base, NEW, NEW_WORDS, save_id="one")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name)
    assert saved.is_committed
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert not (other / "index").exists()


def test_a_user_who_speaks_german(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS S12: no decision depends on translated text, such as what is said of a lock.

    https://github.com/jesseduffield/lazygit/blob/master/pkg/commands/git_commands/rebase.go
    """
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv("LANGUAGE", "de")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    (base / ".git" / "index.lock").touch()
    assert save(base, NEW, NEW_WORDS, save_id="one").is_committed
    (base / ".git" / "index.lock").unlink()
    (base / ".git" / "refs" / "heads" / "main.lock").touch()
    assert not save(base, "a.md", NEW_WORDS, save_id="two").is_committed
    (base / ".git" / "refs" / "heads" / "main.lock").unlink()
    assert saver_of(base).drain()["two"].is_committed
    assert is_in_peace(base)


# Bytes that do not come back as they were


def test_bytes_that_a_filter_changes_are_not_called_saved(base: Path) -> None:
    """FAULTS 10, saved means read back: https://git-scm.com/docs/gitattributes#_filter."""
    write_files(base, {".gitattributes": "*.md filter=shout\n"})
    git(base, "commit", "-qam", "filter")
    git(base, "config", "filter.shout.clean", "tr a-z A-Z")
    saved = save(base, NEW, NEW_WORDS, save_id="one")
    assert not saved.is_committed
    assert [each.content for each in journal_of(base).pending()] == [NEW_WORDS]
    git(base, "config", "--unset", "filter.shout.clean")
    os.utime(base / NEW, (time.time() + 5, time.time() + 5))  # git looks at a file again only where its time differs
    assert saver_of(base).drain()["one"].is_committed
    assert in_head(base, NEW) == NEW_WORDS


@pytest.mark.parametrize(
    "settings", [{}, {"core.autocrlf": "true"}, {"core.autocrlf": "input"}, {"core.safecrlf": "true"}]
)
def test_windows_line_ends_make_no_whole_file_diff(base: Path, settings: dict[str, str]) -> None:
    """FAULTS 56: https://github.com/Vinzent03/obsidian-git/issues/700, https://github.com/Vinzent03/obsidian-git/issues/164."""
    for key, value in settings.items():
        git(base, "config", key, value)
    (base / REFUND).write_bytes((base / REFUND).read_bytes().replace(b"\n", b"\r\n"))
    there = (base / REFUND).read_bytes()
    mine = change(there, EntryChange(owner="Priya Nair"))
    assert mine.count(b"\r\n") == mine.count(b"\n")
    assert save(base, REFUND, mine, there).is_committed
    assert git(base, "diff", "--numstat", "HEAD~1") == f"1\t1\t{REFUND}"
    assert b"\r" not in (in_head(base, REFUND) or b"")
    assert is_in_peace(base)


def test_line_ends_alone_are_no_conflict(base: Path) -> None:
    """FAULTS 56: one opened the file with LF, somebody's editor has turned it into CRLF."""
    opened = (base / REFUND).read_bytes()
    mine = change(opened, EntryChange(answer="Ten days."))
    (base / REFUND).write_bytes(opened.replace(b"\n", b"\r\n"))
    saved = save(base, REFUND, mine, opened)
    assert (saved.is_committed, saved.variant) == (True, "")
    assert read(REFUND, in_head(base, REFUND) or b"").answer == "Ten days."


def test_a_file_of_mixed_line_ends_is_saved(base: Path) -> None:
    """FAULTS 56, a mixed file."""
    mixed = NEW_WORDS.replace(b"state: not-validated\n", b"state: not-validated\r\n")
    assert save(base, NEW, mixed).is_committed
    assert status(base) == ""


# The disk is full


def _full_for(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    """Let the disk be full for everything that is forced to it below a folder."""
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").resolve().is_relative_to(place):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)


def _full_from(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the disk be full from the n-th file that is forced to it."""
    real, files = os.fsync, itertools.count(1)

    def fsync(descriptor: int) -> None:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode) and next(files) >= number:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)


def _tried(base: Path, path: str, content: bytes, opened: bytes | None) -> tuple[Saved | None, str]:
    """Save, and return what became of it, or what a person is told who must keep the words."""
    try:
        return save(base, path, content, opened, save_id="one"), ""
    except NotSavedError as error:
        return None, error.message


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("kind", ["new", "edit", "contested"])
def test_the_disk_is_full_from_one_moment_on(
    base: Path, monkeypatch: pytest.MonkeyPatch, kind: str, number: int
) -> None:
    """FAULTS 4, the journal, the entry, the variant: either the words are safe, or nothing has changed.

    https://github.com/web-platform-tests/wpt.live/issues/37
    """
    there = (base / REFUND).read_bytes()
    path, opened, mine = NEW, None, NEW_WORDS
    if kind != "new":
        path, opened = REFUND, there
        mine = change(there, EntryChange(answer="Ten days.", tags=("refunds", "ten")))
    if kind == "contested":
        save(base, REFUND, change(there, EntryChange(answer="Three days.")), there, person=BEN)
    before = commits(base), sorted(base.rglob("*.md")), (base / REFUND).read_bytes()
    with monkeypatch.context() as broken:
        _full_from(broken, number)
        saved, complaint = _tried(base, path, mine, opened)
    if saved is None:
        assert "this disk is full" in complaint
        assert (commits(base), sorted(base.rglob("*.md")), (base / REFUND).read_bytes()) == before
        assert is_in_peace(base), "something of what is not saved is left"
        saved = save(base, path, mine, opened, save_id="one")
        assert saved.is_committed
    assert "Not saved" not in saved.waiting_for, "told to be saved and not saved in one sentence"
    saver_of(base).drain()
    kept = in_head(base, saved.variant or path)
    assert kept == mine
    assert is_in_peace(base)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="which file is written is read from /proc")
def test_the_disk_is_full_for_the_journal(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 4, the journal: nothing has changed, and nothing is called saved."""
    with monkeypatch.context() as broken:
        _full_for(broken, Path(os.environ["KBTUI_HOME"]))
        with pytest.raises(NotSavedError, match="this disk is full"):
            save(base, NEW, NEW_WORDS)
    assert journal_of(base).pending() == []
    assert not (base / NEW).exists()


@contextmanager
def _tiny_disk(folder: Path) -> Iterator[None]:
    """Put a full disk of 32 KiB over a folder."""
    command = ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a tiny disk can be mounted by root on Linux only")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _fill(file: Path) -> None:
    """Write until the disk is full."""
    with suppress(OSError), file.open("wb", buffering=0) as opened:
        while opened.write(b"x" * 512):
            pass


def test_the_disk_is_full_for_git_s_objects(base: Path, tmp_path: Path) -> None:
    """FAULTS 4, the object store: the words are safe in the journal, and arrive when there is room."""
    objects = base / ".git" / "objects"
    shutil.copytree(objects, tmp_path / "objects")
    with _tiny_disk(objects):
        (objects / "info").mkdir()
        (objects / "info" / "alternates").write_text(f"{tmp_path / 'objects'}\n")
        _fill(objects / "filler")
        saved = save(base, NEW, NEW_WORDS, save_id="one")
        assert not saved.is_committed
        assert (base / NEW).read_bytes() == NEW_WORDS
    assert [each.content for each in journal_of(base).pending()] == [NEW_WORDS]
    assert saver_of(base).drain()["one"].is_committed
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert is_in_peace(base)
