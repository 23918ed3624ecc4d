"""`kbtui sync` as a person or a script sees it: words, JSON, exit codes, and going on by itself."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest

from kbtui.errors import ExitCode
from kbtui.verbs.pace import LONGEST_WAIT, USUAL_WAIT, next_wait
from kbtui.verbs.sharing import WAITING
from tests.helpers import PATIENCE, eventually, git, in_head, run_kbtui, start_python
from tests.team_of import Member, protect


def test_shared(ana: Member) -> None:
    ana.ask("Is it shared?")
    ran = run_kbtui("sync", cwd=ana.root, env=ana.environment)
    assert (ran.status, ran.out, ran.err) == (0, "Shared\n1 entry went to the team, 0 entries came\n", "")
    again = run_kbtui("sync", cwd=ana.root, env=ana.environment)
    assert again.out == "Shared\n"


def test_out_of_reach(ana: Member) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    git(ana.root, "remote", "set-url", "origin", f"https://127.0.0.1:{port}/kb.git")
    ana.ask("Is anybody there?")
    ran = run_kbtui("sync", cwd=ana.root, env=ana.environment)
    assert ran.status == ExitCode.WAITING
    assert ran.out == f"{WAITING}\n1 waiting\n"
    told = run_kbtui("sync", "--status", "--json", cwd=ana.root, env=ana.environment).json
    assert (told["words"], told["waiting"], told["last_shared"]) == (WAITING, 1, None)


def test_for_a_lead(ana: Member) -> None:
    git(ana.root, "checkout", "-q", "--detach")
    ran = run_kbtui("sync", cwd=ana.root, env=ana.environment)
    assert ran.status == ExitCode.GIT
    assert ran.out.startswith("Needs your lead (code K04)")
    assert "detached HEAD" in ran.err


def test_sent_for_review(ana: Member, remote: Path) -> None:
    protect(remote)
    ana.ask("Is it reviewed?")
    ran = run_kbtui("sync", "--json", cwd=ana.root, env=ana.environment)
    assert (ran.status, ran.json["words"], ran.json["sent"]) == (0, "Sent for review", 1)


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C is a signal here")
def test_watch_shares_and_ends_with_ctrl_c(ana: Member, remote: Path) -> None:
    path = ana.ask("Is it watched?")
    watching = start_python("-m", "kbtui", "--kb", str(ana.root), "sync", "--watch", env=ana.environment)
    eventually(lambda: in_head(remote, path) is not None, "the watch shares")
    assert watching.stdout is not None
    assert watching.stdout.readline() == b"Shared\n"
    watching.send_signal(signal.SIGINT)
    _, err = watching.communicate(timeout=PATIENCE)
    assert (watching.returncode, b"Traceback" in err) == (0, False), err


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C is a signal here")
def test_how_sharing_stands_is_said_again_when_it_changes(ana: Member) -> None:
    """`--watch` beside `--status` did nothing."""
    watching = start_python("-m", "kbtui", "--kb", str(ana.root), "sync", "--status", "--watch", env=ana.environment)
    assert watching.stdout is not None
    lines = iter(watching.stdout.readline, b"")
    assert b"0 waiting\n" in lines
    ana.ask("Is it watched?")
    assert b"1 waiting\n" in lines
    assert run_kbtui("sync", cwd=ana.root, env=ana.environment).status == 0
    assert b"Shared\n" in lines
    watching.send_signal(signal.SIGINT)
    _, err = watching.communicate(timeout=PATIENCE)
    assert (watching.returncode, b"Traceback" in err) == (0, False), err


def test_a_watch_asks_less_often_while_nobody_answers() -> None:
    waits = [USUAL_WAIT]
    for _ in range(8):
        waits.append(next_wait(waits[-1], "waiting"))
    assert waits[1:4] == [60.0, 120.0, 240.0]
    assert waits[-1] == LONGEST_WAIT
    assert next_wait(waits[-1], "shared") == USUAL_WAIT
