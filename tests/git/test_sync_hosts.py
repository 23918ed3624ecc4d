"""Syncing with hosts over a network: real ones, and ones that answer what no git expects. Case numbers: FAULTS.md."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange
from kbtui.git.outcome import Outcome
from kbtui.git.remote import Trouble, trouble_of
from kbtui.git.runner import GitResult
from kbtui.verbs.sharing import WAITING
from tests.helpers import ANA, BEN, git, in_head
from tests.hosts import PASSWORD, certificate, host, silent
from tests.team_of import Member, in_order, member, remote_of

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the host's certificate")


@pytest.fixture
def remote(base: Path, tmp_path: Path) -> Path:
    place = remote_of(base, tmp_path / "remote.git")
    git(place, "config", "http.receivepack", "true")
    return place


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    return certificate(tmp_path / "host.pem")


@pytest.fixture
def ana(remote: Path, pem: Path, tmp_path: Path) -> Member:
    return member(ANA, tmp_path, remote, {"GIT_SSL_CAINFO": f"{pem}.crt"})


def point(who: Member, url: str) -> None:
    git(who.root, "remote", "set-url", "origin", url)


def test_smart_http_with_a_password_that_is_kept(ana: Member, remote: Path, pem: Path) -> None:
    with host(remote.parent, pem, "password") as server:
        point(ana, server.url("remote.git", f"{PASSWORD}@"))
        path = ana.ask("Does it go over the wire?")
        assert ana.sync().words == "Shared"
    assert in_head(remote, path) is not None
    in_order(ana.root)


def test_a_host_that_wants_a_password(ana: Member, remote: Path, pem: Path) -> None:
    """FAULTS 23: nobody is asked; after three times a lead is named.

    https://github.com/jesseduffield/lazygit/issues/145
    """
    ana.ask("Is anybody asked?")
    with host(remote.parent, pem, "password") as server:
        point(ana, server.url("remote.git"))
        said = [ana.sync().words for _ in range(3)]
        assert said == [WAITING, WAITING, "Sign-in needed, tell your lead"]
        point(ana, server.url("remote.git", f"{PASSWORD}@"))
        assert ana.sync().words == "Shared"


@pytest.mark.parametrize("mode", ["html", "html on push", "nothing", "429", "500", "502"])
def test_a_captive_portal_or_a_broken_host(ana: Member, remote: Path, pem: Path, mode: str) -> None:
    """FAULTS 27: tried again later, never given up on.

    https://github.com/requarks/wiki/issues/2082
    """
    ana.ask("Is anybody there?")
    with host(remote.parent, pem, mode) as server:
        point(ana, server.url("remote.git"))
        shared = ana.sync()
        assert (shared.words, shared.waiting) == (WAITING, 1)
        server.mode = "git"
        assert ana.sync().words == "Shared"


def test_a_cable_that_is_pulled_after_the_host_took_it(ana: Member, remote: Path, pem: Path) -> None:
    """FAULTS S8: what is there already is shared, not sent again.

    https://git-scm.com/docs/git-push#_output
    """
    path = ana.ask("Did it arrive?")
    with host(remote.parent, pem, "cut") as server:
        point(ana, server.url("remote.git"))
        shared = ana.sync()
        assert in_head(remote, path) is not None
        assert (shared.words, shared.waiting) == ("Shared", 0), "the remote was looked at"
        again = ana.sync()
    assert (again.words, again.sent) == ("Shared", 0)
    assert git(remote, "rev-list", "--count", "--merges", "main") == "0"
    assert git(remote, "rev-parse", "main") == ana.head()


def test_a_base_that_is_archived(ana: Member, remote: Path, pem: Path) -> None:
    """FAULTS S10: reading works, and a lead is told why writing does not; saves go on.

    https://github.com/dendronhq/dendron/pull/2273
    """
    path = ana.ask("Is it archived?")
    with host(remote.parent, pem, "archived") as server:
        point(ana, server.url("remote.git"))
        shared = ana.sync()
        assert (shared.code, shared.waiting) == ("K10", 1)
        ana.change(path, EntryChange(answer="It is."))
        point(ana, str(remote))
    assert ana.sync().words == "Shared"


def test_a_program_that_keeps_passwords_is_told_to_ask_nobody(
    ana: Member, remote: Path, pem: Path, tmp_path: Path
) -> None:
    """FAULTS S7: one with a window of its own is asked once a sync, without a window, and ended at the limit.

    https://github.com/jesseduffield/lazygit/issues/482
    """
    program = tmp_path / "helper"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = get ] || exit 0\ngit config credential.interactive >> {tmp_path}/told\n'
        f'echo "$GIT_TERMINAL_PROMPT" >> {tmp_path}/told\n[ -e {tmp_path}/window ] && exec sleep 600\nexit 0\n'
    )
    program.chmod(0o755)
    git(ana.root, "config", "credential.helper", str(program))
    ana.ask("Who asks?")
    with host(remote.parent, pem, "password") as server:
        point(ana, server.url("remote.git"))
        assert ana.raw_sync().outcome is Outcome.SIGN_IN
        assert (tmp_path / "told").read_text().split() == ["false", "0"]
        (tmp_path / "window").touch()
        assert ana.raw_sync(patience=1.0).outcome is Outcome.WAITING


def test_a_host_that_says_nothing(ana: Member) -> None:
    """FAULTS 26: given up at the deadline, with git's children."""
    with silent() as port:
        point(ana, f"https://127.0.0.1:{port}/remote.git")
        synced = ana.raw_sync(patience=0.5)
    assert synced.outcome is Outcome.WAITING


