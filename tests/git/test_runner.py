"""git never asks, never hangs, takes no stranger's settings, and is ended so that it can clean up."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from kbtui.errors import GitTroubleError
from kbtui.git import runner
from kbtui.git.runner import GitRunner
from kbtui.git.surroundings import LOCAL_VARIABLES
from tests.helpers import ANA, environment, eventually, git, harmless

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for git is a shell script")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "folder"
    place.mkdir()
    return place


def _with_git(tmp_path: Path, script: str, env: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Return an environment in which `git` is a shell script."""
    programs = tmp_path / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "git").write_text(f"#!/bin/sh\n{script}\n")
    (programs / "git").chmod(0o755)
    return environment({"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"} | dict(env or {}))


def _is_alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    try:
        if state.exists():
            return state.read_text().rpartition(")")[2].split()[0] != "Z"
        os.kill(pid, 0)
    except (ProcessLookupError, FileNotFoundError):
        return False
    return True


def test_a_late_git_is_told_to_end_and_removes_its_lock_itself(folder: Path, tmp_path: Path) -> None:
    """FAULTS 15: https://github.com/gitpython-developers/GitPython/blob/main/git/cmd.py."""
    script = """
    touch index.lock
    trap 'rm index.lock; echo politely > ended; exit 143' TERM
    for n in $(seq 1200); do sleep 0.05; done
    """
    started = time.monotonic()
    result = GitRunner(folder, _with_git(tmp_path, script)).run("commit", deadline=1.0)
    assert (result.status, result.is_ok) == (-1, False)
    assert "1 second" in result.complaint
    assert sorted(path.name for path in folder.iterdir()) == ["ended"]
    assert time.monotonic() - started >= 1.0


def test_a_git_that_nobody_wants_any_more_is_told_to_end_with_what_it_has_started(folder: Path, tmp_path: Path) -> None:
    """What it has written by then is there, and long input has reached it."""
    script = """
    trap 'echo politely > ended; exit 143' TERM
    sleep 600 & echo $! > child
    wc -c
    touch begun
    for n in $(seq 1200); do sleep 0.05; done
    """
    it = GitRunner(folder, _with_git(tmp_path, script)).with_cancel((folder / "begun").exists)
    result = it.run("fetch", given=b"x" * 300_000)
    assert (result.status, result.text.strip()) == (-1, "300000")
    assert (folder / "ended").exists()
    eventually(lambda: not _is_alive(int((folder / "child").read_text())), "its child to end")


def test_a_git_that_does_not_listen_is_killed_with_its_children_after_a_while(folder: Path, tmp_path: Path) -> None:
    """FAULTS 15, 26: SIGTERM to the whole group, three seconds, SIGKILL; the ssh child is dead too."""
    script = """
    sh -c 'trap "echo child >> asked" TERM; echo $$ > child; for n in $(seq 1200); do sleep 0.05; done' &
    echo $$ > parent
    trap 'echo parent >> asked' TERM
    for n in $(seq 1200); do sleep 0.05; done
    """
    started = time.monotonic()
    result = GitRunner(folder, _with_git(tmp_path, script)).run("fetch", deadline=1.0)
    assert time.monotonic() - started >= 4.0, "it was not given three seconds"
    assert result.status == -1
    asked = (folder / "asked").read_text().split()
    assert {"child", "parent"} <= set(asked), "SIGTERM did not come first, to both"
    for name in ("child", "parent"):
        pid = int((folder / name).read_text())
        eventually(lambda pid=pid: not _is_alive(pid), f"the {name} ends")  # type: ignore[misc]


def test_cancelled_commits_leave_no_locks(folder: Path) -> None:
    """FAULTS 15: 100 commits that are cancelled leave at most 2 locks; SIGKILL left them in 106 of 150."""
    git(folder, "init", "-q")
    for name in range(400):
        (folder / f"{name}.md").write_text("words " * 200)
    real = GitRunner(folder, environment())
    locks = 0
    for attempt in range(25):
        (folder / "0.md").write_text(f"attempt {attempt}")
        real.run("add", "--all", writes=True, deadline=0.002 + attempt * 0.0004)
        lock = folder / ".git" / "index.lock"
        locks += lock.exists()
        lock.unlink(missing_ok=True)
    assert locks <= 2


