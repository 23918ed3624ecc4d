"""The file format of an entry: the one door between bytes and `Entry`.

`read` never fails: a file that does not parse becomes an entry that shows its text and
names its problems. `change` and `new` never guess: what they write is read back, and
must say what was asked for, before anybody sees it. docs/format.md describes the format.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from kbtui.entry import _body, _header, identity
from kbtui.entry._values import (
    NO_CHANGE,
    as_bool,
    as_date,
    as_list,
    as_question,
    as_state,
    as_text,
    authority_problems,
    header_values,
    read_approval,
    read_authority,
    tags_of,
)
from kbtui.entry._yaml import Value
from kbtui.entry.approval import holds
from kbtui.entry.model import Entry, EntryChange, NewEntry, Problem, Severity, State
from kbtui.entry.text import one_line, printable
from kbtui.errors import RefusedError

MAX_ENTRY_BYTES = 1024 * 1024
_SHOWN_OF_TOO_LARGE = 64 * 1024
_QUESTION_KEYS = ("question", "title")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_MARKER = re.compile(r"(?m)^(?:<{7} |={7}$|>{7} )")
_BOM = "\ufeff"


@dataclass(frozen=True)
class _File:
    """One file taken apart: `raw` keeps every byte, `shown` is what a person may see, line by line."""

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


def read(path: str, data: bytes) -> Entry:
    """Return the entry that the file at `path` (POSIX, below the base's folder) holds. Never raises."""
    if len(data) > MAX_ENTRY_BYTES:
        reason = f"the file is larger than {MAX_ENTRY_BYTES // 1024} KiB; only its beginning is shown"
        return _as_plain_text(path, data[:_SHOWN_OF_TOO_LARGE], Problem(1, reason))
    try:
        file = _take_apart(data)
    except RecursionError:
        return _as_plain_text(path, data[:_SHOWN_OF_TOO_LARGE], Problem(1, "the text is nested too deeply"))
    return _entry(path, file, _text_problems(data, file.shown))


def _as_plain_text(path: str, data: bytes, problem: Problem) -> Entry:
    text = printable(data.decode("utf-8", "replace"))
    return Entry(path, _id({}, path), _humanised(path), answer=text, plain=text, problems=(problem,), readable=False)


def _take_apart(data: bytes) -> _File:
    text = data.decode("utf-8", "surrogateescape")
    has_bom = text.startswith(_BOM)
    raw = _LINE.findall(text.removeprefix(_BOM))
    shown = printable("".join(raw)).split("\n")[: len(raw)]
    header = _header.read(shown)
    question_key = next((key for key in _QUESTION_KEYS if as_question(header.values.get(key, ""))), "")
    body = _body.read(shown[header.body :], question_is_known=bool(question_key))
    return _File(raw, shown, header, question_key, body, has_bom)


def _text_problems(data: bytes, shown: Sequence[str]) -> tuple[Problem, ...]:
    problems = []
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(line, "the text is not UTF-8; the odd bytes are shown as \ufffd", Severity.NOTE))
    marker = next((n for n, line in enumerate(shown) if _MARKER.match(line)), None)
    if marker is not None and {"<", ">"} <= {line[:1] for line in shown if _MARKER.match(line)}:
        problems.append(Problem(marker + 1, "two versions stand here side by side; choose one"))
    return tuple(problems)


def _entry(path: str, file: _File, problems: tuple[Problem, ...]) -> Entry:
    values = file.header.values
    offset = file.header.body
    question = as_question(values.get(file.question_key, "")) or one_line(file.body.question) or _humanised(path)
    readable = not file.header.is_broken
    answer = file.text("answer") if readable else "\n".join(file.shown)
    declared = as_state(values.get("state", ""), State.NOT_VALIDATED if answer.strip() else State.OPEN)
    approval = read_approval(values.get("validated", ""))
    found = (*file.header.problems, *_moved(file.body.problems, offset), *problems)
    return Entry(
        path=path,
        id=_id(values, path),
        question=question,
        answer=answer,
        internal=file.text("internal") if readable else "",
        see_also=file.text("see_also") if readable else "",
        declared=declared,
        approval=approval,
        approval_holds=holds(approval, question, answer),
        tags=tags_of(values),
        asked_as=as_list(values.get("asked_as", "")),
        owner=one_line(as_text(values.get("owner", ""))),
        check_by=as_date(values.get("check_by", "")),
        pinned=as_bool(values.get("pinned", "")),
        replaced_by=one_line(as_text(values.get("replaced_by", ""))),
        authority=read_authority(values.get("authority", "")),
        links=tuple(replace(link, line=link.line + offset) for link in file.body.links),
        plain=file.body.plain if readable else answer,
        problems=found + _value_problems(values, file.header.lines),
        readable=readable,
        variant_of=identity.variant_of(path),
    )


