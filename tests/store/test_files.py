"""Which files are entries, and that nothing outside the base is ever read or written through them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kbtui.errors import NoSuchEntryError, RefusedError
from kbtui.store.files import EntryFiles, Stamp
from tests.helpers import write_files

HOSTILE_PATHS = (
    *("../outside.md", "a/../../outside.md", "..", "../", "a/../b.md", "/etc/passwd.md", "/etc/passwd", "", "."),
    *("a\\b.md", "..\\outside.md", "a\0.md", "\0", ".hidden.md", ".git/config.md", "a/.git/x.md", "a/.md"),
    *("kb.toml", "a/b.txt", "events", "a.MD", "a.md/"),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    (tmp_path / "outside.md").write_bytes(b"a secret")
    return folder


def _paths(root: Path, ignore: tuple[str, ...] = ()) -> list[str]:
    return sorted(EntryFiles(root, ignore).scan().stamps)


def test_every_markdown_file_is_an_entry_with_its_stamp(root: Path) -> None:
    write_files(root, {"a.md": "one", "b/c d/é.md": "three", "b/x.txt": "no", "kb.toml": "", "b/y.md.bak": "no"})
    scan = EntryFiles(root).scan()
    status = (root / "a.md").stat()
    assert sorted(scan.stamps) == ["a.md", "b/c d/é.md"]
    assert scan.stamps["a.md"] == Stamp(3, status.st_mtime_ns) == EntryFiles(root).stamp("a.md")
    assert scan.passed_over == ()


def test_hidden_files_hidden_folders_and_events_are_skipped(root: Path) -> None:
    names = (".a.md", ".git/b.md", "x/.obsidian/c.md", "events/ana/2026-11.md", ".kbtui-12.tmp")
    write_files(root, dict.fromkeys(names, "no") | {"x/events/d.md": "yes"})
    assert _paths(root) == ["x/events/d.md"]


def test_what_the_team_ignores_is_no_entry(root: Path) -> None:
    write_files(root, dict.fromkeys(("README.md", "x/README.md", "templates/a.md", "b.md"), "text"))
    assert _paths(root, ("README.md", "templates/*")) == ["b.md", "x/README.md"]


def test_links_are_not_followed_when_looking(root: Path, tmp_path: Path) -> None:
    """FAULTS 73: https://github.com/juspay/kolu/pull/1128."""
    write_files(tmp_path / "elsewhere", {"deep.md": "secret"})
    write_files(root, {"a.md": "one"})
    (root / "link.md").symlink_to(tmp_path / "outside.md")
    (root / "dangling.md").symlink_to(tmp_path / "nowhere")
    (root / "folder").symlink_to(tmp_path / "elsewhere")
    (root / "loop").symlink_to(root)
    scan = EntryFiles(root).scan()
    assert list(scan.stamps) == ["a.md"]
    assert {path for path, _ in scan.passed_over} == {"link.md", "dangling.md"}
    assert all("link" in reason for _, reason in scan.passed_over)


def test_links_are_not_followed_when_reading_or_writing(root: Path, tmp_path: Path) -> None:
    """FAULTS 73: https://github.com/adcontextprotocol/adcp/pull/6113."""
    outside = tmp_path / "elsewhere"
    write_files(outside, {"deep.md": "secret"})
    (root / "link.md").symlink_to(tmp_path / "outside.md")
    (root / "folder").symlink_to(outside)
    files = EntryFiles(root)
    for path in ("link.md", "folder/deep.md"):
        with pytest.raises(RefusedError):
            files.read(path)
    with pytest.raises(RefusedError):
        files.write("folder/deep.md", b"changed")
    with pytest.raises(RefusedError):
        files.write("folder/new.md", b"changed")
    files.write("link.md", b"changed")
    assert files.stamp("link.md") is not None
    assert (tmp_path / "outside.md").read_bytes() == b"a secret"
    assert sorted(path.name for path in outside.iterdir()) == ["deep.md"]
    assert (outside / "deep.md").read_bytes() == b"secret"


