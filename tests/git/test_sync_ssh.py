"""Syncing over a real OpenSSH: keys with and without a passphrase, hosts nobody knows, hosts that say nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kbtui.git.outcome import Outcome
from kbtui.verbs.sharing import WAITING
from tests.helpers import BEN, eventually, git, in_head, run_kbtui, running
from tests.hosts import silent
from tests.ssh_host import SshHost, ssh_host
from tests.team_of import Member, in_order, member, protect

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the server is started as on Linux and macOS")

SIGN_IN = "Sign-in needed, tell your lead"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshHost]:
    with ssh_host(tmp_path_factory.mktemp("sshd") / "host") as running:
        running.key("plain")
        running.key("locked", "a passphrase nobody types")
        yield running


def reach(who: Member, server: SshHost, remote: Path, key: str, *, knows_host: bool = True) -> None:
    """Give somebody the address and an ssh command of their own, with one of the keys."""
    git(who.root, "remote", "set-url", "origin", server.url(remote))
    git(who.root, "config", "core.sshCommand", server.command(server.top / key, knows_host=knows_host))


def tempt(who: Member, tmp_path: Path) -> Path:
    """Give somebody a program that answers ssh's questions by all means; return the file it would write."""
    asked = tmp_path / "asked"
    program = tmp_path / "askpass"
    program.write_text(f'#!/bin/sh\necho "$1" >> {asked}\necho yes\n')
    program.chmod(0o755)
    for name in ("SSH_ASKPASS", "GIT_ASKPASS"):
        who.env[name] = str(program)
    who.env |= {"SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":0"}
    return asked


def test_a_key_without_a_passphrase(ana: Member, server: SshHost, remote: Path, tmp_path: Path) -> None:
    ben = member(BEN, tmp_path, remote)
    for each in (ana, ben):
        reach(each, server, remote, "plain")
    path = ana.ask("Does it go through the tunnel?")
    assert ana.sync().words == "Shared"
    assert in_head(remote, path) is not None
    assert ben.sync().changed == (path,)
    in_order(ben.root)


def test_a_key_with_a_passphrase_and_no_agent(ana: Member, server: SshHost, remote: Path, tmp_path: Path) -> None:
    """FAULTS 24: nobody is asked, a sync ends by itself, and after three a lead is named.

    https://github.com/jesseduffield/lazygit/pull/4586 , https://github.com/jesseduffield/lazygit/pull/2789
    """
    reach(ana, server, remote, "locked")
    asked = tempt(ana, tmp_path)
    path = ana.ask("Is the lid closed?")
    assert ana.raw_sync().outcome is Outcome.SIGN_IN, "it ends before the deadline"
    assert [ana.sync().words for _ in range(3)] == [WAITING, WAITING, SIGN_IN]
    assert not asked.exists()
    reach(ana, server, remote, "plain")
    assert ana.sync().words == "Shared"
    assert in_head(remote, path) is not None


def test_a_host_nobody_knows(ana: Member, server: SshHost, remote: Path, tmp_path: Path) -> None:
    """FAULTS 25: it fails instead of asking, and the host is not believed by itself.

    https://github.com/gopasspw/gopass/issues/2995
    """
    reach(ana, server, remote, "plain", knows_host=False)
    asked = tempt(ana, tmp_path)
    ana.ask("Who are you?")
    assert ana.raw_sync().outcome is Outcome.SIGN_IN
    assert [ana.sync().words for _ in range(3)] == [WAITING, WAITING, SIGN_IN]
    assert not asked.exists()
    assert (server.top / "known-plain").read_text() == "", "no host is taken in on trust"


def test_a_server_that_takes_a_connection_and_says_nothing(ana: Member, server: SshHost, remote: Path) -> None:
    """FAULTS 26: given up at the limit, and no ssh is left behind."""
    reach(ana, server, remote, "plain")
    with silent() as port:
        settings = server.top / "settings-plain"
        settings.write_text(settings.read_text().replace(str(server.port), str(port)))
        assert ana.raw_sync(patience=1.0).outcome is Outcome.WAITING
        eventually(lambda: not running(str(settings), "ssh"), "ssh has ended with git", 20)


def test_a_protected_branch_over_ssh(ana: Member, server: SshHost, remote: Path) -> None:
    """FAULTS 31. Compare https://github.com/flathub/flathub/issues/3568 ."""
    reach(ana, server, remote, "plain")
    protect(remote)
    ana.ask("Is it protected over there?")
    assert ana.sync().words == "Sent for review"
    assert ana.sync().sent == 0
    assert ana.head() in git(remote, "for-each-ref", "--format=%(objectname)", "refs/heads/kb-inbox")


def test_joining_over_ssh(server: SshHost, remote: Path, tmp_path: Path) -> None:
    """FAULTS 24, when a team is joined: no question, a sentence, and nothing left behind."""
    desk = tmp_path / "desk"
    desk.mkdir()
    url = server.url(remote)
    locked = run_kbtui("join", url, cwd=desk, env={"GIT_SSH_COMMAND": server.command(server.top / "locked")})
    assert locked.status == 9
    assert "does not let this computer in" in locked.err
    assert list(desk.iterdir()) == []
    joined = run_kbtui("join", url, "kb", cwd=desk, env={"GIT_SSH_COMMAND": server.command(server.top / "plain")})
    assert "5 entries" in joined.out, joined.err
