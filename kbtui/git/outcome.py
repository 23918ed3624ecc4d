"""What a sync came to, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kbtui.entry.text import printable
from kbtui.git.remote import PATIENCE, Answer, Trouble

NO_ANSWER = "The team's copy does not answer."


class Outcome(StrEnum):
    """What a sync came to."""

    SHARED = "shared"
    WAITING = "waiting"
    SIGN_IN = "sign-in"
    REVIEW = "review"
    LEAD = "lead"
    ALONE = "alone"
    """The base has no remote."""
    BUSY = "busy"
    """Another kbtui on this computer is sharing this base."""
    GIVEN_UP = "given up"
    """Nobody wanted it any more, such as a window that was closed."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync came to. Paths are below git's top folder.

    Attributes:
        code: why a lead has to look ("K05"), or empty.
        reason: what is waited for or wrong, in a sentence; empty where all is well.
        sent: entries that the team got.
        received: entries that came.
        changed: files of the folder that are different now.
        variants: versions kept beside what they contest.
        vanished: entries that the team has lost because its history was changed on the host.
        kept: entries that one side deleted and the other edited; they stay.
        in_the_way: files that stay as somebody left them although the team has other versions of them.
        is_away: whether the team's copy is a folder that is not there just now.
        detail: git's own words, for the log.
    """

    outcome: Outcome
    code: str = ""
    reason: str = ""
    sent: int = 0
    received: int = 0
    changed: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    in_the_way: tuple[str, ...] = ()
    is_away: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """How to sync.

    Attributes:
        inbox: this person's own branch on the host, without the folder's name.
        may_delete: whether somebody has said that entries may vanish in masses.
        is_asked: whether somebody has asked for it just now; then the team's branch is offered again what it refused.
        patience: seconds a remote may take to answer.
        turn: seconds to wait for another kbtui that is sharing this base.
        cancelled: asked now and then, while the network is used, whether nobody wants it any more.
    """

    inbox: str
    may_delete: bool = False
    is_asked: bool = False
    patience: float = PATIENCE
    turn: float = 20.0
    cancelled: Callable[[], bool] | None = None


def hindered(hindrance: str) -> Synced:
    """Return what a sync comes to while somebody has something open in git."""
    return Synced(Outcome.LEAD, "K04", f"Sharing waits for {hindrance.partition(' (needs')[0]}.")


def stays(paths: Sequence[str]) -> str:
    """Return in a sentence which files stay as somebody left them."""
    first = printable(paths[0])
    more = f" (and {len(paths) - 1} more)" if len(paths) > 1 else ""
    return (
        f"What the team wrote in {first}{more} is not in this folder yet: "
        "somebody is working on the file here, so it stays as it is."
    )


_MEANING = {
    Trouble.OFFLINE: (Outcome.WAITING, "", NO_ANSWER),
    Trouble.SIGN_IN: (Outcome.SIGN_IN, "", "The host of the team's copy does not let this computer in."),
    Trouble.NO_REPOSITORY: (Outcome.LEAD, "K08", "There is no base at the address of the team's copy."),
    Trouble.ARCHIVED: (Outcome.LEAD, "K10", "The team's copy was archived on its host, which takes nothing new."),
    Trouble.REFUSED: (Outcome.LEAD, "K09", "The host takes neither what was written here nor a copy for review."),
}


def troubled(answer: Answer) -> Synced:
    """Return what a sync comes to where the remote did not do what it was asked."""
    if answer.trouble is Trouble.AWAY:
        reason = f"The folder {answer.place} of the team's copy is not there just now; connect its disk or network."
        return Synced(Outcome.WAITING, reason=reason, is_away=True, detail=answer.detail)
    outcome, code, reason = _MEANING.get(answer.trouble, _MEANING[Trouble.OFFLINE])
    return Synced(outcome, code, reason, detail=answer.detail)
