"""Where the browser comes in: a port that is listened on, by default on this computer only.

There are no accounts: whoever reaches the port writes as the person who started the
server. So the port is open to this computer alone unless another host is asked for.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from importlib.util import find_spec

from kbtui.entry.text import clipped, one_line
from kbtui.errors import RefusedError

LOOPBACK = "127.0.0.1"
PORT = 8000


@dataclass(frozen=True)
class Door:
    """A port that is listened on.

    Attributes:
        listening: the socket, bound.
        host: as it was asked for.
    """

    listening: socket.socket
    host: str = LOOPBACK

    @property
    def port(self) -> int:
        """The port, also where any free one was asked for."""
        return int(self.listening.getsockname()[1])

    @property
    def is_loopback(self) -> bool:
        """Whether only this computer reaches it."""
        return ipaddress.ip_address(self._bound).is_loopback

    @property
    def address(self) -> str:
        """What is typed into the browser."""
        is_everywhere = ipaddress.ip_address(self._bound).is_unspecified
        host = socket.gethostname() if is_everywhere else self._bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    @property
    def names(self) -> frozenset[str]:
        """The names, besides plain numbers, by which a browser may call this computer."""
        return frozenset(name.casefold() for name in ("localhost", socket.gethostname(), self.host))

    @property
    def _bound(self) -> str:
        return str(self.listening.getsockname()[0]).partition("%")[0]


def open_door(host: str = LOOPBACK, port: int = PORT) -> Door:
    """Listen on a port; 0 takes one that is free.

    Raises:
        RefusedError: the extra is not installed, the port is taken, or the host is none of this computer's.
    """
    if find_spec("textual_serve") is None:
        raise RefusedError("The screen in a browser needs an extra.", 'Install it: pip install "kbtui[web]"')
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return Door(socket.create_server((host, port), family=family), host)
    except (OSError, ValueError) as error:
        shown = clipped(one_line(host), 100)
        hint = f"Use another --port, or --host {LOOPBACK}."
        raise RefusedError(f"kbtui cannot listen on {shown}, port {port}: {_why(error)}.", hint) from error


def _why(error: OSError | ValueError) -> str:
    """Return the system's reason, without its number."""
    return one_line(getattr(error, "strerror", None) or "that is no host").casefold()
