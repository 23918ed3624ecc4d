"""What the workers tell the screens: one small message for each thing that happened.

None of them bubbles: each is for the screen that asked, and only it answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:  # these load Markdown, YAML and more, which must not delay the first picture
    from kbtui.clipboard import Copied as Copied_
    from kbtui.entry.card import Card
    from kbtui.entry.decision import Asker
    from kbtui.entry.guarded import Sighting
    from kbtui.entry.model import Entry
    from kbtui.errors import KbError
    from kbtui.knowledge import SearchResult, Similar
    from kbtui.store.calls import Call
    from kbtui.store.drafts import Draft
    from kbtui.team.credit import Credit, Step
    from kbtui.team.uses import Demand
    from kbtui.tui.useful import Section
    from kbtui.verbs.capture import SavedEntry
    from kbtui.verbs.news import News
    from kbtui.verbs.reuse import Noted as Noted_
    from kbtui.verbs.sharing import Shared, SharingStatus


@dataclass(eq=False, repr=False)
class BaseReady(Message, bubble=False):
    """The base is open, interrupted saves are finished, and the index is up to date; so many drafts wait."""

    total: int
    recovered: int
    drafts: int


@dataclass(eq=False, repr=False)
class Progressed(Message, bubble=False):
    """So many files of so many have been read into a new index."""

    done: int
    of: int


@dataclass(eq=False, repr=False)
class PersonFound(Message, bubble=False):
    """Who is writing; empty as long as nobody has said."""

    name: str


@dataclass(eq=False, repr=False)
class Searched(Message, bubble=False):
    """A search has been answered."""

    text: str
    result: SearchResult


@dataclass(eq=False, repr=False)
class Suggested(Message, bubble=False):
    """What to show while nothing has been typed, by sections."""

    sections: list[Section]


@dataclass(eq=False, repr=False)
class InUse(Message, bubble=False):
    """Which tags and owners there are, the most used first."""

    tags: list[str]
    owners: list[str]


@dataclass(eq=False, repr=False)
class Previewed(Message, bubble=False):
    """The entry under the cursor has been read, for somebody who may decide this or that."""

    entry: Entry
    asker: Asker


@dataclass(eq=False, repr=False)
class Opened(Message, bubble=False):
    """An entry has been read, to be shown to somebody or changed; `source` is what it was read from."""

    entry: Entry
    source: bytes
    asker: Asker


@dataclass(eq=False, repr=False)
class DraftKept(Message, bubble=False):
    """A draft is on this computer's disk; `is_masked` where a card number in it was masked there."""

    draft: Draft
    is_masked: bool = False


@dataclass(eq=False, repr=False)
class Guarded(Message, bubble=False):
    """The guard has looked at a draft's words."""

    draft: Draft
    found: list[Sighting]


@dataclass(eq=False, repr=False)
class NearFound(Message, bubble=False):
    """The questions nearest to one that is being typed, the nearest first; none where none is close."""

    text: str
    near: list[Similar]


@dataclass(eq=False, repr=False)
class AskedTooFound(Message, bubble=False):
    """The open questions that ask nearly the same as the one on the screen, the nearest first."""

    near: list[Card]


@dataclass(eq=False, repr=False)
class AskedTwiceFound(Message, bubble=False):
    """Which open questions ask nearly the same as another: that one's words, by the file of the first."""

    twins: dict[str, str]


@dataclass(eq=False, repr=False)
class Compared(Message, bubble=False):
    """An entry has been read, to be compared with one's own words, and what is known of its use."""

    entry: Entry
    demand: Demand


@dataclass(eq=False, repr=False)
class NameKept(Message, bubble=False):
    """The name has been kept and will not be asked for again; this has waited for it."""

    waiting: list[NameNeeded]


@dataclass(eq=False, repr=False)
class NameRefused(Message, bubble=False):
    """What was given is no name, or could not be kept; this waits on."""

    error: KbError
    waiting: list[NameNeeded]


@dataclass(eq=False, repr=False)
class PeopleFound(Message, bubble=False):
    """Whose words an entry is made of, what happened to it, how much it is wanted; whether two versions are kept."""

    credit: Credit
    steps: list[Step]
    demand: Demand
    is_contested: bool = False


@dataclass(eq=False, repr=False)
class TrustFound(Message, bubble=False):
    """What speaks for an entry and against it."""

    reasons: list[str]


@dataclass(eq=False, repr=False)
class Aged(Message, bubble=False):
    """An entry is no longer as it is shown: `shown` is what it was read from."""

    path: str
    shown: bytes


@dataclass(eq=False, repr=False)
class LinksFound(Message, bubble=False):
    """The entries that an entry names."""

    cards: list[Card]


@dataclass(eq=False, repr=False)
class AgesFound(Message, bubble=False):
    """How long ago each entry was last changed, by path; and whether other entries count as validated than before."""

    ages: dict[str, str]
    is_new_standing: bool = False


@dataclass(eq=False, repr=False)
class DraftsFound(Message, bubble=False):
    """What has been begun and not saved."""

    drafts: list[Draft]


@dataclass(eq=False, repr=False)
class Saved(Message, bubble=False):
    """Words are safe."""

    saved: SavedEntry


@dataclass(eq=False, repr=False)
class Copied(Message, bubble=False):
    """What to say is in the clipboard, or what has to be told the terminal so that it will be."""

    copied: Copied_
    text: str


@dataclass(eq=False, repr=False)
class Noted(Message, bubble=False):
    """A use, a flag, a thank-you or a caller more is safe."""

    noted: Noted_


@dataclass(eq=False, repr=False)
class FlagRefused(Message, bubble=False):
    """A flag of an entry could not be noted; here are its words again."""

    error: KbError
    path: str
    reason: str


@dataclass(eq=False, repr=False)
class NewsFound(Message, bubble=False):
    """What is new since the person last looked; `is_asked` where they want to read it now."""

    news: News
    is_asked: bool


@dataclass(eq=False, repr=False)
class CallCame(Message, bubble=False):
    """A phone system has announced a call (F10)."""

    call: Call


@dataclass(eq=False, repr=False)
class ChangedOutside(Message, bubble=False):
    """Something else has changed entries; the search knows them now."""

    paths: frozenset[str]


@dataclass(eq=False, repr=False)
class Counted(Message, bubble=False):
    """The events have been counted anew: what is on the screen about uses and callers may be old."""


@dataclass(eq=False, repr=False)
class SharingStands(Message, bubble=False):
    """How sharing stands, as far as this computer knows."""

    status: SharingStatus


@dataclass(eq=False, repr=False)
class Synced(Message, bubble=False):
    """What a sync came to, and how sharing stands after it."""

    shared: Shared
    status: SharingStatus


@dataclass(eq=False, repr=False)
class NameNeeded(Message, bubble=False):
    """Something waits until somebody says who does it.

    Attributes:
        again: does it, once the name is known.
        otherwise: what is said where no name is given.
    """

    again: Callable[[], None]
    otherwise: str


@dataclass(eq=False, repr=False)
class Failed(Message, bubble=False):
    """Something a person asked for did not work; `draft` holds their words, if there were any."""

    error: KbError
    draft: Draft | None = None
