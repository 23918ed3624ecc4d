"""What one run of the line mode knows: the environment, the folder, the base that was named."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kbtui.bases import find_base
from kbtui.cli import complaints
from kbtui.entry.alarm import NO_CONSENT, WARNED_KINDS, Consent
from kbtui.errors import BusyError, IndexTroubleError, NoPersonError, RefusedError
from kbtui.knowledge import Knowledge
from kbtui.open import open_base, remember_person

if TYPE_CHECKING:
    import typer

    from kbtui.glance import Glance

_LONGEST_INPUT = 2 * 1024 * 1024


class Session(NamedTuple):
    """Passed in from the outside, so that tests and hooks can say what the world looks like.

    Attributes:
        environment: the process's environment.
        current: the current folder.
        base: what --kb said, or empty.
    """

    environment: Mapping[str, str]
    current: Path
    base: str = ""

    def named(self, base: str | None) -> Session:
        """Return the session with the base that was named after the command, if one was."""
        return self._replace(base=base) if base else self

    def root(self) -> Path:
        """Return the folder of the base.

        Raises:
            NoBaseError: there is none.
        """
        return find_base(self.base, self.environment, self.current)

    def knowledge(self, *, fresh: bool = True, glance: Glance | None = None) -> Knowledge:
        """Return the base, opened, with interrupted saves finished and the index up to date.

        Args:
            fresh: False leaves both for later.
            glance: a look at the files that has been begun.

        Raises:
            NoBaseError: there is none.
        """
        knowledge = open_base(self.root(), self.environment, glance=glance)
        if fresh:
            _bring_up(knowledge)
        return knowledge

    def writing(self, consent: Consent = NO_CONSENT) -> Knowledge:
        """Return the base, opened for saving; asks for a name if nobody has given one.

        Args:
            consent: what the person has said about personal data in their words.

        Raises:
            NoPersonError: there is no name, and nobody there to ask.
        """
        knowledge = self.knowledge()
        if knowledge.person() is None:
            self._ask_name()
        return knowledge.with_consent(consent)

    def _ask_name(self) -> None:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise NoPersonError(
                "kbtui does not know your name yet.", 'Say it once: kbtui me "Your Name" (or set KBTUI_PERSON).'
            )
        sys.stderr.write("Your name, as colleagues will see it: ")
        sys.stderr.flush()
        person = remember_person(sys.stdin.readline(), self.environment)
        complaints.tell(f"Thank you, {person.name}. You will not be asked again.")


def _bring_up(knowledge: Knowledge) -> None:
    progress = complaints.ProgressLine("Preparing search:")
    try:
        knowledge.recover()
        knowledge.refresh(progress)
    except BusyError as error:
        complaints.tell(f"kbtui: {error.message}")
    except IndexTroubleError as error:
        complaints.complain(error)
    finally:
        progress.end()


def consent(mask: bool, allow_personal: bool) -> Consent:
    """Return what the options --mask and --allow-personal say."""
    return Consent(mask, WARNED_KINDS if allow_personal else frozenset())


def session_of(context: typer.Context, base: str | None = None) -> Session:
    """Return the session of a command, with the base named after the command if one was."""
    session: Session = context.obj
    return session.named(base)


def read_input(what: str) -> str:
    """Return what stands on standard input; on a terminal, after saying what is wanted.

    Raises:
        RefusedError: it is too large.
    """
    if sys.stdin.isatty():
        complaints.tell(f"Type {what}; end with an empty line and Ctrl+D (Windows: Ctrl+Z, Enter).")
    data = sys.stdin.buffer.read(_LONGEST_INPUT + 1)
    if len(data) > _LONGEST_INPUT:
        raise RefusedError(f"That is too much text for {what}.", "Shorten it, or split it into several entries.")
    return data.decode("utf-8", "replace")
