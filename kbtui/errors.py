"""The troubles a person can meet, each as one sentence and what to do next.

Every error that kbtui raises on purpose is a `KbError`. Its `message` says what is
wrong and where; its `hint` says what to do. Neither holds a stack trace, a git word
or markup. The line mode turns the error's `code` into the process's exit code.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the line mode. Documented in README.md; numbers never change meaning."""

    OK = 0
    """It worked."""
    TROUBLE = 1
    """Something went wrong that no other code names."""
    USAGE = 2
    """The command's words are off, whatever the base holds: one is missing, unknown, too many, or cannot be meant."""
    NO_BASE = 3
    """No knowledge base was found, or its kb.toml cannot be read."""
    NOT_FOUND = 4
    """No entry goes by that name, or more than one does; or no authority card is about it."""
    PROBLEMS = 5
    """`check` or `doctor` found something to mend."""
    NO_PERSON = 6
    """kbtui does not know whose words these are."""
    NOT_SAVED = 7
    """The text could not be kept; it is still where it was typed."""
    WAITING = 8
    """The text is safe on this computer, but not yet in the base's history."""
    GIT = 9
    """git is missing, too old, or refuses to work here."""
    REFUSED = 10
    """The command is understood, but what it asks for cannot be done so; nothing was changed."""


class KbError(Exception):
    """Base of every error that kbtui raises on purpose.

    Args:
        message: one sentence, what is wrong and where.
        hint: one sentence, what to do next; may be empty.
    """

    code = ExitCode.TROUBLE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NoBaseError(KbError):
    """There is no knowledge base where kbtui looked, or its kb.toml is unreadable."""

    code = ExitCode.NO_BASE


class NoSuchEntryError(KbError):
    """A name fits no entry, or more than one."""

    code = ExitCode.NOT_FOUND


class NoPersonError(KbError):
    """Words cannot be saved before somebody has said whose they are."""

    code = ExitCode.NO_PERSON


class RefusedError(KbError):
    """A text, path or file that kbtui does not take; nothing was changed."""

    code = ExitCode.REFUSED


class UsageError(RefusedError):
    """What was typed cannot be meant, whatever the base holds.

    An option or an argument is missing, is one too many, or has a value that it cannot have.
    """

    code = ExitCode.USAGE


class PersonalDataError(RefusedError):
    """The words hold a card number, or other personal data that nobody has said may stay; nothing was changed.

    Args:
        can_stay: whether the person may say that it stays.
    """

    def __init__(self, message: str, hint: str = "", *, can_stay: bool = False) -> None:
        super().__init__(message, hint)
        self.can_stay = can_stay


class NotSavedError(KbError):
    """The text did not reach the disk; whoever holds it must keep it."""

    code = ExitCode.NOT_SAVED


class GitTroubleError(KbError):
    """git is missing, too old, or answered with a failure.

    Args:
        message: one sentence without git's own words.
        hint: what to do next.
        detail: what git said, sanitised, for the log and for `doctor`.
    """

    code = ExitCode.GIT

    def __init__(self, message: str, hint: str = "", detail: str = "") -> None:
        super().__init__(message, hint)
        self.detail = detail


class BusyError(KbError):
    """Another kbtui holds the base longer than it is sensible to wait."""

    code = ExitCode.WAITING


class IndexTroubleError(KbError):
    """The search index cannot be used and could not be rebuilt."""
