"""Sharing with the team, in the words a rep may see (F51): no git word ever.

These are the facade's verbs `sync` and `sync_status`. What happened last is kept in a small
file beside the base, so that a status line needs no network and a second window says the same.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kbtui.entry import file_format
from kbtui.entry.event import Event, EventKind
from kbtui.entry.identity import EVENTS_FOLDER
from kbtui.entry.model import TWO_VERSIONS
from kbtui.errors import KbError, NotSavedError
from kbtui.git.outcome import Options, Outcome, Synced
from kbtui.parts import writer_of
from kbtui.store import atomic

if TYPE_CHECKING:
    from kbtui.freshness import Freshness
    from kbtui.parts import Parts

SIGN_IN_TRIES = 3
"""A host that does not let this computer in is taken for a bad connection so often (FAULTS 23)."""

KEPT = "Deleted by one of us while another one improved it: it stays until a lead has looked."
_EVENT_ID = 16
WAITING = "Waiting for connection, your work is safe"
_WORDS = {
    Outcome.SHARED: "Shared",
    Outcome.WAITING: WAITING,
    Outcome.SIGN_IN: "Sign-in needed, tell your lead",
    Outcome.REVIEW: "Sent for review",
    Outcome.ALONE: "Saved",
    Outcome.BUSY: "Saved",
    Outcome.GIVEN_UP: "Saved",
}
_UNTOLD = (Outcome.BUSY, Outcome.GIVEN_UP)
"""What says nothing of the team's copy, so that what was known before is still true."""

_HINTS = {
    "K04": "Finish it in git, or check out the team's branch; saving goes on meanwhile.",
    "K05": "Look at what was deleted on the host. To let it happen: kbtui sync --accept-deletions",
    "K06": "What is here was sent to a branch kb-inbox/... on the host. Join the team's base anew: kbtui join URL",
    "K07": "What is here was sent to a branch kb-inbox/... on the host. Merge it there by hand; see `kbtui doctor`.",
    "K08": "Look where the team's base is now: git remote set-url origin URL",
    "K09": "Give this person the right to write to the host, or to branches called kb-inbox/...",
    "K10": "Take it out of the host's archive, or say where the team's base is now: git remote set-url origin URL",
    "sign-in": "Give this computer a way in that asks no question: a key, or a password that is kept. Try: kbtui sync",
    "K11": "Replace it there by hand, as `kbtui purge` has said; then run: kbtui purge --done",
    "in the way": "Commit the file with git, and both are brought together; or move it away, and the team's comes in.",
    "away": "If it has moved for good, say where it is now: git remote set-url origin URL",
    "alone": "Nobody else has this base yet. Put it on a git host: git remote add origin URL",
}


@dataclass(frozen=True, slots=True)
class Shared:
    """What a sync came to.

    Attributes:
        words: the one line a rep sees.
        outcome: the same for programs: shared, waiting, sign-in, review, lead, alone, busy, given up.
        code: what a rep tells the lead ("K05"), or empty.
        reason: why, in a sentence; empty where all is well.
        hint: what a lead can do about it, or empty.
        sent: how many entries the team got.
        received: how many came.
        changed: entries that are different in this folder now, as paths below it.
        variants: versions kept beside what they contest, as paths below the base's folder.
        vanished: entries that the team has lost because its history was changed on the host.
        in_the_way: files below the base's folder that stay as somebody left them although the team has other
            versions of them.
        waiting: saves that the team does not have yet.
        has_uses: whether uses, callers and the like have come.
    """

    words: str
    outcome: str
    code: str = ""
    reason: str = ""
    hint: str = ""
    sent: int = 0
    received: int = 0
    changed: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    in_the_way: tuple[str, ...] = ()
    waiting: int = 0
    has_uses: bool = False


@dataclass(frozen=True, slots=True)
class SharingStatus:
    """How sharing stands, as far as this computer knows.

    Attributes:
        words: the words of the last sync; "Saved" before the first.
        last_shared: when this computer and the team last had the same, in UTC; None for never.
        waiting: saves that the team does not have yet; none where nobody else has the base.
        hint: what a lead can do about it, or empty.
    """

    words: str
    outcome: str
    code: str = ""
    reason: str = ""
    last_shared: dt.datetime | None = None
    waiting: int = 0
    hint: str = ""


