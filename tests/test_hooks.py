"""Hooks make search sooner, and nothing relies on them; none of them ever stops or slows a lead's git.

The hooks are the installed ones, called by plain git.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from kbtui.doctor import examine
from kbtui.errors import UsageError
from kbtui.git import hook_files
from kbtui.git.hook_files import HOOK_NAMES, HookState
from kbtui.hooks import Refusal, after_change, before_commit
from kbtui.knowledge import Knowledge
from kbtui.open import OpenBase
from tests.helpers import (
    PASSWORD,
    REFUND,
    environment,
    eventually,
    found,
    git,
    in_head,
    opened,
    parts_of,
    repository_of,
    run_git,
    run_kbtui,
    status,
    write_files,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="leads' hooks are shell scripts")

BROKEN = "---\nid: x\nnever closed\n# Words\n"
"""A file whose header is opened and never closed: it is shown as plain text."""


@pytest.fixture
def indexed(base: Path) -> OpenBase:
    """Return the parts of a base that has been searched once; nobody refreshes its index but the hooks."""
    with opened(base):
        pass
    return parts_of(base)


def _commit(base: Path, path: str, text: str, message: str = "by hand") -> None:
    write_files(base, {path: text})
    git(base, "add", path)
    git(base, "commit", "-qm", message, hooks=True)


def _finds(parts: OpenBase, words: str, path: str) -> bool:
    try:
        return path in found(Knowledge(parts), words)
    finally:
        parts.index.close()


def _removed(base: Path) -> None:
    for name in HOOK_NAMES:
        (base / ".git" / "hooks" / name).unlink()


# Finding what leads do with plain git


def test_a_plain_commit_is_indexed_in_the_background(base: Path, indexed: OpenBase) -> None:
    _commit(base, "lead/new.md", "# Where is the zebra?\n")
    eventually(lambda: _finds(indexed, "zebra", "lead/new.md"), "post-commit indexes")


def test_a_merge_and_a_pull_are_indexed_in_the_background(base: Path, indexed: OpenBase, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(base), "other")
    other = tmp_path / "other"
    write_files(other, {"pulled.md": "# Where is the giraffe?\n"})
    git(other, "add", ".")
    git(other, "commit", "-qm", "elsewhere")
    git(base, "remote", "add", "origin", str(other))
    git(base, "pull", "-q", "origin", "main", hooks=True)
    eventually(lambda: _finds(indexed, "giraffe", "pulled.md"), "post-merge indexes")
    git(base, "checkout", "-qb", "side")
    write_files(base, {PASSWORD: "# Where is the tapir?\n"})
    git(base, "commit", "-qam", "side")
    git(base, "checkout", "-q", "main")
    git(base, "merge", "-q", "--no-ff", "-m", "merged", "side", hooks=True)
    eventually(lambda: _finds(indexed, "tapir", PASSWORD), "post-merge indexes a merge")


def test_a_checkout_is_indexed_in_the_background(base: Path, indexed: OpenBase) -> None:
    git(base, "checkout", "-qb", "side")
    write_files(base, {PASSWORD: "# Where is the tapir?\n"})
    git(base, "commit", "-qam", "side")
    with opened(base):
        pass
    git(base, "checkout", "-q", "main", hooks=True)
    eventually(lambda: not _finds(indexed, "tapir", PASSWORD), "post-checkout indexes")


def test_amends_and_rebases_are_indexed_in_the_background(base: Path, indexed: OpenBase) -> None:
    """FAULTS 64: hooks that fire twice, or during a rebase, do no harm; https://git-scm.com/docs/githooks#_post_rewrite."""
    _commit(base, "lead/a.md", "# Where is the zebra?\n")
    write_files(base, {"lead/a.md": "# Where is the okapi?\n"})
    git(base, "commit", "-qa", "--amend", "--no-edit", hooks=True)
    git(base, "checkout", "-q", "-b", "side", "HEAD~1", hooks=True)
    _commit(base, "lead/b.md", "# Where is the tapir?\n")
    git(base, "rebase", "-q", "main", hooks=True)
    eventually(
        lambda: _finds(indexed, "okapi", "lead/a.md") and _finds(indexed, "tapir", "lead/b.md"),
        "the hooks of a rebase index",
    )
    assert not _finds(indexed, "zebra", "lead/a.md")
    assert indexed.index.verify() == []
    indexed.index.close()


