"""One entry's file taken apart: header, question and the parts of the body, with the lines they stand on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kbtui.entry import _body, _header
from kbtui.entry._values import as_question
from kbtui.entry.text import printable

BOM = "\ufeff"
_QUESTION_KEYS = ("question", "title")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class File:
    """One file, line by line.

    Attributes:
        raw: the lines with every byte they had, bytes that are no UTF-8 as surrogates.
        shown: the same lines as a person may see them, without line ends.
        question_key: the header key that holds the question, or empty.
    """

    raw: list[str]
    shown: list[str]
    header: _header.HeaderBlock
    question_key: str
    body: _body.Body
    has_bom: bool

    @property
    def line_end(self) -> str:
        """The line end most lines of the file have."""
        crlf = sum(line.endswith("\r\n") for line in self.raw)
        return "\r\n" if crlf * 2 > len(self.raw) else "\n"

    def text(self, part: str) -> str:
        """Return one part of the body, without blank lines around it."""
        spans = self.body.spans(part)
        pieces = ["\n".join(self.shown[self.header.body + s.text : self.header.body + s.end]) for s in spans]
        return "\n\n".join(piece.strip("\n") for piece in pieces if piece.strip())


def take_apart(data: bytes) -> File:
    """Return the file `data`, taken apart. Never raises for what stands in it, short of a RecursionError."""
    text = data.decode("utf-8", "surrogateescape")
    has_bom = text.startswith(BOM)
    raw = _LINE.findall(text.removeprefix(BOM))
    shown = printable("".join(raw)).split("\n")[: len(raw)]
    header = _header.read(shown)
    question_key = next((key for key in _QUESTION_KEYS if as_question(header.values.get(key, ""))), "")
    body = _body.read(shown[header.body :], question_is_known=bool(question_key))
    return File(raw, shown, header, question_key, body, has_bom)
