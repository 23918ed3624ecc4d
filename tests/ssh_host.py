"""An OpenSSH server on loopback, with its own keys and settings; and what somebody needs to reach it.

ssh reads the settings of the account's real home whatever HOME says, so everything it needs
stands in a file of settings of its own, which a user's `core.sshCommand` names.
"""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers import PATIENCE, eventually

_SEPARATION = Path("/run/sshd")
"""Where Debian's sshd, run as root, puts the process that has no rights yet; made by the package's service."""

_SETTINGS = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {top}/host-key
PidFile none
AuthorizedKeysFile {top}/authorized
AuthenticationMethods publickey
PermitRootLogin prohibit-password
UsePAM no
StrictModes no
PrintMotd no
PrintLastLog no
SetEnv GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
"""

_CLIENT = """\
Host *
  Port {port}
  User {user}
  IdentityFile {key}
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile {known}
  GlobalKnownHostsFile /dev/null
"""


@dataclass(frozen=True)
class SshHost:
    """A server that runs.

    Attributes:
        top: folder of its keys and settings.
        port: where it listens on 127.0.0.1.
    """

    top: Path
    port: int

    def url(self, folder: Path) -> str:
        return f"ssh://127.0.0.1{folder}"

    def key(self, name: str, passphrase: str = "") -> Path:
        """Make a key that the server lets in."""
        place = self.top / name
        _make_key(place, passphrase)
        with (self.top / "authorized").open("a") as authorized:
            authorized.write(place.with_suffix(".pub").read_text())
        return place

    def command(self, key: Path, *, knows_host: bool = True) -> str:
        """Return the ssh command of somebody who has a key, as `core.sshCommand` takes it."""
        known = self.top / f"known-{key.name}"
        public = (self.top / "host-key.pub").read_text()
        known.write_text(f"[127.0.0.1]:{self.port} {public}" if knows_host else "")
        settings = self.top / f"settings-{key.name}"
        settings.write_text(_CLIENT.format(port=self.port, user=getpass.getuser(), key=key, known=known))
        return f"ssh -F {settings}"

    def log(self) -> str:
        return (self.top / "log").read_text("utf-8", "replace")


def _make_key(place: Path, passphrase: str = "") -> None:
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", place.name, "-f", str(place)]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL, capture_output=True)


@contextmanager
def ssh_host(top: Path) -> Iterator[SshHost]:
    """Run a server until the end of the block; the test is skipped where there can be none."""
    server = _server()
    top.mkdir()
    _make_key(top / "host-key")
    (top / "authorized").touch()
    host = SshHost(top, _free_port())
    (top / "config").write_text(_SETTINGS.format(port=host.port, top=top))
    words = [server, "-D", "-f", str(top / "config"), "-E", str(top / "log")]
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        eventually(lambda: process.poll() is not None or _greets(host.port), "sshd listens")
        assert process.poll() is None, host.log()
        _require_login(host)
        yield host
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _server() -> str:
    """Return the path of sshd, which it has to be started by."""
    server = shutil.which("sshd", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"]))
    if server is None or shutil.which("ssh") is None:
        pytest.skip("no OpenSSH server is installed (Debian: apt-get install openssh-server)")
    if os.geteuid() == 0:
        with suppress(OSError):
            _SEPARATION.mkdir(mode=0o755, exist_ok=True)
        if not _SEPARATION.is_dir():
            pytest.skip(f"sshd run as root needs the folder {_SEPARATION}")
    return server


def _require_login(host: SshHost) -> None:
    """Skip where the system lets nobody in, as with an account that is locked."""
    command = host.command(host.key("probe")).split()
    probe = [*command, "-n", "-o", "BatchMode=yes", "127.0.0.1", "true"]
    if subprocess.run(probe, check=False, capture_output=True, timeout=PATIENCE).returncode:
        said = [line for line in host.log().splitlines() if "not allowed" in line or "locked" in line]
        if said:
            pytest.skip(f"this account may not sign in over ssh: {said[-1]}")
        raise AssertionError(host.log())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _greets(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.settimeout(5)
        return connection.recv(4) == b"SSH-"
    time.sleep(0.05)
    return False