@pytest.mark.parametrize("how", ["removed", "not executable", "hooksPath"])
def test_without_hooks_the_next_search_finds_it(base: Path, indexed: OpenBase, how: str) -> None:
    """FAULTS 60: nothing depends on a hook having run, https://github.com/pre-commit/pre-commit/issues/1298."""
    if how == "removed":
        _removed(base)
    elif how == "not executable":
        for name in HOOK_NAMES:
            (base / ".git" / "hooks" / name).chmod(0o644)
    else:
        git(base, "config", "core.hooksPath", "/no/such/folder", hooks=True)
    _commit(base, "lead/new.md", "# Where is the zebra?\n")
    write_files(base, {PASSWORD: "# Where is the giraffe?\n"})
    ran = run_kbtui("--kb", base, "search", "zebra giraffe", "--json")
    assert ran.status == 0
    assert {hit["card"]["path"] for hit in ran.json["hits"]} == {"lead/new.md", PASSWORD}
    report = hook_files.status(parts_of(base).repository)
    assert not report.all_live, "doctor would say that hooks are live which git does not run"
    assert all("All live" not in item.words for item in examine(base, environment()))


def test_what_a_hook_reports_and_that_it_never_raises(base: Path, tmp_path: Path) -> None:
    assert after_change(base, environment()) == "5 indexed, 0 removed"
    assert after_change(base, environment()) == "0 indexed, 0 removed"
    assert "no knowledge base" in after_change(tmp_path, environment())
    assert "git is not installed" in after_change(base, environment({"PATH": str(tmp_path)}))


# Never in the way


def test_a_commit_does_not_wait_for_its_hook(base: Path, tmp_path: Path) -> None:
    """FAULTS 62, descriptors redirected (8.0 s against 0.0 s): https://github.com/desktop/desktop/issues/8847."""
    marker = tmp_path / "began"
    slow = tmp_path / "slow-python"
    slow.write_text(f'#!/bin/sh\ncase "$*" in *pre-commit*) exit 0;; esac\ntouch "{marker}"\nsleep 15\n')
    slow.chmod(0o755)
    git(base, "config", "kbtui.python", str(slow))
    write_files(base, {"lead/new.md": "# Words\n"})
    git(base, "add", ".")
    started = time.monotonic()
    ended = run_git(base, "commit", "-qm", "by hand", hooks=True)  # it is read until its output is closed
    assert time.monotonic() - started < 12
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
    eventually(marker.exists, "the hook runs all the same")


@pytest.mark.parametrize("how", ["gone", "no program", "no kbtui", "base gone", "empty", "crashes"])
def test_a_broken_installation_does_not_stop_a_commit(base: Path, tmp_path: Path, how: str) -> None:
    """FAULTS S15, the hook's Python or venv is gone: https://github.com/desktop/desktop/issues/1734."""
    program = tmp_path / "python"
    scripts = {
        "no program": "",
        "no kbtui": f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n',
        "crashes": "#!/bin/sh\necho 'Traceback (most recent call last):' >&2\nexit 1\n",
    }
    if how in scripts:
        program.write_text(scripts[how])
        program.chmod(0o644 if how == "no program" else 0o755)
    if how == "base gone":
        git(base, "config", "kbtui.base", "moved/away")
    else:
        git(base, "config", "kbtui.python", "" if how == "empty" else str(program))
    write_files(base, {PASSWORD: "# Changed by hand\n"})
    ended = run_git(base, "commit", "-qam", "by hand", hooks=True)
    assert ended.returncode == 0, ended.stderr.decode()
    assert in_head(base, PASSWORD) == b"# Changed by hand\n"


def test_hooks_write_nothing_into_the_repository(base: Path, indexed: OpenBase) -> None:
    """DESIGN 9: always exit 0, no git writes."""
    _commit(base, "lead/new.md", "# Where is the zebra?\n")
    head = git(base, "rev-parse", "HEAD")
    eventually(lambda: _finds(indexed, "zebra", "lead/new.md"), "post-commit indexes")
    assert git(base, "rev-parse", "HEAD") == head
    assert status(base) == ""


