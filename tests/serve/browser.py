"""A real browser without a window, driven through its own debugging protocol.

See https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from aiohttp import ClientWebSocketResponse

aiohttp: Any = pytest.importorskip("aiohttp", reason="the extra kbtui[web] is not installed")

PROGRAM = shutil.which("chromium") or shutil.which("google-chrome")
PATIENCE = 60.0


class Page:
    """One page in the browser.

    Args:
        socket: the connection to the browser's debugger.
    """

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, dict[str, Any]] = {}
        self.requests: list[str] = []
        self.troubles: list[str] = []

    async def command(self, method: str, **parameters: object) -> dict[str, Any]:
        """Tell the browser to do something, and return what it answers."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(PATIENCE):
            while number not in self._answers:
                self._take_in((await self._socket.receive()).json())
        return self._answers.pop(number)

    def _take_in(self, told: dict[str, Any]) -> None:
        if "id" in told:
            self._answers[told["id"]] = told.get("result", {})
        elif told["method"] == "Network.requestWillBeSent":
            self.requests.append(told["params"]["request"]["url"])
        elif told["method"] == "Runtime.exceptionThrown":
            self.troubles.append(str(told["params"]["exceptionDetails"]))
        elif told["method"] == "Log.entryAdded" and told["params"]["entry"]["level"] == "error":
            self.troubles.append(told["params"]["entry"]["text"])

    async def go(self, address: str) -> None:
        """Open an address, and note everything that the page asks for."""
        for part in ("Network", "Runtime", "Log", "Page"):
            await self.command(f"{part}.enable")
        await self.command("Page.navigate", url=address)

    async def value(self, script: str) -> object:
        """Return what a piece of JavaScript comes to."""
        return (await self.command("Runtime.evaluate", expression=script)).get("result", {}).get("value")

    async def until(self, script: str, is_so: Callable[[object], bool] = bool) -> None:
        """Wait until a piece of JavaScript comes to something."""
        async with asyncio.timeout(PATIENCE):
            while not is_so(await self.value(script)):
                await asyncio.sleep(0.05)

    async def type(self, text: str) -> None:
        """Press the keys of a text, wherever the page takes keys."""
        for character in text:
            await self.command("Input.dispatchKeyEvent", type="char", text=character)


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Page]:
    """Start the browser with nothing but an empty profile below `folder`; yield its page."""
    assert PROGRAM is not None
    profile = folder / "profile"
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    command = [PROGRAM, *flags, f"--user-data-dir={profile}", "--remote-debugging-port=0", "about:blank"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            port = await _port(profile / "DevToolsActivePort")
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json") as answer:
                    page = next(each for each in await answer.json() if each["type"] == "page")
                async with session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                    yield Page(socket)
        finally:
            process.terminate()


async def _port(file: Path) -> int:
    async with asyncio.timeout(PATIENCE):
        while not (file.exists() and file.read_text().count("\n")):
            await asyncio.sleep(0.05)
    return int(file.read_text().split()[0])