def _moved(problems: Sequence[Problem], offset: int) -> tuple[Problem, ...]:
    return tuple(replace(problem, line=problem.line + offset) for problem in problems)


def _value_problems(values: Mapping[str, Value], lines: Mapping[str, int]) -> tuple[Problem, ...]:
    """Return what is wrong with the values of kbtui's own keys. Other bases' values are their own business."""
    found: list[tuple[str, str]] = []
    state = as_text(values.get("state", ""))
    if state and state not in list(State):
        found.append(("state", f"{state!r} is no state; use one of {', '.join(State)}"))
    if values.get("check_by") and not as_date(values["check_by"]):
        found.append(("check_by", "check_by is no date; write it as 2027-03-31"))
    found += [("authority", reason) for reason in authority_problems(values.get("authority", ""))]
    return tuple(Problem(lines.get(key, 0) + 1, reason, Severity.NOTE) for key, reason in found)


def _id(values: Mapping[str, Value], path: str) -> str:
    written = as_text(values.get("id", "")).strip()
    if identity.variant_of(path):
        return identity.id_from_path(path)
    return written if identity.is_safe_id(written) else identity.id_in_name(path) or identity.id_from_path(path)


def _humanised(path: str) -> str:
    """Return a file name as words, for a file that says no question of its own."""
    stem = PurePosixPath(path).name.removesuffix(".md")
    return one_line(re.sub(r"[-_]+", " ", printable(stem))) or "untitled"


def new(entry_id: str, words: NewEntry) -> bytes:
    """Return the file of a new entry.

    Raises:
        RefusedError: the question is empty, or the words cannot be written so that they read back the same.
    """
    question = one_line(words.question)
    if not question:
        raise RefusedError("An entry needs a question.", "Say in a few words what the caller asks.")
    state = State.NOT_VALIDATED if words.answer.strip() else State.OPEN
    frame = f"---\nid: {entry_id}\nstate: {state}\n---\n# {_heading_text(question)}\n".encode()
    change_to = EntryChange(
        question=question,
        answer=words.answer,
        internal=words.internal or None,
        tags=words.tags or None,
        asked_as=words.asked_as or None,
        owner=words.owner or None,
        authority=words.authority,
    )
    return change(frame, change_to)


def change(data: bytes, wanted: EntryChange) -> bytes:
    """Return the file `data` with the wanted values changed and every other byte as it was.

    Raises:
        RefusedError: the file does not parse, or the words cannot be written so that
            they read back the same.
    """
    if len(data) > MAX_ENTRY_BYTES:
        raise RefusedError("This entry is too large to be changed here.", "Split it into several entries.")
    wanted = _cleaned(wanted)
    file = _take_apart(data)
    if file.header.is_broken:
        raise RefusedError(
            "This entry's header does not parse, so kbtui cannot change single values in it.",
            "Mend the header first (`kbtui edit --raw`); `kbtui check` names the line.",
        )
    lines = _with_parts(file, wanted)
    values = header_values(wanted, file.question_key)
    lines = _header.with_values(lines, file.header, values, file.line_end) if values else lines
    text = (_BOM if file.has_bom else "") + "".join(lines)
    result = text.encode("utf-8", "surrogateescape")
    _prove(result, wanted)
    return result


