"""Joining a team: from an address to a base that searches; and whatever goes wrong leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kbtui.errors import RefusedError
from kbtui.git.remote import require_safe_url
from tests.helpers import PATIENCE, REFUND, eventually, git, run_kbtui, running, start_python, write_files
from tests.hosts import certificate, host, silent


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


def test_from_an_address_to_the_first_search(remote: Path, desk: Path) -> None:
    ran = run_kbtui("join", remote, cwd=desk)
    assert ran.status == 0, ran.err
    assert "5 entries" in ran.out
    assert "Fetching the team's entries" in ran.err
    assert (desk / "remote" / REFUND).exists()
    assert (desk / "remote" / ".git" / "hooks" / "post-merge").exists()
    assert "How long does a refund take?" in run_kbtui("search", "refund", cwd=desk / "remote").out
    assert run_kbtui("sync", cwd=desk / "remote").out.startswith("Shared")


@pytest.mark.parametrize("named", ["trunk", "master"])
def test_a_host_that_names_a_branch_which_is_not_there(remote: Path, desk: Path, named: str) -> None:
    """A bare repository made on a host points to that host's usual branch, whatever the team's is called."""
    git(remote, "symbolic-ref", "HEAD", f"refs/heads/{named}")
    git(remote, "branch", "kb-inbox/ana", "main")
    ran = run_kbtui("join", remote, cwd=desk)
    assert ran.status == 0, ran.err
    assert "5 entries" in ran.out
    assert git(desk / "remote", "branch", "--show-current") == "main"
    assert run_kbtui("sync", cwd=desk / "remote").out.startswith("Shared")


def test_a_folder_of_one_s_own_choice(remote: Path, desk: Path) -> None:
    (desk / "mine").mkdir()
    ran = run_kbtui("join", f"file://{remote}", "mine", "--json", cwd=desk)
    assert ran.json["entries"] == 5
    assert ran.err == ""
    assert Path(ran.json["root"]) == desk / "mine"


@pytest.mark.parametrize("kind", ["no base", "nothing", "nothing there", "no repository", "in use", "a file"])
def test_what_goes_wrong_leaves_nothing_behind(remote: Path, desk: Path, tmp_path: Path, kind: str) -> None:
    url: Path | str = remote
    target = desk / "deep" / "er"
    if kind == "no base":
        git(tmp_path, "init", "-q", "-b", "main", "plain")
        write_files(tmp_path / "plain", {"readme.txt": "hello"})
        git(tmp_path / "plain", "add", "-A")
        git(tmp_path / "plain", "commit", "-q", "-m", "x")
        url = tmp_path / "plain"
    elif kind == "nothing":
        url = tmp_path / "nothing.git"
    elif kind == "nothing there":
        url = f"file://{tmp_path}/nothing.git"
    elif kind == "no repository":
        url = desk
    elif kind == "in use":
        write_files(target, {"mine.txt": "mine"})
    else:
        write_files(desk, {"deep/er": "mine"})
    before = sorted(desk.rglob("*"))
    ran = run_kbtui("join", url, target, cwd=desk)
    assert ran.status != 0
    assert ran.err.startswith(("kbtui: ", "Fetching"))
    assert "Traceback" not in ran.err
    assert "fatal" not in ran.err
    assert sorted(desk.rglob("*")) == before


@pytest.mark.parametrize(
    "url",
    ["ext::sh -c id", "--upload-pack=id", "-oProxyCommand=id", "ssh://-oProxyCommand=id/x", "ssh://-u@host/x",
     "http://host/x", "git://host/x", "fd::17", "a\nb", ""],
)  # fmt: skip
def test_an_address_that_is_an_option_or_a_program(url: str) -> None:
    """FAULTS 76. Compare https://github.com/gitpython-developers/GitPython/issues/1515 ."""
    with pytest.raises(RefusedError):
        require_safe_url(url)


@pytest.mark.parametrize("url", ["https://host/x.git", "ssh://git@host/x", "git@host:team/kb.git", "/srv/kb", "./kb"])
def test_addresses_that_are_fine(url: str) -> None:
    assert require_safe_url(url) == url


