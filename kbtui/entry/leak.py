"""Words that must go from everything that holds them (F60): how they are recognised, and what takes their place.

A text is looked for as it is, with Windows line ends, as JSON writes it (events, drafts, the
save journal), and as a file name is made of it. It is never shown: a `Leak` has no text in
its own words.
"""

from __future__ import annotations

import json

from kbtui.entry.identity import slug
from kbtui.errors import RefusedError

SHORTEST = 4
_SHORTEST_SLUG = 6
REMOVED, REMOVED_IN_NAME = b"(removed)", b"removed"
"""What stands there instead: harmless in Markdown, YAML, JSON and file names."""


class Leak:
    """A text that must go.

    Args:
        text: without spaces around it, at least four characters.

    Raises:
        RefusedError: it is too short to be told from other words.
    """

    def __init__(self, text: str) -> None:
        bare = text.strip()
        if len(bare) < SHORTEST:
            raise RefusedError("That text is too short to be told from other words.", "Give at least four characters.")
        unix = bare.replace("\r\n", "\n")
        texts = {unix, unix.replace("\n", "\r\n")}
        texts |= {json.dumps(each, ensure_ascii=escaped)[1:-1] for each in texts for escaped in (True, False)}
        self._texts = sorted((each.encode("utf-8", "surrogateescape") for each in texts), key=len, reverse=True)
        name = slug(bare)
        self._names = [name.encode()] if len(name) >= _SHORTEST_SLUG and name != "entry" else []

    def __repr__(self) -> str:
        return "<a leak>"

    def is_in(self, data: bytes) -> bool:
        """Whether bytes hold the text in any form."""
        return any(form in data for form in (*self._texts, *self._names))

    def cleaned(self, data: bytes) -> bytes:
        """Return the bytes without it."""
        for form in self._texts:
            data = data.replace(form, REMOVED)
        for form in self._names:
            data = data.replace(form, REMOVED_IN_NAME)
        return data

    def cleaned_name(self, name: bytes) -> bytes:
        """Return a file's name, or a path, without it."""
        for form in (*self._texts, *self._names):
            name = name.replace(form, REMOVED_IN_NAME)
        return name

    def cleaned_text(self, text: str) -> str:
        """Return words for a person without it."""
        return self.cleaned(text.encode("utf-8", "surrogateescape")).decode("utf-8", "replace")