def test_hooks_work_where_git_has_set_its_own_variables(base: Path, indexed: OpenBase, tmp_path: Path) -> None:
    """FAULTS 63: https://github.com/j178/prek/issues/2505."""
    write_files(base, {"lead/new.md": "# Where is the zebra?\n", "lead/other.md": "# Where is the tapir?\n"})
    env = {"GIT_DIR": str(base / ".git"), "GIT_WORK_TREE": str(base), "GIT_INDEX_FILE": str(base / ".git" / "index")}
    git(tmp_path, "add", "--all", env=env)
    git(tmp_path, "commit", "-qm", "from elsewhere", hooks=True, env=env)
    eventually(lambda: _finds(indexed, "zebra", "lead/new.md"), "post-commit indexes the right base")
    assert status(base) == ""


def test_hooks_of_a_linked_work_tree_and_of_a_base_in_a_subfolder(base: Path, tmp_path: Path) -> None:
    """FAULTS S4."""
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q", "-b", "main")
    shutil.copytree(base / "refunds", outer / "kb" / "refunds")
    ran = run_kbtui("init", "kb", cwd=outer)
    assert ran.status == 0, ran.err
    git(outer, "add", ".")
    git(outer, "commit", "-qm", "all")
    with opened(outer / "kb"):
        pass
    _commit(outer, "kb/new.md", "# Where is the zebra?\n")
    eventually(lambda: _finds(parts_of(outer / "kb"), "zebra", "new.md"), "a subfolder's base is indexed")
    tree = tmp_path / "tree"
    git(outer, "worktree", "add", "-q", "-b", "other", str(tree))
    write_files(tree, {"kb/bad.md": BROKEN})
    git(tree, "add", ".")
    ended = run_git(tree, "commit", "-qm", "bad", hooks=True)
    assert ended.returncode != 0
    assert b"kb/bad.md:1:" in ended.stderr


@pytest.mark.parametrize("module", ["kbtui", "typer", "json"])
def test_nothing_in_the_tree_becomes_a_program(base: Path, indexed: OpenBase, tmp_path: Path, module: str) -> None:
    """FAULTS 78: a pulled commit must not become code on every rep's machine, https://git-scm.com/docs/git#_security."""
    marker = tmp_path / "pwned"
    crime = f"import pathlib; pathlib.Path({str(marker)!r}).touch()\nraise SystemExit(0)\n"
    write_files(base, {f"{module}/__init__.py": crime, f"{module}/__main__.py": crime})
    _commit(base, "lead/new.md", "# Where is the zebra?\n")
    eventually(lambda: marker.exists() or _finds(indexed, "zebra", "lead/new.md"), "the hook comes to an end")
    assert not marker.exists(), "a hook has run a file of the pulled tree"


# Before a commit


@pytest.mark.parametrize("how", ["add", "all", "only", "amend", "first"])
def test_an_entry_that_does_not_parse_is_named_before_it_is_committed(base: Path, how: str) -> None:
    """FAULTS 63 (GIT_INDEX_FILE of `-a` and `--only`), DESIGN 9: names file and line."""
    if how == "first":
        git(base, "checkout", "-q", "--orphan", "new")
    write_files(base, {REFUND: BROKEN})
    commands = {
        "all": ("commit", "-qam", "x"),
        "only": ("commit", "-qm", "x", "--only", "--", REFUND),
        "amend": ("commit", "-q", "--amend", "--no-edit", "-a"),
    }
    if how in ("add", "first"):
        git(base, "add", REFUND)
    before = git(base, "rev-parse", "--verify", "-q", "HEAD", check=False)
    ended = run_git(base, *commands.get(how, ("commit", "-qm", "x")), hooks=True)
    assert ended.returncode != 0
    said = ended.stderr.decode()
    assert f"{REFUND}:1: " in said
    assert "--no-verify" in said
    assert "Traceback" not in said
    assert git(base, "rev-parse", "--verify", "-q", "HEAD", check=False) == before
    verb, *rest = commands.get(how, ("commit", "-qm", "x"))
    git(base, verb, "--no-verify", *rest, hooks=True)  # a lead may


def test_what_is_staged_counts_not_what_lies_in_the_folder(base: Path) -> None:
    write_files(base, {PASSWORD: BROKEN})
    git(base, "add", PASSWORD)
    write_files(base, {PASSWORD: "# Mended, not staged\n"})
    assert run_git(base, "commit", "-qm", "x", hooks=True).returncode != 0
    git(base, "add", PASSWORD)
    write_files(base, {PASSWORD: BROKEN})
    ended = run_git(base, "commit", "-qm", "x", hooks=True)
    assert ended.returncode == 0, ended.stderr.decode()
    assert in_head(base, PASSWORD) == b"# Mended, not staged\n"


