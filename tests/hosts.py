"""Git hosts on loopback: real smart HTTP over TLS (`git http-backend`), and hosts that answer something else."""

from __future__ import annotations

import base64
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PASSWORD = "ana:secret"


class Host(ThreadingHTTPServer):
    """Serves the repositories below one folder.

    Attributes:
        mode: "git", "password", "html", "nothing", or a status such as "500"; "cut" takes what is pushed and
            goes away before it answers; "archived" and "html on push" let everybody read and nobody write.
    """

    daemon_threads = True

    def __init__(self, folder: Path, certificate: Path, mode: str, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.folder = folder
        self.mode = mode
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def url(self, name: str, who: str = "") -> str:
        return f"https://{who}127.0.0.1:{self.server_address[1]}/{name}"

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that go away."""


class _Handler(BaseHTTPRequestHandler):
    server: Host

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        mode = self.server.mode
        wanted = "Basic " + base64.b64encode(PASSWORD.encode()).decode()
        if mode == "password" and self.headers.get("Authorization") != wanted:
            self._say(401, b"", ("WWW-Authenticate", 'Basic realm="kb"'))
        elif mode == "html" or (mode == "html on push" and self._is_push()):
            self._say(200, b"<html>Please accept our terms</html>", ("Content-Type", "text/html"))
        elif mode == "archived" and self._is_push():
            said = b"This repository was archived so it is read-only."
            self._say(403, said, ("Content-Type", "text/plain; charset=utf-8"))
        elif mode == "nothing":
            self.close_connection = True
        elif mode == "cut" and self.command == "POST" and self._is_push():
            self.close_connection = True
            self._answer_of_git()
        elif mode.isdigit():
            self._say(int(mode), b"<html>sorry</html>", ("Content-Type", "text/html"))
        else:
            self._git()

    def _say(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _is_push(self) -> bool:
        return "git-receive-pack" in self.path

    def _git(self) -> None:
        head, _, body = self._answer_of_git().partition(b"\r\n\r\n")
        headers = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n")]
        status = next((int(value[:3]) for name, value in headers if name == "Status"), 200)
        self._say(status, body, *((name, value) for name, value in headers if name != "Status"))

    def _answer_of_git(self) -> bytes:
        path, _, query = self.path.partition("?")
        size = int(self.headers.get("Content-Length") or 0)
        return subprocess.run(
            ["git", "http-backend"],
            input=self.rfile.read(size),
            capture_output=True,
            check=False,
            env=os.environ
            | {
                "GIT_PROJECT_ROOT": str(self.server.folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(size),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REMOTE_USER": "ana",
                "REMOTE_ADDR": "127.0.0.1",
            },
        ).stdout


def certificate(place: Path) -> Path:
    """Make a key and a certificate for 127.0.0.1, in one file."""
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(place), "-out", f"{place}.crt"]
    subprocess.run(["openssl", *words.split(), *names], check=True, capture_output=True)
    place.write_bytes(place.read_bytes() + Path(f"{place}.crt").read_bytes())
    return place


@contextmanager
def host(folder: Path, pem: Path, mode: str, port: int = 0) -> Iterator[Host]:
    server = Host(folder, pem, mode, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def silent() -> Iterator[int]:
    """Listen on a port, take connections, and never say a word; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