def test_nothing_can_be_asked(folder: Path, tmp_path: Path) -> None:
    """FAULTS 23-25: no prompt of any kind, a closed standard input, a session of its own without a terminal."""
    script = """
    env > environment
    cat > stdin
    python3 -c 'import os; print(os.getpid() == os.getsid(0) or os.getppid() == os.getsid(0))' > session
    """
    result = GitRunner(folder, _with_git(tmp_path, script, {"GIT_ASKPASS": "ask", "SSH_ASKPASS": "ask"})).run("fetch")
    assert result.is_ok
    said = dict(line.partition("=")[::2] for line in (folder / "environment").read_text().splitlines())
    assert said["GIT_TERMINAL_PROMPT"] == "0"
    assert said["GIT_EDITOR"] == ":"
    assert said["GIT_PAGER"] == "cat"
    assert said["GIT_LITERAL_PATHSPECS"] == "1"
    assert (said["GIT_ASKPASS"], said["SSH_ASKPASS"]) == ("", "")
    assert said["GIT_OPTIONAL_LOCKS"] == "0"
    assert (folder / "stdin").read_bytes() == b""
    assert (folder / "session").read_text().strip() == "True"


def test_what_a_surrounding_git_says_does_not_reach_this_one(folder: Path, tmp_path: Path) -> None:
    """FAULTS 63: https://github.com/j178/prek/issues/2505, https://github.com/pre-commit/pre-commit/issues/1849."""
    names = subprocess.run(["git", "rev-parse", "--local-env-vars"], capture_output=True, check=True, text=True)
    local = names.stdout.split()
    assert set(local) <= set(LOCAL_VARIABLES)
    env = _with_git(tmp_path, "env > environment", dict.fromkeys(local, "stranger"))
    GitRunner(folder, env).run("status")
    assert "stranger" not in (folder / "environment").read_text()
    GitRunner(folder, env, index_file="/the/index").run("status")
    assert re.findall("(?m)^GIT_INDEX_FILE=(.*)$", (folder / "environment").read_text()) == ["/the/index"]


