"""Two colleagues, a window each, one host, and a network that is cut in the middle (issue 6): the whole story."""

from __future__ import annotations

import re
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest

from kbtui.verbs.sharing import WAITING
from tests.e2e.terminal import ENTER, ESCAPE, Terminal, ctrl, terminal
from tests.helpers import ANA, BEN, git, run_kbtui
from tests.hosts import certificate, host
from tests.team_of import Member, in_order, member, remote_of

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the host's certificate")

SHARE_NOW = "\x1b[15~"
ISLANDS, CHEQUE, CHECK = "do you ship to islands", "can I pay with a cheque", "can I pay by cheque"
GIT_WORDS = re.compile(
    r"\b(git|commits?|push|pull|fetch|merged?|rebase|branch|remote|repository|conflicts?|HEAD)\b", re.IGNORECASE
)


def ask(it: Terminal, question: str) -> None:
    """Ask the team what nobody knows."""
    it.type(question)
    it.send(ctrl("o"))
    it.see("Question, in the caller's words")
    it.send(ctrl("s"))
    it.see(f"Saved: {question}")


def share_now(it: Terminal, words: str) -> None:
    """Share now; wait for what the box says, and close it."""
    it.send(SHARE_NOW)
    it.see("Sharing with the team")
    it.until(lambda: "Sharing …" not in it.words and words in it.words, f"{words!r} in the box")
    assert not GIT_WORDS.search(it.words), it.picture
    it.send(ESCAPE)
    it.gone("Sharing with the team")


def search(it: Terminal, words: str, seen: str) -> None:
    """Empty the query line and search."""
    it.send(ESCAPE)
    it.see("What does the caller ask?")
    it.type(words, seen=seen)
    assert not GIT_WORDS.search(it.words), it.picture


def clone(person_of: Member, url: str) -> Member:
    """Have somebody's clone share with a host."""
    git(person_of.root, "remote", "set-url", "origin", url)
    return person_of


def test_two_windows_one_host_and_the_network_cut_in_the_middle(base: Path, tmp_path: Path) -> None:
    remote = remote_of(base, tmp_path / "remote.git")
    git(remote, "config", "http.receivepack", "true")
    pem = certificate(tmp_path / "host.pem")
    env = {"GIT_SSL_CAINFO": f"{pem}.crt"}
    with ExitStack() as network, ExitStack() as windows:
        server = network.enter_context(host(tmp_path, pem, "git"))
        port, url = server.server_address[1], server.url("remote.git")
        ana, ben = (clone(member(each, tmp_path, remote, env), url) for each in (ANA, BEN))
        one, other = (windows.enter_context(terminal(each.root, env=each.environment)) for each in (ana, ben))
        for it in (one, other):
            it.see("5 entries")
            it.see("last shared just now")

        ask(one, ISLANDS)  # what one asks, the other sees, as a question that waits
        one.see("1 waiting")
        one.see("last shared just now")
        share_now(other, "Nothing waits")
        search(other, "islands", ISLANDS)
        other.see("1 caller waiting")

        network.close()  # the cable is out: both work on, and both are told that nothing is lost
        ask(one, CHEQUE)
        one.until(lambda: "1 waiting" in one.status_line, "what waits")
        share_now(one, WAITING)
        other.send(ENTER)
        other.see("a Answer")
        other.send("a")
        other.see("Say this to the caller")
        other.type("Yes, in five days.")
        other.send(ctrl("s"))
        other.see(f"Saved: {ISLANDS}")
        other.send(ESCAPE)
        ask(other, CHECK)
        share_now(other, "2 saves wait on this computer. Nothing is lost.")
        search(one, "cheque", CHEQUE)
        assert CHECK not in one.words

        with host(tmp_path, pem, "git", port):  # it is back: everybody has everything
            share_now(one, "Nothing waits")
            share_now(other, "Nothing waits")
            share_now(one, "Nothing waits")
            search(one, "islands", "not validated")
            search(other, "cheque", CHEQUE)
            other.see(f"asked twice: “{CHEQUE}”")
            search(one, "cheque", "asked twice")
            one.send(ENTER)
            one.see("Asked too, nearly the same")
            one.send("y")
            one.see("One question now: 2 callers waiting")
            one.see("last shared just now")
            share_now(other, "Nothing waits")
            search(other, "cheque", "2 callers waiting")
            for it in (one, other):
                it.send(ctrl("q"))
                assert it.end() == 0
                assert it.is_sane()
            for each in (ana, ben, ana):  # what was noted last goes with the next sync
                assert each.sync().outcome == "shared"
    assert ana.tree() == ben.tree() == git(remote, "rev-parse", "main^{tree}")
    for each in (ana, ben):
        in_order(each.root)
        hit = run_kbtui("--kb", each.root, "search", "islands", "--json", env=each.environment).json["hits"][0]
        assert hit["card"]["excerpt"] == "Yes, in five days."
