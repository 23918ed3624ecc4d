"""The facade: one class, one verb for each thing a person does. Every door uses it and nothing below.

Reading verbs answer from the index and the files; saving verbs return once the words are
safe. None of them prints, asks or waits for a person. All may be called from any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kbtui.entry.alarm import NO_CONSENT, Consent
from kbtui.entry.identity import id_in_name
from kbtui.entry.model import Entry, Person, State
from kbtui.entry.text import one_line
from kbtui.errors import IndexTroubleError, NoSuchEntryError
from kbtui.freshness import Freshness, Progress, Refreshed, quietly
from kbtui.outside import Outside
from kbtui.parts import Parts
from kbtui.search.wanted import Wanted
from kbtui.store.calls import Calls
from kbtui.verbs.learning_verbs import LearningVerbs
from kbtui.verbs.review_verbs import ReviewVerbs
from kbtui.verbs.shift_verbs import ShiftVerbs
from kbtui.verbs.variant_verbs import VariantVerbs
from kbtui.verbs.writing_verbs import WritingVerbs

if TYPE_CHECKING:
    from kbtui.config import TeamConfig
    from kbtui.entry.card import Card
    from kbtui.entry.decision import Asker, Decision
    from kbtui.entry.which_card import Ruling
    from kbtui.search.result import Hit, Mark, Marked, Reason, SearchResult, Similar, Twins
    from kbtui.store.drafts import Drafts
    from kbtui.team.checks import Finding
    from kbtui.verbs.sharing import Shared, Sharing, SharingStatus


__all__ = ["Hit", "Knowledge", "Mark", "Marked", "Reason", "SearchResult", "Similar", "Twins", "Wanted"]
"""What the doors need, so that they import nothing below the facade."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Return what the doors need of the search, loaded when they first ask: the first picture does without."""
        if name not in __all__:
            raise AttributeError(name)
        from kbtui.search import result

        return getattr(result, name)


_USUAL = Wanted()
_MINE = "owner:me"