class Sharing:
    """The verbs that share.

    Args:
        parts: the library's parts.
        freshness: brings what has come into the index.
    """

    def __init__(self, parts: Parts, freshness: Freshness) -> None:
        self._parts = parts
        self._freshness = freshness

    def sync(
        self,
        *,
        may_delete: bool = False,
        is_asked: bool = False,
        turn: float = 20.0,
        cancelled: Callable[[], bool] | None = None,
    ) -> Shared:
        """Share and receive. Saves and events that wait come first. Never raises a KbError."""
        try:
            self._settle()
            options = Options(
                self._parts.inbox(), may_delete=may_delete, is_asked=is_asked, turn=turn, cancelled=cancelled
            )
            synced = self._parts.syncer.sync(options)
        except KbError as error:
            synced = Synced(Outcome.LEAD, "K07", error.message)
        prefix = self._prefix()
        changed = _below(prefix, synced.changed)
        if changed:
            self._bring_up(changed)
        self._flag(_below(prefix, synced.kept))
        failures = self._sign_in_failures(synced.outcome)
        shared = self._told(synced, failures, prefix, changed)
        if synced.outcome not in _UNTOLD:
            self._note(shared, synced, failures)
        return shared

    def status(self) -> SharingStatus:
        """Return how sharing stands; asks no network."""
        known = self._known()
        at = known.get("shared_at")
        outcome, code = str(known.get("outcome") or Outcome.ALONE), str(known.get("code") or "")
        return SharingStatus(
            words=str(known.get("words") or _WORDS[Outcome.ALONE]),
            outcome=outcome,
            code=code,
            reason=str(known.get("reason") or ""),
            last_shared=dt.datetime.fromtimestamp(at, dt.UTC) if isinstance(at, int | float) else None,
            waiting=self._waiting(),
            hint=str(known.get("hint") or _HINTS.get(code or outcome, "")),
        )

    def _settle(self) -> None:
        """Bring what waits on this computer into the history; what cannot be brought there waits on."""
        with suppress(KbError):
            if self._parts.has_waiting():
                self._parts.saver.drain()
        if not self._parts.outbox.is_empty():
            self._parts.event_saver.settle()

    def _bring_up(self, changed: tuple[str, ...]) -> None:
        self._freshness.follow(tuple(filter(self._parts.files.is_entry, changed)))
        self._parts.tally.forget()

    def _flag(self, kept: tuple[str, ...]) -> None:
        """Flag, for a lead, entries that somebody has deleted while somebody else improved them (FAULTS 43).

        The flag's id comes from the entry and its words, so that two computers raise one.
        """
        for path in kept:
            with suppress(KbError):  # nobody has said who is writing, or the disk is full: it is only a notice
                content = self._parts.files.read(path)
                digest = hashlib.sha256(path.encode("utf-8", "surrogateescape") + content).digest()
                self._parts.outbox.keep(
                    Event(
                        id=base64.b32encode(digest)[:_EVENT_ID].decode().lower(),
                        at=self._parts.now(),
                        person=writer_of(self._parts),
                        kind=EventKind.FLAG,
                        entry=file_format.read(path, content).id,
                        words=KEPT,
                    )
                )
                self._parts.tally.forget()

    def _prefix(self) -> str:
        try:
            return self._parts.syncer.prefix
        except KbError:
            return ""

    def _told(self, synced: Synced, failures: int, prefix: str, changed: tuple[str, ...]) -> Shared:
        outcome = synced.outcome
        if outcome is Outcome.SIGN_IN and failures < SIGN_IN_TRIES:
            outcome = Outcome.WAITING
        words = _WORDS.get(outcome) or f"Needs your lead (code {synced.code})"
        if outcome is Outcome.SHARED and synced.variants:
            words = TWO_VERSIONS
        about = "in the way" if synced.in_the_way else "away" if synced.is_away else ""
        return Shared(
            words=words,
            outcome=outcome,
            code=synced.code,
            reason=synced.reason,
            hint=_HINTS.get(about or synced.code or outcome, ""),
            sent=synced.sent,
            received=synced.received,
            changed=tuple(filter(self._parts.files.is_entry, changed)),
            variants=_below(prefix, synced.variants),
            vanished=_below(prefix, synced.vanished),
            in_the_way=_below(prefix, synced.in_the_way),
            waiting=self._waiting(),
            has_uses=any(path.startswith(f"{EVENTS_FOLDER}/") for path in changed),
        )

    def _waiting(self) -> int:
        """Return how many saves the team does not have yet."""
        try:
            return len(self._parts.journal.pending()) + self._parts.syncer.waiting()
        except KbError:
            return len(self._parts.journal.pending())

    # What happened last

    def _sign_in_failures(self, outcome: Outcome) -> int:
        before = self._known().get("sign_in_failures")
        known = before if isinstance(before, int) else 0
        if outcome is Outcome.SIGN_IN:
            return known + 1
        return known if outcome in (Outcome.WAITING, *_UNTOLD) else 0

    def _note(self, shared: Shared, synced: Synced, failures: int) -> None:
        now = self._parts.now().timestamp()
        at = now if synced.outcome is Outcome.SHARED else self._known().get("shared_at")
        values = {
            "words": shared.words,
            "outcome": shared.outcome,
            "code": shared.code,
            "reason": shared.reason,
            "hint": shared.hint,
            "shared_at": at,
            "tried_at": now,
            "sign_in_failures": failures,
            "detail": synced.detail,
        }
        with suppress(NotSavedError):  # the status line then says what was true before
            atomic.write(self._file, json.dumps(values, ensure_ascii=False).encode("utf-8", "replace"))

    def _known(self) -> dict[str, Any]:
        try:
            values = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        return values if isinstance(values, dict) else {}

    @property
    def _file(self) -> Path:
        return self._parts.state / "sync.json"


def _below(prefix: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths of the base among some below git's top folder, as paths below the base's own."""
    return tuple(path.removeprefix(prefix) for path in paths if path.startswith(prefix))
