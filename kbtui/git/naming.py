"""What still says the name of a file that is purged as a whole (F60).

A purge of an entry takes its file out of the history. Its name, which is made of its
question, stands elsewhere too: in the operation log, which is cleaned, and in what others
wrote, which stays and is pointed to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from kbtui.entry import file_format
from kbtui.entry.identity import EVENTS_FOLDER
from kbtui.git import operations
from kbtui.git.repository import Repository
from kbtui.git.rewriting import Wanted
from kbtui.store import atomic
from kbtui.store.files import EntryFiles


def forget(repository: Repository, wanted: Wanted) -> None:
    """Take the lines that name what went out of the operation log."""
    log = operations.log_of(repository)
    if log.exists():
        prefix = repository.layout.prefix
        bare = [PurePosixPath(path.removeprefix(prefix)).with_suffix("") for path in wanted.paths]
        names = [json.dumps(f"{path}.")[1:-1].encode() for path in bare]  # versions beside it begin in the same way
        lines = log.read_bytes().splitlines(keepends=True)
        atomic.write(log, b"".join(line for line in lines if not any(name in line for name in names)))


def still_naming(repository: Repository, files: EntryFiles, root: Path, wanted: Wanted) -> Iterator[str]:
    """Yield, in words, what somebody has to see to: files that name what goes, and events that keep words about it.

    It is asked before the files go: the questions and ids are theirs.

    Args:
        root: the base's folder.
    """
    prefix = repository.layout.prefix
    goes = {path.removeprefix(prefix): files.read_if_there(path.removeprefix(prefix)) for path in wanted.paths}
    entries = [file_format.read(path, data) for path, data in goes.items() if data and path.endswith(".md")]
    forms = {PurePosixPath(path).name for path in goes} | {entry.question for entry in entries}
    wanted_bytes = [form.encode("utf-8", "surrogateescape") for form in forms if form]
    for path in sorted(files.scan().stamps):
        data = files.read_if_there(path) or b""
        is_gone = wanted.is_gone((prefix + path).encode("utf-8", "surrogateescape"))
        if not is_gone and any(form in data for form in wanted_bytes):
            yield f"the file {path}, which still says its path or its question: also purge --text that"
    marks = [f'"{entry.id}"'.encode() for entry in entries if entry.id]
    for place in sorted((root / EVENTS_FOLDER).rglob("*.jsonl")):
        if place.is_file() and not place.is_symlink() and any(mark in place.read_bytes() for mark in marks):
            yield "the events of this entry, which keep callers' words: also purge --text each of them"
            return