def _cleaned(wanted: EntryChange) -> EntryChange:
    """Make a person's words printable, lists and single-line values one line each."""

    def block(text: str | None) -> str | None:
        return None if text is None else "\n".join(line.rstrip() for line in printable(text).split("\n")).strip("\n")

    def line(text: str | None) -> str | None:
        return None if text is None else one_line(text)

    def items(texts: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if texts is None else tuple(dict.fromkeys(t for t in map(one_line, texts) if t))

    return replace(
        wanted,
        question=line(wanted.question),
        answer=block(wanted.answer),
        internal=block(wanted.internal),
        see_also=block(wanted.see_also),
        tags=items(wanted.tags),
        asked_as=items(wanted.asked_as),
        owner=line(wanted.owner),
        check_by=line(wanted.check_by),
        replaced_by=line(wanted.replaced_by),
    )


def _with_parts(file: _File, wanted: EntryChange) -> list[str]:
    """Return the raw lines with the body's parts replaced, the last one first so that lines stay put."""
    edits: list[tuple[int, int, list[str]]] = []
    for part in ("answer", "internal", "see_also"):
        text: str | None = getattr(wanted, part)
        if text is not None and text != file.text(part):
            edits += _part_edits(file, part, text)
    if wanted.question is not None and not file.question_key:
        edits.append(_heading_edit(file, wanted.question))
    lines = list(file.raw)
    if edits and max(last for _, last, _ in edits) == len(lines) and lines and not lines[-1].endswith("\n"):
        lines[-1] += file.line_end
    for first, last, replacement in sorted(edits, key=lambda edit: edit[:2])[::-1]:
        lines[first:last] = [line + file.line_end for line in replacement]
    return lines


def _heading_edit(file: _File, question: str) -> tuple[int, int, list[str]]:
    first = file.header.body
    heading = [f"# {_heading_text(question)}"]
    if file.body.heading:
        return first + file.body.heading.start, first + file.body.heading.end, heading
    return first, first, [*heading, ""]


def _heading_text(question: str) -> str:
    """Return a question as the words of a Markdown heading that read back the same."""
    escaped = re.sub(r"([\\`*_\[\]<>&~])", r"\\\1", question)
    return re.sub(r"(^|\s)(#+)$", r"\1\\\2", escaped)


def _part_edits(file: _File, part: str, text: str) -> list[tuple[int, int, list[str]]]:
    safe = _body.closed(text)
    if safe is None:
        raise RefusedError(
            "The text ends in the middle of a block that Markdown never closes.",
            "Close the code block or the comment.",
        )
    first = file.header.body
    written = safe.split("\n") if safe.strip() else []
    spans = file.body.spans(part)
    if not spans:
        title = {"internal": "## Internal", "see_also": "## See also"}[part]
        place = _place_of_new_part(file, part)
        after = [""] if place < len(file.raw) else []
        return [(place, place, ["", title, "", *written, *after])] if written else []
    head, *rest = spans
    keep_from = first + (head.text if part == "answer" or written else head.start)
    blank = [""] if written else []
    follows = first + head.end < len(file.raw)
    edits = [(keep_from, first + head.end, [*_gap(file, keep_from), *written, *(blank if follows else [])])]
    return edits + [(first + span.start, first + span.end, []) for span in rest]


def _gap(file: _File, line: int) -> list[str]:
    """Return the blank line between a heading and the text below it, where there is a heading."""
    return [""] if line > file.header.body else []


def _place_of_new_part(file: _File, part: str) -> int:
    """Internal notes stand before "See also", everything else at the end."""
    first = file.header.body
    if part == "internal" and (links := file.body.spans("see_also")):
        return first + links[0].start
    return len(file.raw)


def _prove(result: bytes, wanted: EntryChange) -> None:
    """Refuse to hand out a file that does not say what was asked for.

    Raises:
        RefusedError: naming the part that would not have come back as typed.
    """
    entry = read("proof.md", result)
    names = {
        "question": "question",
        "answer": "answer",
        "internal": "internal notes",
        "see_also": "see-also links",
    }
    for name, words in names.items():
        text = getattr(wanted, name)
        if text is not None and not _says(getattr(entry, name), text, is_line=name == "question"):
            raise RefusedError(
                f"The {words} would not read back as typed.",
                "Look for a line that begins with ## or #, or a code block that is not closed, and change it.",
            )
    for name in ("tags", "asked_as", "owner", "check_by", "pinned", "replaced_by", "authority", "approval"):
        value = getattr(wanted, name)
        if value is not NO_CHANGE and getattr(entry, name) != value:
            raise RefusedError(f"The value of {name.replace('_', ' ')} cannot be written.", "Use plain words.")


def _says(found: str, asked: str, *, is_line: bool) -> bool:
    if is_line:
        return found == asked or not asked
    return found == asked.strip("\n") or found == (_body.closed(asked) or asked).strip("\n")