def test_git_never_sees_what_is_refused(desk: Path) -> None:
    ran = run_kbtui("join", f"ext::sh -c touch% {desk}/ran", "x", cwd=desk)
    assert ran.status == 10
    assert list(desk.iterdir()) == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the host's certificate")
def test_without_the_right_to_read(remote: Path, desk: Path, tmp_path: Path) -> None:
    pem = certificate(tmp_path / "host.pem")
    with host(tmp_path, pem, "password") as server:
        ran = run_kbtui("join", server.url("remote.git"), cwd=desk, env={"GIT_SSL_CAINFO": f"{pem}.crt"})
    assert ran.status == 9
    assert "does not let this computer in" in ran.err
    assert list(desk.iterdir()) == []


def test_a_base_somewhere_in_the_repository(remote: Path, desk: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(remote), "work")
    work = tmp_path / "work"
    (work / "support" / "know how").mkdir(parents=True)
    for name in ("kb.toml", "refunds", "sign-in", "outages", "questions", "orders"):
        git(work, "mv", name, f"support/know how/{name}")
    git(work, "commit", "-q", "-m", "x")
    git(work, "push", "-q", "origin", "HEAD:main")
    joined = run_kbtui("join", remote, "--json", cwd=desk)
    assert joined.json["root"] == str(desk / "remote" / "support" / "know how")
    assert joined.json["entries"] == 5
    write_files(work, {"other/kb.toml": 'name = "Other"\n'})
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "x")
    git(work, "push", "-q", "origin", "HEAD:main")
    several = run_kbtui("join", remote, "two", cwd=desk)
    assert several.status == 3
    assert "2 knowledge bases at this address: other, support/know how" in several.err
    assert not (desk / "two").exists()


@pytest.mark.skipif(os.name == "nt", reason="signals as on Linux and macOS")
@pytest.mark.parametrize(("kind", "given"), [("INT", "new"), ("TERM", "empty"), ("HUP", "new")])
def test_stopped_half_way(desk: Path, kind: str, given: str) -> None:
    """Ctrl+C, a closed terminal or a system that shuts down: nothing is left, and no git goes on alone."""
    if given == "empty":
        (desk / "deep" / "kb").mkdir(parents=True)
    before = sorted(desk.rglob("*"))
    with silent() as port:
        url = f"https://127.0.0.1:{port}/kb.git"
        joining = subprocess.Popen(
            [sys.executable, "-m", "kbtui", "join", url, "deep/kb"], cwd=desk, stderr=subprocess.PIPE, text=True
        )
        eventually(lambda: running(url, "git"), "git is fetching")
        joining.send_signal(getattr(signal, f"SIG{kind}"))
        _, said = joining.communicate(timeout=PATIENCE)
        eventually(lambda: not running(url, "git"), "git has ended", 20)
    assert joining.returncode == 1
    assert "Stopped; nothing is left behind." in said
    assert "Traceback" not in said
    assert sorted(desk.rglob("*")) == before


@pytest.mark.skipif(os.name == "nt", reason="signals as on Linux and macOS")
def test_what_a_kill_has_left_is_swept_by_the_next_one(remote: Path, desk: Path) -> None:
    with silent() as port:
        url = f"https://127.0.0.1:{port}/kb.git"
        joining = start_python("-m", "kbtui", "join", url, str(desk / "kb"))
        eventually(lambda: running(url, "git"), "git is fetching")
        beside = next(desk.iterdir())
        other = run_kbtui("join", remote, "kb", cwd=desk)
        assert other.status == 0, other.err
        assert beside.exists(), "somebody who is still at work is left alone"
        shutil.rmtree(desk / "kb")
        joining.kill()
        joining.communicate(timeout=PATIENCE)
    eventually(lambda: not running(url, "git"), "git has ended", 20)
    assert beside.exists()
    assert run_kbtui("join", remote, "kb", cwd=desk).status == 0
    assert [path.name for path in desk.iterdir()] == ["kb"]


def test_a_base_that_cannot_be_made_ready(remote: Path, desk: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = run_kbtui("join", remote, "kb", cwd=desk, env={"KBTUI_HOME": str(tmp_path / "file")})
    assert ran.status != 0
    assert "Traceback" not in ran.err, ran.err
    assert list(desk.iterdir()) == []
