"""Hours of work compressed: searches and saves in one open program, and what it holds meanwhile.

The library is worked through one `Knowledge` in this process, the screen by keys in a
pseudo-terminal. Linux only: what a process holds is read from /proc.
"""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from kbtui.entry.model import EntryChange
from kbtui.knowledge import Knowledge
from kbtui.store.drafts import Draft
from tests.e2e.terminal import ENTER, ESCAPE, Terminal, ctrl

MORE_DESCRIPTORS = 8
"""Files that may be open at the end beyond those after the first part: segments of an index come and go."""

MORE_THREADS = 4
"""Textual's pool makes threads as it needs them; it has as many after the first part as it will have, give or take."""

_PARTS = 10

_UNTIL_COLLECTED = 3.0
"""Seconds without a key in which a window surely collects its garbage (`kbtui.tui.garbage`)."""

_ANSWERED = re.compile(r"\d+ of \d+|Nothing found")


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds at one moment.

    Attributes:
        searches: done so far.
        saves: done so far.
        descriptors: open files, pipes and sockets.
        children: processes it has started that are still there.
        threads: its own.
        memory: bytes that belong to no file.
    """

    searches: int
    saves: int
    descriptors: int
    children: int
    threads: int
    memory: int


@dataclass(frozen=True, slots=True)
class Work:
    """How much is done.

    Attributes:
        searches: in all.
        saves: in all, evenly between the searches.
    """

    searches: int
    saves: int

    def looks_after(self, save: int) -> bool:
        """Whether what the process holds is looked at after that save, counted from 1."""
        return save * _PARTS // self.saves > (save - 1) * _PARTS // self.saves


def held(pid: int, searches: int, saves: int) -> Held:
    """Look at what a process holds."""
    own = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (own / "status").read_text().splitlines())
    children = [child for task in (own / "task").iterdir() for child in (task / "children").read_text().split()]
    return Held(
        searches=searches,
        saves=saves,
        descriptors=len(list((own / "fd").iterdir())),
        children=len(children),
        threads=int(status["Threads"]),
        memory=int(status["RssAnon"].split()[0]) * 1024,
    )


def growth(looks: Sequence[Held]) -> Held:
    """Return by how much the most of the second half exceeds the most of the first, the first look aside."""
    middle = len(looks) // 2
    first, second = looks[1 : middle + 1], looks[middle + 1 :]

    def more(name: str) -> int:
        most = [max(getattr(look, name) for look in half) for half in (first, second)]
        return int(most[1] - most[0])

    return Held(**{name: more(name) for name in Held.__slots__})


def in_library(knowledge: Knowledge, work: Work) -> list[Held]:
    """Search and save through the library; return ten looks at this process."""
    return _run(work, _Library(knowledge), os.getpid(), gc.collect)


def on_screen(terminal: Terminal, questions: Sequence[str], work: Work) -> list[Held]:
    """Search and save by keys; return ten looks at the program in the terminal."""
    return _run(work, _Screen(terminal, questions), terminal.pid, lambda: terminal.quiet(_UNTIL_COLLECTED))


def _run(work: Work, session: _Library | _Screen, pid: int, settle: Callable[[], object]) -> list[Held]:
    looks, searches = [], 0
    for save in range(1, work.saves + 1):
        while searches * work.saves < save * work.searches:
            session.search(searches)
            searches += 1
        session.save(save)
        if work.looks_after(save):
            settle()  # what refers to itself is not let go at once, and what is working still holds something
            looks.append(held(pid, searches, save))
    return looks


class _Library:
    """What a rep's program asks of the library: searches, and every kind of save in turn.

    Args:
        knowledge: the base.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._questions = [card.question for card in knowledge.cards()]
        self._entry = ""
        self._deeds = cycle((self._ask, self._answer, self._change, self._confirm, self._undo, self._archive))

    def search(self, number: int) -> None:
        """Search for a question, sometimes only half typed, and read the first hit."""
        question = self._questions[number % len(self._questions)]
        typed = question[: 6 + number % 40]
        found = self._knowledge.search(typed)
        assert found is not None
        assert found.hits or typed != question
        if found.hits:
            self._knowledge.get(found.hits[0].card.path)

    def save(self, number: int) -> None:
        """Keep a draft, save, and look at what has happened to the entry."""
        draft = Draft(f"draft{number}", question=f"Soaked question {number}?", changed_at=float(number))
        self._knowledge.drafts.keep(draft)
        next(self._deeds)(number)
        self._knowledge.drafts.discard(draft.draft_id)
        self._knowledge.history(self._entry)
        self._knowledge.credit(self._entry)

    def _ask(self, number: int) -> None:
        self._entry = self._knowledge.ask(f"Soaked question {number}?").entry.path

    def _answer(self, number: int) -> None:
        self._knowledge.answer(self._entry, f"Soaked answer {number}.")

    def _change(self, number: int) -> None:
        _, source = self._knowledge.opened(self._entry)
        self._knowledge.change(self._entry, EntryChange(internal=f"Soaked note {number}."), source)

    def _confirm(self, _number: int) -> None:
        self._knowledge.validate(self._entry)

    def _undo(self, _number: int) -> None:
        self._knowledge.undo(self._entry)

    def _archive(self, _number: int) -> None:
        self._knowledge.archive(self._entry)


class _Screen:
    """What a rep does at the keyboard.

    Args:
        terminal: the program, waiting for a search.
        questions: to be searched.
    """

    def __init__(self, terminal: Terminal, questions: Sequence[str]) -> None:
        self._it = terminal
        self._questions = questions

    def search(self, number: int) -> None:
        """Search, open every fifth time what was found, and go back to an empty line."""
        self._it.type(self._questions[number % len(self._questions)][:40].strip())
        self._it.until(lambda: _ANSWERED.search(self._it.status_line), "an answer")
        if number % 5 == 0 and "Nothing" not in self._it.status_line:
            self._it.send(ENTER)
            self._it.see("e Fix")
            self._it.send(ctrl("l"))
            self._it.see("n New entry")
        self._clear()

    def save(self, number: int) -> None:
        """Ask a question that nobody has asked."""
        question = f"Soaked question {number}?"
        self._it.type(question)
        self._it.send(ctrl("o"))
        self._it.see("Question, in the caller's words")
        self._it.send(ctrl("s"))
        self._it.see(f"Saved: {question}")  # the line is empty by itself

    def _clear(self) -> None:
        self._it.send(ESCAPE)
        self._it.see("What does the caller ask?")
        self._it.until(lambda: not _ANSWERED.search(self._it.status_line), "the first list")