def test_the_environment_of_a_hook_leads_to_no_other_repository(folder: Path, tmp_path: Path) -> None:
    """FAULTS 63: https://github.com/j178/prek/pull/1815."""
    other = tmp_path / "other"
    other.mkdir()
    git(folder, "init", "-q")
    git(other, "init", "-q")
    env = environment({"GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other)})
    assert GitRunner(folder, env).run("rev-parse", "--show-toplevel").text == str(folder)


def test_git_speaks_one_language_whatever_the_user_speaks(folder: Path, tmp_path: Path) -> None:
    """FAULTS S12: https://github.com/jesseduffield/lazygit/blob/master/pkg/commands/git_commands/rebase.go."""
    env = _with_git(tmp_path, 'echo "$LC_ALL"', {"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"})
    assert GitRunner(folder, env).run("status").text == "C"


def test_the_person_is_author_and_committer(folder: Path) -> None:
    """FAULTS 58, committer too: https://github.com/jgm/filestore/issues/19."""
    git(folder, "init", "-q")
    result = GitRunner(folder, environment()).run("commit", "--allow-empty", "-m", "x", writes=True, person=ANA)
    assert result.is_ok, result.complaint
    assert git(folder, "log", "--format=%an <%ae> %cn <%ce>") == f"{ANA} {ANA}"


def test_a_remote_that_is_a_command_is_not_run(folder: Path, tmp_path: Path) -> None:
    """FAULTS 76, as far as it goes without sync: https://github.com/gitpython-developers/GitPython/issues/1515."""
    marker = tmp_path / "ran"
    git(folder, "init", "-q")
    result = GitRunner(folder, environment()).run("ls-remote", f"ext::sh -c 'touch {marker}'")
    assert not result.is_ok
    assert not marker.exists()


def test_every_call_is_logged_with_its_time(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "state" / "git.log"
    git(folder, "init", "-q")
    real = GitRunner(folder, environment(), log)
    real.run("status", "--porcelain")
    real.run("no-such-command")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(line["git"], line["status"] == 0) for line in lines] == [
        (["status", "--porcelain"], True),
        (["no-such-command"], False),
    ]
    assert all(line["ms"] > 0 and abs(line["at"] - time.time()) < 600 for line in lines)


def test_the_log_does_not_grow_for_ever_and_never_stops_a_call(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "_LOG_BYTES", 300)
    log = tmp_path / "git.log"
    real = GitRunner(folder, environment(), log)
    for _ in range(12):
        real.run("version")
    assert log.stat().st_size < 600
    assert log.with_suffix(".old").exists()
    (tmp_path / "in-the-way").write_text("")
    assert GitRunner(folder, environment(), tmp_path / "in-the-way" / "git.log").run("version").is_ok


def test_a_computer_without_git_gets_one_sentence(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(GitTroubleError) as caught:
        GitRunner(folder, environment({"PATH": str(tmp_path)})).run("version")
    assert caught.value.message == "git is not installed on this computer."
    assert caught.value.hint


def test_a_folder_that_has_gone_is_not_taken_for_a_missing_git(tmp_path: Path) -> None:
    with pytest.raises(GitTroubleError, match="is gone"):
        GitRunner(tmp_path / "nowhere", environment()).run("version")


def test_much_output_and_much_input_do_not_block_each_other(folder: Path) -> None:
    git(folder, "init", "-q")
    big = os.urandom(3_000_000)
    real = GitRunner(folder, environment())
    blob = real.run("hash-object", "-w", "--stdin", given=big, writes=True).text
    assert real.run("cat-file", "blob", blob).output == big


def test_what_git_complains_of_is_printable(folder: Path, tmp_path: Path) -> None:
    """FAULTS 72, remote messages: https://github.com/gitgitgadget/git/pull/1853."""
    script = r"""printf 'remote: \033]52;c;aGVsbG8=\007 \033[31mred\302\233 \342\200\256 bad\377\n' >&2; exit 3"""
    result = GitRunner(folder, _with_git(tmp_path, script)).run("push")
    assert result.status == 3
    assert harmless(result.complaint)
    assert "red" in result.complaint


def test_a_stream_hands_over_what_git_writes_piece_by_piece(folder: Path) -> None:
    git(folder, "init", "-q")
    (folder / "large").write_bytes(b"0123456789" * 100_000)
    number = git(folder, "hash-object", "-w", "large")
    asked = f"{number}\n".encode() * 3
    with GitRunner(folder, environment()).stream("cat-file", "--batch", trouble="no", given=asked) as pieces:
        sizes = [len(piece) for piece in pieces]
    assert sum(sizes) > 3_000_000
    assert max(sizes) < 200_000


def test_a_stream_that_git_refuses_is_a_sentence(folder: Path) -> None:
    runner = GitRunner(folder, environment())
    with (
        pytest.raises(GitTroubleError, match="No history") as caught,
        runner.stream("log", trouble="No history.") as it,
    ):
        assert list(it) == []
    assert "not a git repository" in caught.value.detail


def test_a_stream_that_is_left_early_leaves_no_git_behind(folder: Path, tmp_path: Path) -> None:
    """FAULTS 26: git would wait for ever for somebody to read what it writes."""
    script = "echo $$ > ../pid; while :; do echo words; done"
    runner = GitRunner(folder, _with_git(tmp_path, script))

    def leave_early() -> None:
        with runner.stream("log", trouble="no") as it:
            raise RuntimeError(len(next(it)))

    with pytest.raises(RuntimeError):
        leave_early()
    assert not _is_alive(int((tmp_path / "pid").read_text()))


def test_a_stream_that_stalls_and_does_not_listen_is_ended(folder: Path, tmp_path: Path) -> None:
    """FAULTS 15, 26: what has been read of it is not taken for everything."""
    script = """
    echo $$ > ../pid
    trap 'echo politely > ../asked' TERM
    echo words
    for n in $(seq 1200); do sleep 0.05; done
    """
    runner = GitRunner(folder, _with_git(tmp_path, script))
    with pytest.raises(GitTroubleError), runner.stream("log", trouble="no", deadline=0.5) as it:
        assert b"".join(it) == b"words\n"
    assert (tmp_path / "asked").exists()
    assert not _is_alive(int((tmp_path / "pid").read_text()))
