"""New entries and changed ones, as bytes.

What is written is read back and must say what was asked for before anybody sees it; every
byte that was not asked for stays as it was.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import astuple, replace

from kbtui.entry import _body, _header
from kbtui.entry._anatomy import BOM, File, take_apart
from kbtui.entry._reading import MAX_ENTRY_BYTES, read
from kbtui.entry._values import header_values
from kbtui.entry.identity import require_safe_id
from kbtui.entry.model import BEING_MENDED, NO_AUTHORITY, Approval, Authority, Entry, EntryChange, NewEntry, State
from kbtui.entry.text import one_line, printable
from kbtui.errors import RefusedError


def new(entry_id: str, words: NewEntry) -> bytes:
    """Return the file of a new entry.

    Raises:
        RefusedError: the question is empty, or the words cannot be written so that they read back the same.
    """
    require_safe_id(entry_id)
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
    file = take_apart(data)
    current = read("entry.md", data)
    if current.being_mended:
        raise RefusedError(f"{BEING_MENDED}.", "Until then it cannot be changed; `kbtui check` names the line.")
    if not current.readable:
        raise RefusedError(
            "This entry does not parse, so kbtui cannot change single values in it.",
            "Mend the file first, as text (`kbtui edit ENTRY`); `kbtui check` names the line.",
        )
    wanted = _differing(current, wanted)
    lines = _with_parts(file, wanted)
    values = header_values(wanted, file.question_key)
    lines = _header.with_values(lines, file.header, values, file.line_end) if values else lines
    text = (BOM if file.has_bom else "") + "".join(lines)
    result = text.encode("utf-8", "surrogateescape")
    _prove(result, wanted)
    return result


def _cleaned(wanted: EntryChange) -> EntryChange:
    """Make a person's words printable, lists and single-line values one line each."""

    def block(text: str | None) -> str | None:
        return None if text is None else "\n".join(line.rstrip() for line in printable(text).split("\n")).strip("\n")

    def line(text: str | None) -> str | None:
        return None if text is None else unicodedata.normalize("NFC", one_line(text))

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
        authority=_cleaned_card(wanted.authority) if wanted.authority else None,
        approval=wanted.approval and Approval(*map(one_line, astuple(wanted.approval))),
    )


def _differing(entry: Entry, wanted: EntryChange) -> EntryChange:
    """Return the change without the values that the entry has already, whose lines then stay as they were written."""
    names = [name for name in wanted.__dataclass_fields__ if name != "state"]
    same = {name: None for name in names if _wanted_value(wanted, name) == getattr(entry, name)}
    return replace(wanted, **same, state=None if wanted.state == entry.declared else wanted.state)


def _wanted_value(wanted: EntryChange, name: str) -> object:
    """Return what an entry has once a change is made, which is no card where the change removes it."""
    value: object = getattr(wanted, name)
    return None if value == NO_AUTHORITY else value


def _cleaned_card(card: Authority) -> Authority:
    return Authority(
        action=one_line(card.action),
        unit=one_line(card.unit),
        limits=tuple(replace(x, role=one_line(x.role), people=tuple(map(one_line, x.people))) for x in card.limits),
        above=one_line(card.above),
        conditions=tuple(map(one_line, card.conditions)),
        boundary=one_line(card.boundary),
        valid_until=one_line(card.valid_until),
    )


def _with_parts(file: File, wanted: EntryChange) -> list[str]:
    """Return the raw lines with the body's parts replaced, the last one first so that lines stay put."""
    edits: list[tuple[int, int, list[str]]] = []
    if wanted.question is not None and not file.question_key:
        edits.append(_heading_edit(file, wanted.question))
    for part in ("answer", "internal", "see_also"):
        text: str | None = getattr(wanted, part)
        if text is not None and text != file.text(part):
            edits += _part_edits(file, part, text)
    lines = list(file.raw)
    if edits and max(last for _, last, _ in edits) == len(lines) and lines and not lines[-1].endswith("\n"):
        lines[-1] += file.line_end
    for first, last, replacement in sorted(edits, key=lambda edit: edit[:2])[::-1]:
        lines[first:last] = [line + file.line_end for line in replacement]
    return lines


def _heading_edit(file: File, question: str) -> tuple[int, int, list[str]]:
    first = file.header.body
    heading = [f"# {_heading_text(question)}"]
    if file.body.heading:
        return first + file.body.heading.start, first + file.body.heading.end, heading
    return first, first, [*heading, ""]


def _heading_text(question: str) -> str:
    """Return a question as the words of a Markdown heading that read back the same."""
    escaped = re.sub(r"([\\`*_\[\]<>&~])", r"\\\1", question)
    return re.sub(r"(^|\s)(#+)$", r"\1\\\2", escaped)


def _part_edits(file: File, part: str, text: str) -> list[tuple[int, int, list[str]]]:
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
    follows = first + head.end < len(file.raw)
    replacement = [*_gap(file, keep_from), *written, *([""] if follows else [])] if written else []
    if part == "answer" and not written and follows:
        replacement = _gap(file, keep_from)
    edits = [(keep_from, first + head.end, replacement)]
    return edits + [(first + span.start, first + span.end, []) for span in rest]


def _gap(file: File, line: int) -> list[str]:
    """Return the blank line between a heading and the text below it, where there is a heading."""
    return [""] if line > file.header.body else []


def _place_of_new_part(file: File, part: str) -> int:
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
                "Look for a line that begins with #, <<<<<<< or >>>>>>>, or a code block that is not closed.",
            )
    for name in ("tags", "asked_as", "owner", "check_by", "pinned", "replaced_by", "authority", "approval"):
        if getattr(wanted, name) is not None and getattr(entry, name) != _wanted_value(wanted, name):
            raise RefusedError(f"The value of {name.replace('_', ' ')} cannot be written.", "Use plain words.")


def _says(found: str, asked: str, *, is_line: bool) -> bool:
    if is_line:
        return found == asked or not asked
    return found == asked.strip("\n") or found == (_body.closed(asked) or asked).strip("\n")