def test_nobody_listens(ana: Member) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    point(ana, f"https://127.0.0.1:{port}/remote.git")
    assert ana.sync().words == WAITING


def test_an_address_that_moved(ana: Member, remote: Path, pem: Path) -> None:
    """FAULTS S10. Compare https://github.com/dendronhq/dendron/pull/2273 ."""
    with host(remote.parent, pem, "git") as server:
        point(ana, server.url("gone.git"))
        shared = ana.sync()
    assert shared.code == "K08"
    assert "set-url" in shared.hint


def test_a_way_that_is_not_allowed_is_not_taken(ana: Member, tmp_path: Path) -> None:
    """FAULTS 76: not even where somebody has put it into git's settings, and has allowed it there."""
    git(ana.root, "config", "protocol.allow", "always")
    git(ana.root, "config", "protocol.ext.allow", "always")
    point(ana, f"ext::sh -c touch% {tmp_path / 'ran'}")
    assert ana.sync().code == "K08"
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for ssh")
def test_the_user_s_own_ssh_command_is_kept_and_asks_nobody(ana: Member, remote: Path, tmp_path: Path) -> None:
    """FAULTS S11, 24, 25. Compare https://github.com/gopasspw/gopass/issues/2588 ."""
    ssh = tmp_path / "bin" / "ssh"
    ssh.parent.mkdir()
    ssh.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/seen\nfor last; do :; done\nexec sh -c "$last"\n')
    ssh.chmod(0o755)
    git(ana.root, "config", "core.sshCommand", f"{ssh} -i mine")
    point(ana, f"ssh://host.invalid{remote}")
    ana.ask("Over ssh?")
    assert ana.sync().words == "Shared"
    seen = (tmp_path / "seen").read_text()
    assert "-i mine -o BatchMode=yes" in seen
    assert "StrictHostKeyChecking" not in seen


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        ("Host key verification failed.\nfatal: Could not read from remote repository.", Trouble.SIGN_IN),
        ("git@host: Permission denied (publickey).", Trouble.SIGN_IN),
        ("fatal: Authentication failed for 'https://x/'", Trouble.SIGN_IN),
        ("ssh: Could not resolve hostname nowhere: Name or service not known", Trouble.OFFLINE),
        ("fatal: unable to access 'https://x/': The requested URL returned error: 503", Trouble.OFFLINE),
        ("remote: Repository not found.\nfatal: repository 'https://x/' not found", Trouble.NO_REPOSITORY),
        ("ERROR: This repository was archived so it is read-only.\nfatal: Could not read", Trouble.ARCHIVED),
        ("remote: ERROR: You can't push code to an archived project.\nfatal: Could not read", Trouble.ARCHIVED),
        ("! [remote rejected] main -> main (protected branch hook declined)", Trouble.REFUSED),
        ("! [rejected] main -> main (fetch first)", Trouble.REJECTED),
        ("something nobody has ever seen", Trouble.OFFLINE),
    ],
)
def test_what_git_says_and_what_it_means(said: str, trouble: Trouble) -> None:
    """FAULTS 24, 25, 31. Compare https://github.com/jesseduffield/lazygit/pull/4586 ."""
    assert trouble_of(GitResult(128, b"", said)) is trouble


def test_two_people_over_the_wire(ana: Member, remote: Path, pem: Path, tmp_path: Path) -> None:
    ben = member(BEN, tmp_path, remote, ana.env)
    with host(remote.parent, pem, "git") as server:
        for each in (ana, ben):
            point(each, server.url("remote.git"))
            each.ask(f"What does {each.person.name} ask?")
            each.sync()
        ana.sync()
    assert ana.tree() == ben.tree()
    in_order(ana.root)
