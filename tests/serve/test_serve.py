"""The screen in a browser: a real server on this computer, asked as a browser asks, and ended as a system ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.helpers import ANA, environment, run_kbtui

aiohttp: Any = pytest.importorskip("aiohttp", reason="the extra kbtui[web] is not installed")
pytest.importorskip("textual_serve", reason="the extra kbtui[web] is not installed")
if os.name == "nt":
    pytest.skip("the server is ended by a signal that Windows has not", allow_module_level=True)

PATIENCE = 60.0


@contextmanager
def served(base: Path) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """Serve a base on a free port; yield the process, its host and its port."""
    command = [sys.executable, "-m", "kbtui", "--kb", str(base), "serve", "--port", "0", "--json"]
    env = environment({"KBTUI_PERSON": str(ANA)})
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            text = ""
            while "}" not in text:
                line = process.stdout.readline()
                assert line, process.stderr.read() if process.stderr else ""
                text += line
            address = urlsplit(json.loads(text)["address"])
            yield process, str(address.hostname), int(address.port or 0)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def ask(host: str, port: int, path: str = "/", **headers: str) -> tuple[int, str, dict[str, str]]:
    """Ask for a page."""
    connection = HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace"), dict(answer.getheaders())
    finally:
        connection.close()


def test_the_page_is_there_loads_nothing_from_outside_and_is_for_this_computer(base: Path) -> None:
    with served(base) as (_, host, port):
        assert host == "127.0.0.1"
        status, page, headers = ask(host, port)
        assert status == 200
        assert "Small base" in page
        assert "https://" not in page
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert ask(host, port, "/static/js/textual.js")[0] == 200
        assert ask(host, port, Host="evil.example")[0] == 403, "a foreign name that points here"


async def test_the_screen_is_painted_for_our_own_page_and_for_no_other(base: Path) -> None:
    with served(base) as (_, host, port):
        own, foreign = f"http://{host}:{port}", "http://evil.example"
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(f"{own}/ws", headers={"Origin": foreign})
            async with session.ws_connect(f"{own}/ws?width=80&height=24", headers={"Origin": own}) as socket:
                painted = ""
                give_up = time.monotonic() + PATIENCE
                while "entries" not in painted:
                    assert time.monotonic() < give_up, painted[-2_000:]
                    message = await socket.receive(PATIENCE)
                    painted += message.data.decode("utf-8", "replace") if isinstance(message.data, bytes) else ""


def test_the_end_of_the_server_ends_what_it_started(base: Path) -> None:
    with served(base) as (process, _, _):
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) in (0, -signal.SIGTERM)


def test_a_port_that_is_taken_is_a_sentence(base: Path) -> None:
    with served(base) as (_, _, port):
        ran = run_kbtui("--kb", base, "serve", "--port", str(port))
        assert ran.status != 0
        assert f"kbtui cannot listen on 127.0.0.1, port {port}" in ran.err
        assert "Traceback" not in ran.err