def test_only_what_is_being_committed_counts(base: Path) -> None:
    """`git commit --only` takes one path; a broken file that is staged beside it stays out of it."""
    write_files(base, {PASSWORD: BROKEN, REFUND: "# Good\n"})
    git(base, "add", PASSWORD)
    ended = run_git(base, "commit", "-qm", "x", "--only", "--", REFUND, hooks=True)
    assert ended.returncode == 0, ended.stderr.decode()


def test_what_is_no_entry_or_only_a_note_stops_nothing(base: Path) -> None:
    write_files(
        base,
        {
            "notes.txt": BROKEN,
            "program.py": "---\n",
            "note.md": "---\nstate: maybe\n---\n# A note\n\n[x](gone.md)\n",
            "link-target": "x",
        },
    )
    (base / "link.md").symlink_to("link-target")
    git(base, "add", "--all")
    git(base, "rm", "-q", PASSWORD)
    ended = run_git(base, "commit", "-qm", "x", hooks=True)
    assert ended.returncode == 0, ended.stderr.decode()


@pytest.mark.parametrize(
    "path", ["README.md", ".github/ISSUE_TEMPLATE/bug.md", "events/ana/notes.md", "templates/new.md"]
)
def test_markdown_that_is_no_entry_of_this_base_stops_nothing(base: Path, path: str) -> None:
    """What `ignore` in kb.toml names, and hidden folders, hold no entries; their headers are their own business."""
    write_files(base, {"kb.toml": 'name = "x"\nignore = ["README.md", "templates/*"]\n', path: BROKEN})
    git(base, "add", "--all")
    ended = run_git(base, "commit", "-qm", "x", hooks=True)
    assert ended.returncode == 0, ended.stderr.decode()


def test_a_broken_entry_may_be_deleted_and_a_mended_one_renamed(base: Path) -> None:
    write_files(base, {REFUND: BROKEN, PASSWORD: BROKEN})
    git(base, "commit", "-qam", "broken")
    git(base, "rm", "-q", REFUND)
    assert run_git(base, "commit", "-qm", "gone", hooks=True).returncode == 0
    git(base, "mv", PASSWORD, "moved.md")
    assert run_git(base, "commit", "-qm", "moved", hooks=True).returncode != 0


def test_refusals_in_a_base_of_a_subfolder(base: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    write_files(outer, {"kb/kb.toml": "", "kb/a b/ü.md": BROKEN, "docs/other.md": BROKEN})
    git(outer, "add", ".")
    refusals = before_commit(outer / "kb", environment())
    assert [(each.path, each.line) for each in refusals] == [("kb/a b/ü.md", 1)]
    assert isinstance(refusals[0], Refusal)


# Putting them there


def test_hooks_are_put_where_there_are_none_and_renewed(base: Path) -> None:
    repository = repository_of(base)
    assert hook_files.status(repository).all_live
    folder = base / ".git" / "hooks"
    (folder / "post-merge").unlink()
    (folder / "post-commit").write_text("#!/bin/sh\n# an older kbtui hook\n")
    (folder / "post-checkout").write_text("#!/bin/sh\necho mine\n")
    states = hook_files.status(repository).states
    assert states["post-merge"] is HookState.MISSING
    assert states["post-commit"] is HookState.OUTDATED
    assert states["post-checkout"] is HookState.FOREIGN
    after = hook_files.install(repository).states
    assert {name for name, state in after.items() if state is not HookState.LIVE} == {"post-checkout"}
    assert (folder / "post-checkout").read_text() == "#!/bin/sh\necho mine\n"
    assert git(base, "config", "kbtui.python") == sys.executable


def test_a_link_in_the_place_of_a_hook_is_not_written_through(base: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("#!/bin/sh\n# kbtui hook, old\n")
    hook = base / ".git" / "hooks" / "post-commit"
    hook.unlink()
    hook.symlink_to(target)
    hook_files.install(repository_of(base))
    assert target.read_text() == "#!/bin/sh\n# kbtui hook, old\n"


def test_a_hook_nobody_knows_is_refused(base: Path) -> None:
    ran = run_kbtui("hook", "pre-push", "--kb", base)
    assert ran.status == UsageError.code
    assert "pre-push" in ran.err
