"""From a file's bytes to an `Entry`. Never fails: what does not parse is shown as text, with its problems."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from kbtui.entry import _body, identity
from kbtui.entry._anatomy import File, take_apart
from kbtui.entry._values import (
    as_bool,
    as_date,
    as_language,
    as_list,
    as_question,
    as_state,
    as_text,
    authority_problems,
    read_approval,
    read_authority,
    tags_of,
)
from kbtui.entry._yaml import Value
from kbtui.entry.approval import holds
from kbtui.entry.model import Authority, Entry, Problem, Severity, State
from kbtui.entry.text import clipped, one_line, printable

MAX_ENTRY_BYTES = 1024 * 1024
_SHOWN_OF_TOO_LARGE = 64 * 1024
_READ_FOR_EXCERPT, _EXCERPT = 800, 240
_MARKER = re.compile(r"(?m)^(?:<{7} |={7}$|>{7} )")


def read(path: str, data: bytes) -> Entry:
    """Return the entry that the file at `path` (POSIX, below the base's folder) holds. Never raises."""
    if len(data) > MAX_ENTRY_BYTES:
        reason = f"the file is larger than {MAX_ENTRY_BYTES // 1024} KiB; only its beginning is shown"
        return _as_plain_text(path, data[:_SHOWN_OF_TOO_LARGE], Problem(1, reason))
    try:
        file = take_apart(data)
    except RecursionError:
        return _as_plain_text(path, data[:_SHOWN_OF_TOO_LARGE], Problem(1, "the text is nested too deeply"))
    return _entry(path, file, _text_problems(data))


def _as_plain_text(path: str, data: bytes, problem: Problem) -> Entry:
    text = printable(data.decode("utf-8", "replace"))
    return Entry(
        path,
        _id({}, path),
        _humanised(path),
        answer=text,
        plain=text,
        excerpt=_excerpt(text, is_markdown=False),
        problems=(problem,),
        readable=False,
    )


def _text_problems(data: bytes) -> tuple[Problem, ...]:
    problems = []
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(line, "the text is not UTF-8; the odd bytes are shown as \ufffd", Severity.NOTE))
    return tuple(problems)


def _marker_line(shown: Sequence[str]) -> int:
    """Return the 1-based line on which a conflict begins, or 0."""
    marker = next((n for n, line in enumerate(shown) if _MARKER.match(line)), None)
    if marker is not None and {"<", ">"} <= {line[:1] for line in shown if _MARKER.match(line)}:
        return marker + 1
    return 0


def _being_mended(path: str, file: File, line: int) -> Entry:
    """Return an entry without any of its words: with markers among them, nobody knows which hold (FAULTS 48)."""
    values = file.header.values
    known = _id(values, path) if values.get("id") else identity.id_in_name(path) or _id(values, path)
    problem = Problem(line, "two versions stand here side by side; choose one")
    return Entry(
        path,
        known,
        _humanised(path),
        problems=(problem,),
        readable=False,
        variant_of=identity.variant_of(path),
        being_mended=True,
    )


def _entry(path: str, file: File, problems: tuple[Problem, ...]) -> Entry:
    if line := _marker_line(file.shown):
        return _being_mended(path, file, line)
    values = file.header.values
    offset = file.header.body
    question = as_question(values.get(file.question_key, "")) or one_line(file.body.question) or _humanised(path)
    readable = not file.header.is_broken and not any(problem.severity is Severity.ERROR for problem in problems)
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
        authority=_authority(values, file.header.spans),
        links=tuple(replace(link, line=link.line + offset) for link in file.body.links),
        plain=file.body.plain if readable else answer,
        excerpt=_excerpt(answer, is_markdown=readable),
        problems=found + _value_problems(values, file.header.spans),
        readable=readable,
        variant_of=identity.variant_of(path),
        language=as_language(values.get("language", "")),
    )


def _authority(values: Mapping[str, Value], spans: Mapping[str, tuple[int, int]]) -> Authority | None:
    card = read_authority(values.get("authority", ""))
    return replace(card, line=spans.get("authority", (0, 0))[0] + 1) if card else None


def _excerpt(answer: str, *, is_markdown: bool) -> str:
    beginning = answer[:_READ_FOR_EXCERPT]
    return clipped(one_line(_body.words(beginning) if is_markdown else beginning), _EXCERPT)


def _moved(problems: Sequence[Problem], offset: int) -> tuple[Problem, ...]:
    return tuple(replace(problem, line=problem.line + offset) for problem in problems)


def _value_problems(values: Mapping[str, Value], spans: Mapping[str, tuple[int, int]]) -> tuple[Problem, ...]:
    """Return what is wrong with the values of kbtui's own keys. Other bases' values are their own business."""
    found: list[tuple[str, str]] = []
    state = as_text(values.get("state", ""))
    if state and state not in list(State):
        found.append(("state", f"{state!r} is no state; use one of {', '.join(State)}"))
    if values.get("check_by") and not as_date(values["check_by"]):
        found.append(("check_by", "check_by is no date; write it as 2027-03-31"))
    found += [("authority", reason) for reason in authority_problems(values.get("authority", ""))]
    return tuple(Problem(spans.get(key, (0, 0))[0] + 1, reason, Severity.NOTE) for key, reason in found)


def _id(values: Mapping[str, Value], path: str) -> str:
    written = as_text(values.get("id", "")).strip()
    if identity.variant_of(path):
        return identity.id_from_path(path)
    return written if identity.is_safe_id(written) else identity.id_from_path(path)


def _humanised(path: str) -> str:
    """Return a file name as words, for a file that says no question of its own."""
    stem = PurePosixPath(path).name.removesuffix(".md")
    return one_line(re.sub(r"[-_]+", " ", printable(stem))) or "untitled"