def test_a_file_that_becomes_a_link_while_it_is_opened_is_not_read(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULTS 73: the look and the opening are two steps, and somebody may come between them."""
    write_files(root, {"a.md": "one"})
    honest = os.lstat(root / "a.md")
    (root / "a.md").unlink()
    (root / "a.md").symlink_to(tmp_path / "outside.md")
    monkeypatch.setattr(os, "lstat", lambda _: honest)
    with pytest.raises(RefusedError):
        EntryFiles(root).read("a.md")


@pytest.mark.parametrize("path", HOSTILE_PATHS)
def test_a_path_that_is_no_path_of_an_entry_is_refused(root: Path, tmp_path: Path, path: str) -> None:
    """FAULTS 74, `../`, absolute, NUL, backslash: https://github.com/Linbreux/wikmd/issues/80."""
    files = EntryFiles(root)
    before = sorted(tmp_path.rglob("*"))
    for use in (files.read, files.locate, files.read_if_there, lambda p: files.write(p, b"x")):
        with pytest.raises(RefusedError):
            use(path)
    assert files.stamp(path) is None
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("path", ["-rf.md", ":(top)x.md", "*.md", "a/--help.md", "~/x.md", "$HOME.md", "a b/ü;x.md"])
def test_an_odd_but_honest_name_is_an_entry(root: Path, path: str) -> None:
    """FAULTS S21: `-rf.md` or `:(top)x.md` are names like any other."""
    files = EntryFiles(root)
    files.write(path, b"words")
    assert files.read(path) == b"words"
    assert _paths(root) == [path]


@pytest.mark.parametrize("name", [b"a\\b.md", b"\x1b]52;c;x\x07.md", b"a\nb.md", b"\xff.md", "a\u202eb.md".encode()])
def test_a_name_that_cannot_be_shown_is_passed_over_and_reported(root: Path, name: bytes) -> None:
    """FAULTS 72, 74: a file's name is as hostile as its text."""
    (root / os.fsdecode(name)).write_bytes(b"words")
    scan = EntryFiles(root).scan()
    assert scan.stamps == {}
    assert [path for path, _ in scan.passed_over] == [os.fsdecode(name)]


def test_names_that_differ_in_case_only_are_two_entries(root: Path) -> None:
    """FAULTS 54: https://github.com/patriciogonzalezvivo/glslViewer/issues/389."""
    write_files(root, {"Refund.md": "one"})
    if (root / "refund.md").exists():
        pytest.skip("this disk does not tell upper case from lower case")
    write_files(root, {"refund.md": "two"})
    files = EntryFiles(root)
    assert _paths(root) == ["Refund.md", "refund.md"]
    assert (files.read("Refund.md"), files.read("refund.md")) == (b"one", b"two")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_plain_file_is_not_read_and_does_not_hang(root: Path) -> None:
    os.mkfifo(root / "pipe.md")
    (root / "folder.md").mkdir()
    files = EntryFiles(root)
    assert _paths(root) == []
    for path in ("pipe.md", "folder.md"):
        assert files.stamp(path) is None
        with pytest.raises(RefusedError):
            files.read(path)


def test_of_a_giant_file_only_the_beginning_is_read(root: Path) -> None:
    """FAULTS 75, a 50 MB entry: bounded time and memory."""
    with (root / "giant.md").open("wb") as file:
        file.truncate(50_000_000)
    assert len(EntryFiles(root).read("giant.md")) == 2 * 1024 * 1024


def test_a_file_that_is_not_there(root: Path) -> None:
    files = EntryFiles(root)
    with pytest.raises(NoSuchEntryError):
        files.read("gone.md")
    assert files.read_if_there("gone.md") is None
    assert files.stamp("gone.md") is None


def test_a_folder_that_cannot_be_read_is_reported_and_the_others_are_looked_at(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(root, {"closed/a.md": "one", "open/b.md": "two"})
    real = os.scandir

    def scandir(folder: Path) -> Iterator[os.DirEntry[str]]:
        if Path(folder).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    scan = EntryFiles(root).scan()
    assert list(scan.stamps) == ["open/b.md"]
    assert [path for path, _ in scan.passed_over] == ["closed/"]


def test_a_file_that_goes_while_the_folder_is_looked_at_is_no_trouble(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lead's `git checkout` removes files between the listing of a folder and the look at each name."""
    write_files(root, {"a.md": "one", "b.md": "two"})
    real = os.scandir

    def scandir(folder: Path) -> list[os.DirEntry[str]]:
        names = list(real(folder))
        (root / "a.md").unlink(missing_ok=True)
        return names

    monkeypatch.setattr(os, "scandir", scandir)
    assert list(EntryFiles(root).scan().stamps) == ["b.md"]
