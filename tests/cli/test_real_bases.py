"""Knowledge bases that nobody on this project wrote, each made a base of kbtui by `kbtui init` on its folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kbtui.entry.model import Severity
from tests.data import data_or_skip
from tests.helpers import found, git, harmless, opened, run_kbtui, status

FOLDERS = {
    "arduino": "markdown_kbs/arduino/files",
    "datatalks-faq": "markdown_kbs/datatalks-faq/files",
    "duckduckgo": "markdown_kbs/duckduckgo/files",
    "bitwarden": "markdown_kbs/bitwarden/files",
    "malformed": "markdown_kbs/malformed",
}


@pytest.mark.parametrize(("name", "has_history"), [*((name, False) for name in FOLDERS), ("malformed", True)])
def test_every_file_is_listed_searched_and_shown(tmp_path: Path, name: str, has_history: bool) -> None:
    """No crash, nothing rewritten, nothing lost, and `git status` clean apart from what init says it added."""
    root = Path(shutil.copytree(data_or_skip(FOLDERS[name]), tmp_path / name))
    for path in (root, *root.rglob("*")):
        path.chmod(path.stat().st_mode | 0o600)
    if has_history:
        git(root, "init", "-q")
        git(root, "add", "--all")
        git(root, "commit", "-qm", "theirs")
    before = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.md")}
    assert before
    made = run_kbtui("init", root)
    assert made.status == 0, made.err
    assert f"is a knowledge base with {len(before)} entries." in made.out
    assert "Added and committed: kb.toml, .gitattributes\n" in made.out
    assert status(root) == ""
    if has_history:
        assert sorted(git(root, "diff", "--name-only", "HEAD~1", "HEAD").splitlines()) == [".gitattributes", "kb.toml"]

    listed = run_kbtui("list", "--json", cwd=root)
    assert {entry["path"] for entry in listed.json["entries"]} == set(before)
    assert harmless(listed.out)

    broken: set[str] = set()
    with opened(root) as knowledge:
        for file, data in before.items():
            entry = knowledge.get(file)
            assert entry.path == file
            assert entry.question
            assert harmless(entry.question + entry.answer + entry.internal + entry.see_also)
            assert entry.answer or entry.internal or entry.see_also or not _says_something(data), file
            if not entry.readable:
                broken.add(file)
            is_found = file in found(knowledge, entry.question, limit=5) or file in found(
                knowledge, entry.question, 500
            )
            assert is_found, f"{entry.question!r} does not find {file}"
        errors = {each.path for each in knowledge.check() if each.severity is Severity.ERROR}
    assert broken <= errors, "a file that does not parse is not reported by name"
    if name == "malformed":
        checked = run_kbtui("check", cwd=root)
        assert checked.status == 5
        assert broken
        assert all(f"{path}:" in checked.out for path in broken)
        assert harmless(checked.out)

    one = min(broken or before)
    shown = run_kbtui("show", one, cwd=root)
    assert shown.status == 0
    assert harmless(shown.out)
    assert {path: (root / path).read_bytes() for path in before} == before
    assert status(root) == ""


def _says_something(data: bytes) -> bool:
    """Whether there is anything below the header and the question."""
    text = data.decode("utf-8", "replace").strip()
    body = text.split("\n---", 1)[-1] if text.startswith("---") else text
    return any(line.strip() and not line.startswith(("#", "-")) for line in body.splitlines())


def test_a_save_into_a_real_base(tmp_path: Path) -> None:
    """A rep goes to work in it: asks, answers, improves; every other file stays as it was."""
    root = Path(shutil.copytree(data_or_skip(FOLDERS["duckduckgo"]), tmp_path / "base"))
    assert run_kbtui("init", root).status == 0
    env = {"KBTUI_PERSON": "Ana"}
    path = min(file.relative_to(root).as_posix() for file in root.rglob("*.md"))
    ran = run_kbtui("edit", path, "--owner", "Priya Nair", cwd=root, env=env)
    assert ran.status == 0, ran.err
    assert git(root, "diff", "--numstat", "HEAD~1").split("\t")[2] == path
    assert git(root, "diff", "--numstat", "HEAD~1").split("\t")[1] == "0"
    assert run_kbtui("ask", "Does it work on a zebra?", cwd=root, env=env).status == 0
    assert "zebra" in run_kbtui("search", "zebra", cwd=root).out
    assert status(root) == ""
