"""The screen in a browser: a real server on this computer, asked as a browser asks, and ended as a system ends it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from kbtui.errors import RefusedError
from kbtui.serve import door
from tests.helpers import ANA, environment, eventually, run_kbtui
from tests.serve.browser import PROGRAM, browser

aiohttp: Any = pytest.importorskip("aiohttp", reason="the extra kbtui[web] is not installed")
pytest.importorskip("textual_serve", reason="the extra kbtui[web] is not installed")
if os.name == "nt":
    pytest.skip("the server is ended by a signal that Windows has not", allow_module_level=True)

PATIENCE = 60.0


@contextmanager
def served(base: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """Serve a base on a free port; yield the process, its host and its port."""
    command = [sys.executable, "-m", "kbtui", "--kb", str(base), "serve", "--port", "0", "--json", *options]
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


@asynccontextmanager
async def painted(host: str, port: int) -> AsyncIterator[Any]:
    """Open kbtui as our own page does, and wait until the base is on its screen; yield the connection."""
    own = f"http://{host}:{port}"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{own}/ws?width=80&height=24", headers={"Origin": own}) as socket,
    ):
        seen = ""
        give_up = time.monotonic() + PATIENCE
        while "entries" not in seen:
            assert time.monotonic() < give_up, seen[-2_000:]
            message = await socket.receive(PATIENCE)
            seen += message.data.decode("utf-8", "replace") if isinstance(message.data, bytes) else ""
        yield socket


def programs_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the numbers of the programs that a server has started."""
    told = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False).stdout
    return [int(number) for number in told.split()]


def has_ended(number: int) -> bool:
    """Whether a process is there no longer."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    return False


async def test_the_screen_is_painted_for_our_own_page(base: Path) -> None:
    with served(base) as (_, host, port):
        async with painted(host, port):
            pass


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "null", ""])
async def test_no_other_page_can_type_into_kbtui(base: Path, origin: str) -> None:
    with served(base) as (process, host, port):
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(f"http://{host}:{port}/ws", headers={"Origin": origin} if origin else {})
        assert programs_of(process) == []


async def test_the_end_of_the_server_ends_what_it_started(base: Path) -> None:
    with served(base) as (process, host, port):
        async with painted(host, port), painted(host, port):
            started = programs_of(process)
            assert len(started) == 2
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, PATIENCE) == 0
            assert all(map(has_ended, started))


async def test_a_page_that_goes_takes_its_program_with_it(base: Path) -> None:
    with served(base) as (process, host, port):
        async with painted(host, port):
            (started,) = programs_of(process)
        await asyncio.to_thread(eventually, lambda: has_ended(started), "the program's end")
        assert ask(host, port)[0] == 200


async def test_a_program_that_ends_closes_its_page(base: Path) -> None:
    with served(base) as (process, host, port):
        async with painted(host, port) as socket:
            await socket.send_json(["stdin", "\x11"])  # ctrl+q
            while not (await socket.receive(PATIENCE)).type.name.startswith("CLOS"):
                pass
        await asyncio.to_thread(eventually, lambda: programs_of(process) == [], "the program's end")


@pytest.mark.skipif(PROGRAM is None, reason="there is no chromium")
async def test_in_a_real_browser_the_keys_arrive_without_a_click_and_nothing_is_asked_elsewhere(
    base: Path, tmp_path: Path
) -> None:
    own = "document.querySelector('.xterm-helper-textarea')"
    with served(base) as (_, host, port):
        async with browser(tmp_path) as page:
            await page.go(f"http://{host}:{port}/")
            await page.until(f"document.body.classList.contains('-first-byte') && document.activeElement === {own}")
            await page.type("\x11")  # ctrl+q
            await page.until("document.body.classList.contains('-closed')")
            assert {urlsplit(address).netloc for address in page.requests} == {f"{host}:{port}"}
            assert page.troubles == []


def test_whoever_opens_the_door_to_others_is_warned(base: Path) -> None:
    with served(base, "--host", "0.0.0.0") as (process, _, port):
        assert process.stderr is not None
        assert "writes under your name" in process.stderr.readline()
        assert ask("127.0.0.1", port)[0] == 200
        assert ask("127.0.0.1", port, Host=f"evil.example:{port}")[0] == 403


def test_without_the_extra_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "find_spec", lambda _: None)
    with pytest.raises(RefusedError) as told:
        door.open_door(port=0)
    assert "kbtui[web]" in told.value.hint


def test_a_port_that_is_taken_is_a_sentence(base: Path) -> None:
    with served(base) as (_, _, port):
        ran = run_kbtui("--kb", base, "serve", "--port", str(port))
        assert ran.status != 0
        assert f"kbtui cannot listen on 127.0.0.1, port {port}" in ran.err
        assert "Traceback" not in ran.err
