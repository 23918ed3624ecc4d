"""The web server: textual-serve's, with its doors closed to other people's pages.

As it comes, textual-serve starts its programs through a shell, loads a font from
elsewhere, and takes keys from any page that a browser on this computer has open. Here
programs are started from a list of words, the page loads nothing from outside, and a
request must come from the page itself:

- the host it names is a number or a name of this computer, so that a foreign name that is
  made to point here (DNS rebinding) is turned away;
- the page that opens the connection is ours (RFC 6455, section 10.2), so that no other
  page can type into kbtui.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import ipaddress
import shlex
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from kbtui.serve.door import Door

_HERE = Path(__file__).parent
_PAGE = Template((_HERE / "page.html").read_text("utf-8"))

_PATIENCE = 10.0
"""Seconds that a program has to end in, after each of the ways of telling it to."""

_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src data:; "
    "connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load: this server's own files, and nothing from outside."""


class _Program(AppService):
    """One kbtui, for one page.

    Args:
        words: the command, word by word.
        websocket: the page.
        server: the one that it belongs to.
    """

    def __init__(self, words: Sequence[str], websocket: web.WebSocketResponse, server: Server) -> None:
        async def close() -> None:
            await websocket.close()

        super().__init__(
            shlex.join(words),
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=close,
            download_manager=server.download_manager,
        )
        self._words = words

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Start it without a shell."""
        environment = self._build_environment(width, height)
        process = await asyncio.create_subprocess_exec(
            *self._words, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment
        )
        self._process, self._stdin = process, process.stdin
        return process

    async def run(self) -> None:
        """Pass on what it paints until it ends, and tell the page of the end, whatever that was."""
        await super().run()
        await self.remote_close()

    async def on_data(self, payload: bytes) -> None:
        """Pass on what it paints; a page that has gone needs no more."""
        with contextlib.suppress(ConnectionError):
            await super().on_data(payload)

    async def stop(self) -> None:
        """End it: as a person does, else as the system does."""
        process, self._process = self._process, None
        if process is None:
            return
        await self.send_meta({"type": "quit"})
        for insist in (process.terminate, process.kill):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _PATIENCE)
            if process.returncode is not None:
                return
            insist()
        await process.wait()


class KbtuiServer(Server):
    """Serves kbtui on one base.

    Args:
        root: the base.
        title: what stands in the browser's tab.
        door: where it listens.
    """

    def __init__(self, root: Path, title: str, door: Door) -> None:
        words = (sys.executable, "-m", "kbtui", "--kb", str(root))
        super().__init__(shlex.join(words), door.host, door.port, title)
        self._words = words
        self._door = door
        self._programs: set[_Program] = set()

    def run(self) -> None:
        """Serve until the process is told to end (SIGINT, SIGTERM), then end every program that was started."""
        web.run_app(
            self._make_app(), sock=self._door.listening, print=None, access_log=None, shutdown_timeout=_PATIENCE
        )

    async def _make_app(self) -> web.Application:
        """Return the application, with the few routes that kbtui needs."""

        @web.middleware
        async def only_ours(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not self._is_ours(request):
                raise web.HTTPForbidden(text="This request does not come from the page of kbtui.")
            return await handler(request)

        app = web.Application(middlewares=[only_ours])
        app.add_routes([web.get("/", self._page), web.get("/ws", self.handle_websocket)])
        app.add_routes([web.get("/page.js", _script), web.static("/static", self.statics_path)])
        app.on_response_prepare.append(_seal)
        app.on_shutdown.append(self.on_shutdown)
        return app

    def _is_ours(self, request: web.Request) -> bool:
        """Whether a request was meant for this computer and, where it can type, comes from our own page."""
        if not self._is_name_of_ours(urlsplit(f"//{request.host}").hostname or ""):
            return False
        return request.path != "/ws" or urlsplit(request.headers.get("Origin", "")).netloc == request.host

    def _is_name_of_ours(self, host: str) -> bool:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return host.casefold() in self._door.names
        return True

    async def _page(self, request: web.Request) -> web.Response:
        text = _PAGE.substitute(title=html.escape(self.title), socket=html.escape(f"ws://{request.host}/ws"))
        return web.Response(text=text, content_type="text/html")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Start a kbtui for a page, and end it when the page goes."""
        websocket = web.WebSocketResponse(heartbeat=15)
        await websocket.prepare(request)
        program = _Program(self._words, websocket, self)
        self._programs.add(program)
        try:
            await program.start(to_int(request.query.get("width", ""), 80), to_int(request.query.get("height", ""), 24))
            await self._process_messages(websocket, program)
        finally:
            await program.stop()
            self._programs.discard(program)
        return websocket

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - aiohttp's signature
        """End every program that was started."""
        await asyncio.gather(*(program.stop() for program in self._programs))


async def _script(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(_HERE / "page.js")


async def _seal(request: web.Request, response: web.StreamResponse) -> None:
    """Tell the browser that the page may load nothing from elsewhere."""
    response.headers.update(_HEADERS)
    response.headers["Content-Security-Policy"] = _POLICY.format(host=request.host)


def serve(root: Path, title: str, door: Door) -> None:
    """Serve the base at `root` until this process is told to end; what a program complains of goes to stderr."""
    with contextlib.redirect_stdout(sys.stderr):
        KbtuiServer(root, title, door).run()
