"""Entry files as people write them: comments, unknown keys, odd quoting, any line end, a byte order mark.

A file is built from chunks, one for each key and one for each run of comments, so that a
test knows which bytes belong to which key without asking the code under test.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.entry.texts import MARKDOWN_SPECIALS, words

TEXT_KEYS = ("owner", "check_by", "replaced_by", "pinned", "state")
LIST_KEYS = ("tags", "asked_as")
OTHER_KEYS = ("title", "layout", "Order", "x-y", "a_b", "date", "draft", "schlüssel", "dotted.key")
ODD_KEYS = ("my key", "2fa", "path/to", "$ref")
STRICT_KEYS = ("@type", "#hash", "-dash")
"""Keys that are quoted, because they are no keys otherwise."""


@dataclass(frozen=True)
class Chunk:
    """Some lines of a header, with their line ends: those of one key, or comments and blank lines (no key)."""

    key: str
    lines: tuple[bytes, ...]


@dataclass(frozen=True)
class HandWritten:
    """A file whose header somebody typed."""

    mark: bytes
    opening: bytes
    chunks: tuple[Chunk, ...]
    closing: bytes
    body: bytes

    @property
    def data(self) -> bytes:
        before, old, after = self.around("")
        return before + old + after

    def around(self, key: str) -> tuple[bytes, bytes, bytes]:
        """Return the bytes before the key's own, those, and the bytes after; a new key stands before the end."""
        place = next((n for n, chunk in enumerate(self.chunks) if key and chunk.key == key), len(self.chunks))
        parts = [b"".join(chunk.lines) for chunk in self.chunks]
        before = self.mark + self.opening + b"".join(parts[:place])
        return before, b"".join(parts[place : place + 1]), b"".join(parts[place + 1 :]) + self.closing + self.body


def _text_forms(key: str, text: str) -> list[list[str]]:
    return [
        [f"{key}: {text}"],
        [f"{key}:   {text}  "],
        [f"{key} : {text}"],
        [f"{key}: '{text}'"],
        [f'{key}: "{text}"'],
        [f'{key}: "{text} \\u00e4\\t\\"x\\""'],
        [f"{key}: {text} # why"],
        [f"{key}:", f"    {text}"],
        [f"{key}: {text}", f"  {text}"],
        [f"{key}: '{text}", "", f"  # {text}'"],
        [f"{key}: |", f"  {text}", "", f"  # {text}"],
        [f"{key}: >-", f"  {text}", f"   - {text}: {text}", ""],
        [f"{key}: |2", f"   {text}"],
        [f"{key}:"],
        [f"{key}: ~"],
        [f"{key}: 007"],
    ]


def _list_forms(key: str, text: str) -> list[list[str]]:
    return [
        [f"{key}: [{text}, '{text}: b', \"c\", 007]"],
        [f"{key}: [ {text} ,no, ]  # why"],
        [f"{key}: [", f"  {text},", "  # inside", '  "b" ]'],
        [f"{key}: [", f"  {text},", "]"],
        [f"{key}:", f"  - {text}", "  - '12:30'"],
        [f"{key}:", f"- {text}", "# between", "- b"],
        [f"{key}:", "", f"    -   {text}", "", "    - |", f"      {text}", "      # text"],
        [f"{key}: {text}"],
        [f"{key}: []"],
        [f"{key}:"],
    ]


def _other_forms(key: str, text: str) -> list[list[str]]:
    return [
        *_text_forms(key, text),
        *_list_forms(key, text),
        [f"{key}:", f"  a: {text}", "  b:", f"    - {text}", "    - c: d", "      # deep", "      e: f"],
        [f"{key}: {{a: {text}, b: [c, d]}}"],
        [f"{key}: {{a: {text},", f"  b: {text}}}"],
    ]


def _strict_forms(key: str, text: str) -> list[list[str]]:
    return [[f'"{key}": {text}'], [f"'{key}':", f"  - {text}"], [f'? "{key}"', f": {text}"]]


def _loose_forms(key: str, text: str) -> list[list[str]]:
    """What strict YAML refuses and people write."""
    return [
        [f"{key}: Error: {text}"],
        [f'{key}: "{text}" {text}'],
        [f"{key}: it's '{text}"],
        [f"{key}: @{text}"],
        [f"{key}: [{text}"],
        [f"{key}: `{text}`"],
        [f"{key}: a", f"  b: {text}"],
    ]


def _forms(key: str, text: str) -> list[list[str]]:
    if key in STRICT_KEYS:
        return _strict_forms(key, text)
    if key in LIST_KEYS:
        return _list_forms(key, text)
    return _text_forms(key, text) if key in TEXT_KEYS else _other_forms(key, text)


_comments = st.lists(
    st.sampled_from(["# a comment", "#", "#tags: [x]", "", "  ", "## owner: y", " # indented"]), max_size=3
)
_body_lines = st.one_of(
    st.sampled_from([s.encode() for s in MARKDOWN_SPECIALS]),
    st.sampled_from([b"---", b"# Question", b"## Internal", b"## See also", b"tags: [a]", b"", b"\xff\xfe", b"a\x00b"]),
    st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")),
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """What stands below a header: any bytes, in lines of any end, the last one perhaps without."""
    ends = st.sampled_from([b"\n", b"\r\n"])
    lines = draw(st.lists(_body_lines, max_size=8))
    return b"".join(line + draw(ends) for line in lines) + draw(st.sampled_from([b"", b"no end"]))


@st.composite
def hand_written(draw: st.DrawFn) -> HandWritten:
    """A file with a header that people write by hand, strict YAML or nearly so."""
    is_strict = draw(st.booleans())
    indent = draw(st.sampled_from(["", "", "", "  "])) if is_strict else ""
    known = (*TEXT_KEYS, *LIST_KEYS, *OTHER_KEYS, *ODD_KEYS)
    keys = draw(st.lists(st.sampled_from((*known, *STRICT_KEYS) if is_strict else known), unique=True, max_size=7))
    ends = draw(st.sampled_from([(b"\n",), (b"\r\n",), (b"\n", b"\r\n")]))

    def typed(lines: list[str]) -> tuple[bytes, ...]:
        return tuple(line.encode() + draw(st.sampled_from(ends)) for line in lines)

    def indented(lines: list[str]) -> tuple[bytes, ...]:
        return typed([indent + line if line.strip() else line for line in lines])

    chunks = []
    for key in keys:
        chunks.append(Chunk("", typed(draw(_comments))))
        is_loose = not is_strict and draw(st.booleans())
        forms = _loose_forms(key, draw(words)) if is_loose else _forms(key, draw(words))
        chunks.append(Chunk(key, indented(draw(st.sampled_from(forms)))))
    chunks.append(Chunk("", typed(draw(_comments)) if keys else ()))
    return HandWritten(
        mark=draw(st.sampled_from([b"", b"\xef\xbb\xbf"])),
        opening=typed(["---"])[0],
        chunks=tuple(chunks),
        closing=typed([draw(st.sampled_from(["---", "...", "--- "]))])[0],
        body=draw(bodies()),
    )