class Knowledge(WritingVerbs, VariantVerbs, ReviewVerbs, ShiftVerbs, LearningVerbs):
    """One knowledge base, opened.

    Args:
        parts: the library's parts, joined.
        consent: what the person has said about personal data in the words they save.
        save_id: of the one save that is made; else each gets a new one.
    """

    def __init__(self, parts: Parts, consent: Consent = NO_CONSENT, save_id: str = "") -> None:
        self._parts = parts
        self._consent = consent
        self._save_id = save_id

    def close(self) -> None:
        """Let go of every file of the search; what is asked for next opens them again."""
        self._parts.close()

    def end_work_beside(self) -> None:
        """End the process that works on the index, if there is one: the window closes. The index stays as it was."""
        self._parts.beside.end()

    @property
    def root(self) -> Path:
        """The base's folder."""
        return self._parts.root

    @property
    def team(self) -> TeamConfig:
        """What kb.toml says."""
        return self._parts.team

    @property
    def drafts(self) -> Drafts:
        """What is half written, on this computer."""
        return self._parts.drafts

    @property
    def trouble_log(self) -> Path:
        """The file in which a surprise is written down for a lead."""
        return self._parts.state / "trouble.log"

    @cached_property
    def calls(self) -> Calls:
        """The calls that a phone system announces to this computer (F10)."""
        return Calls(self._parts.state / "calls")

    @cached_property
    def outside(self) -> Outside:
        """Notices what something else changes in the entries."""
        return Outside(self._parts.files, self._freshness)

    def person(self) -> Person | None:
        """Return who is writing, or None as long as nobody has said."""
        return self._parts.person()

    def today(self) -> str:
        """Return the date, ISO, in UTC."""
        return self._parts.now().date().isoformat()

    # Find

    def search(
        self, text: str, wanted: Wanted = _USUAL, cancelled: Callable[[], bool] = lambda: False
    ) -> SearchResult | None:
        """Return the best entries for what was typed; None where the search was given up.

        An index that turns out to be damaged is built anew first; of many searches that find so, one does it.
        """
        index = self._parts.index.current
        me = self.person() if _MINE in text.lower() else None
        wanted = wanted._replace(me=me.name if me else "", today=self.today())
        try:
            found = self._found(text, wanted, cancelled)
        except IndexTroubleError:
            if not self._freshness.replace(index, cancelled):
                return None
            found = self._found(text, wanted, cancelled)
        if found is None:
            return None
        return self._with_versions(self._with_demand(self._with_ruling(found, text, wanted.limit)))

    def _found(self, text: str, wanted: Wanted, cancelled: Callable[[], bool]) -> SearchResult | None:
        """Search once; the counts, too, ask the index which question stands for which."""
        wanted = wanted if wanted.uses else wanted._replace(uses=self.counts().used, proven=self.proven())
        return self._parts.index.search(text, wanted, cancelled)

    def _with_versions(self, found: SearchResult) -> SearchResult:
        """Say on every row whether two versions of the entry are kept (F52)."""
        contested = self._parts.index.contested([hit.card.path for hit in found.hits])
        hits = (hit._replace(is_contested=hit.card.path in contested) for hit in found.hits)
        return found._replace(hits=tuple(hits)) if contested else found

    def _with_ruling(self, found: SearchResult, text: str, limit: int) -> SearchResult:
        """Put the authority card that a search such as "refund 80" asks about first, with the answer (F26)."""
        ruled = self.may(text)
        if ruled is None:
            return found
        from kbtui.search.result import Hit

        path, decision = ruled
        others = [hit for hit in found.hits if hit.card.path != path]
        first = next((hit for hit in found.hits if hit.card.path == path), None)
        if first is None:
            first = Hit(self._parts.index.cards([path])[path], 0.0, has_all=True)
        hits = (first._replace(has_all=True, decided=decision.headline), *others)[:limit]
        return found._replace(hits=hits, total=max(found.total, len(hits)))

    def spoken(self, text: str) -> str:
        """Return the words of a search without the signs that narrow it: what a caller may have said."""
        from kbtui.search.typed import take_apart

        return take_apart(one_line(text)).words

    def warm(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Make ready what most searches need; worth it only for a program that stays open."""
        self._parts.index.warm(cancelled)

    def understand(self, cancelled: Callable[[], bool] = lambda: False) -> bool:
        """Search by meaning too from now on, where a model is installed and wanted; whether it is.

        Raises:
            RefusedError: the model that is wanted cannot be used.
        """
        model = self._parts.meaning()
        if model is None:
            return False
        self._parts.index.use(model)
        self._parts.index.understand(cancelled)
        return True

    def similar(self, text: str, limit: int = 5, cancelled: Callable[[], bool] = lambda: False) -> list[Similar]:
        """Return the entries whose questions are nearest to one that is being typed (F16), the nearest first."""
        near = self._parts.index.similar(text, limit, cancelled)
        return [each._replace(card=self.lifted(each.card)) for each in near]

    def duplicates(self, progress: Progress = quietly) -> list[Twins]:
        """Return entries that may be two of one, the likest first (F45)."""
        return self._parts.index.duplicates(progress)

    def get(self, name: str) -> Entry:
        """Return the entry that an id, the beginning of one, or a path stands for.

        Raises:
            NoSuchEntryError: no entry goes by that name, or several do.
        """
        return self.opened(name)[0]

    def opened(self, name: str) -> tuple[Entry, bytes]:
        """Return an entry and the bytes it was read from, which a later save is compared with.

        Raises:
            NoSuchEntryError: no entry goes by that name, or several do.
        """
        from kbtui.entry.mended import shown  # Markdown and YAML take longer to load than a search takes

        path = self._path(name)
        data = self._parts.files.read(path)
        return self._as_proven(shown(path, data, self._parts.last_good)), data

    def _path(self, name: str) -> str:
        wanted = one_line(name)
        paths = self._parts.index.called(wanted) if self._parts.index.is_usable() else []
        if not paths and wanted.endswith(".md"):
            self._parts.files.locate(wanted)  # refuses a path that leaves the base
            if self._parts.files.stamp(wanted) is not None:
                return wanted
        if not paths:
            raise NoSuchEntryError(f"No entry is called {wanted!r}.", "Find its id with `kbtui search WORDS`.")
        if len(paths) > 1:
            some = ", ".join(paths[:3])
            raise NoSuchEntryError(f"{len(paths)} entries are called {wanted!r}: {some}.", "Give one of these paths.")
        return paths[0]

    def linked(self, entry: Entry) -> list[Card]:
        """Return the entries that an entry names, in its order, and the one that replaces it first (F9)."""
        from kbtui.team.checks import linked_path

        index = self._parts.index
        replacing = index.called(entry.replaced_by) if entry.replaced_by else []
        targets = [*filter(None, (linked_path(entry.path, link.target) for link in entry.links))]
        there = index.cards(targets)
        moved = {path: index.called(id_in_name(path)) for path in targets if path not in there and id_in_name(path)}
        paths = [*replacing, *(found for path in targets for found in moved.get(path, [path]))]
        cards = index.cards(paths)
        return [self.lifted(cards[path]) for path in dict.fromkeys(paths) if path in cards]

    def cards(self, *, state: State | None = None, tag: str = "", owner: str = "", due: bool = False) -> list[Card]:
        """Return the cards of all entries, or of those that fit every filter given, by path."""
        today = self._parts.now().date()
        from kbtui.verbs.standing import lifted

        proven = self.proven()
        index = self._parts.index
        known: Iterable[Card] = ()
        if index.is_usable():
            known = index.open_cards() if state is State.OPEN else index.each_card()
        return [
            card
            for card in (lifted(each, proven) for each in known)
            if (state is None or card.state is state)
            and (not tag or tag.casefold() in map(str.casefold, card.tags))
            and (not owner or owner.casefold() in card.owner.casefold())
            and (not due or card.is_due(today))
        ]

    def prominent(self, ids: Sequence[str], most: int) -> list[Card]:
        """Return the cards of the entries with these ids, of the pinned ones, and of so many open ones, by path."""
        from kbtui.verbs.standing import lifted

        proven = self.proven()
        known = self._parts.index.prominent(ids, most) if self._parts.index.is_usable() else []
        return [lifted(card, proven) for card in known]

    def in_use(self) -> tuple[list[str], list[str]]:
        """Return every tag, folded, and every owner, the most used first."""
        return self._parts.index.in_use() if self._parts.index.is_usable() else ([], [])

    # Decide

    def asker(self, role: str = "") -> Asker:
        """Return who wants to know what they may decide.

        Args:
            role: else the one in the person's settings, else the team's lowest.
        """
        from kbtui.entry.decision import Asker

        roles = self.team.roles
        return Asker(one_line(role) or self._parts.role() or (roles[0] if roles else ""), roles, self.today())

    def may(self, text: str, role: str = "") -> tuple[str, Decision] | None:
        """Return the path of the card that a search asks about and the answer; None where it asks nothing such.

        Made for every key typed: without a digit nothing is looked up, and no file is read ever.
        """
        if not any(map(str.isdecimal, text)):
            return None
        from kbtui.entry.which_card import worked_out  # cards are not read before somebody asks for an amount

        return worked_out(text, self._authority_cards(), self.asker(role))

    def ruling(self, text: str, role: str = "") -> Ruling | None:
        """Return what the best authority card says to a request; None where no card fits (F26)."""
        from kbtui.entry.which_card import rule

        return rule(text, self._authority_cards(), self.asker(role))

    def lead_to_ask(self) -> str:
        """Return whom to ask where no card decides."""
        from kbtui.entry.which_card import lead_to_ask

        return lead_to_ask(self._authority_cards(), self.asker())

    def _authority_cards(self) -> list[Card]:
        return self._parts.index.authority_cards() if self._parts.index.is_usable() else []

    # Writing, using, understanding, one's own shift: `kbtui.verbs.writing_verbs`, and beside it `event_verbs`,
    # `history_verbs` and `shift_verbs`

    def with_consent(self, consent: Consent, save_id: str = "") -> Knowledge:
        """Return the same base for saving words that hold personal data: masked, or let stay and recorded (F18).

        Args:
            save_id: of the one save that is to be made (`Draft.save_id`).
        """
        return Knowledge(self._parts, consent, save_id)

    # Keep up to date

    def recover(self) -> int:
        """Finish saves that a crash interrupted; return how many are in the history now.

        Raises:
            BusyError: another kbtui is saving.
        """
        if not self._parts.outbox.is_empty():
            self.settle_events()
        if not self._parts.has_waiting():
            return 0
        self._parts.glance.close()  # files are written now
        done = self._parts.saver.drain()
        self._freshness.mend([path for saved in done.values() for path in (saved.path, saved.variant) if path])
        return sum(saved.is_committed for saved in done.values())

    def refresh(self, progress: Progress = quietly) -> Refreshed:
        """Compare the files with the index and bring the index up to date."""
        self._parts.tally.forget()
        return self._freshness.refresh(progress)

    def reindex(self, progress: Progress = quietly) -> Refreshed:
        """Build the index anew from the files."""
        return self._freshness.rebuild(progress)

    @property
    def _freshness(self) -> Freshness:
        parts = self._parts
        return Freshness(parts.files, parts.index, parts.last_good, parts.beside, parts.glance)

    # Share

    def sync(
        self,
        *,
        may_delete: bool = False,
        is_asked: bool = False,
        turn: float = 20.0,
        cancelled: Callable[[], bool] | None = None,
    ) -> Shared:
        """Give the team what was saved here and take what the team has saved. Never asks, never raises a KbError.

        Args:
            may_delete: let in or out a change that takes very many entries away; a lead says so.
            is_asked: whether somebody has asked for it just now, and no clock.
            turn: seconds to wait for another kbtui that is sharing the same base.
            cancelled: asked now and then, while the network is used, whether nobody wants it any more.
        """
        return self._sharing.sync(may_delete=may_delete, is_asked=is_asked, turn=turn, cancelled=cancelled)

    def sync_status(self) -> SharingStatus:
        """Return when words were last shared and how many saves wait; asks no network."""
        return self._sharing.status()

    @property
    def _sharing(self) -> Sharing:
        from kbtui.verbs.sharing import Sharing

        return Sharing(self._parts, self._freshness)

    @property
    def prefix(self) -> str:
        """The base's folder below the top of its repository, empty or ending in a slash."""
        return self._parts.syncer.prefix

    def check(self, *, with_confirmations: bool = False, since: str = "") -> list[Finding]:
        """Return everything a person should mend in the entries, by path and line.

        Args:
            with_confirmations: name confirmations that no longer hold, too, as a reviewer wants to see.
            since: a revision; only confirmations of entries that have changed since then are named.

        Raises:
            RefusedError: there is no such revision, or this clone has too little history to compare with it.
        """
        from kbtui.verbs.checking import Checking

        checking = Checking(self._parts, self._freshness)
        return checking.findings(with_confirmations=with_confirmations, since=since)

    def card(self, entry: Entry) -> Card:
        """Return what a list shows of an entry."""
        from kbtui.entry.card import card_of

        return card_of(entry)
