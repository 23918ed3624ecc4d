"""The search index of one base: a cache that mends itself and may be thrown away at any time.

It lives in a folder of its own, in generations: a rebuild writes the next generation and
then names it in one step, so a reader never sees half an index. Where anything about a
generation is wrong, the index is built anew from the entries (SEARCH.md R1-R13).

Whoosh keeps pickles in its files: opening a crafted index would run its code. The folder
is this user's alone, and one that belongs to somebody else is refused (R10).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path

from kbtui.entry.card import Card
from kbtui.entry.model import State
from kbtui.entry.text import one_line
from kbtui.errors import BusyError, IndexTroubleError
from kbtui.search import scorer
from kbtui.search.analysis import Analyser
from kbtui.search.generation import Generation, Upsert
from kbtui.store import atomic
from kbtui.store.files import Stamp

_CURRENT = "CURRENT"
_LOCK_SECONDS = 120.0
_TRUST = 1.05
"""How much more a validated entry counts than one just as relevant that nobody validated."""


class SearchIndex:
    """The index in one folder. Every method may be called from any thread.

    Args:
        folder: where the generations are; made if it is not there.
        language: of the entries, for the stemmer.

    Raises:
        IndexTroubleError: the folder belongs to another user.
    """

    def __init__(self, folder: Path, language: str) -> None:
        self._folder = folder
        self._analyser = Analyser(language)
        self._language = language
        self._guard = threading.RLock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_strangers(folder)
        self._open: Generation | None = None

    def close(self) -> None:
        """Let go of every file."""
        with self._guard:
            if self._open is not None:
                self._open.close()
                self._open = None

    def is_usable(self) -> bool:
        """Whether there is an index to search; without one, `rebuild` makes it."""
        try:
            with self._reading():
                return True
        except IndexTroubleError:
            return False

    def stamps(self) -> dict[str, Stamp]:
        """Return under which stamp each file is indexed; empty where there is no usable index."""
        try:
            with self._reading() as generation:
                return generation.catalogue.stamps()
        except IndexTroubleError:
            return {}

    def search(
        self, text: str, limit: int, cancelled: Callable[[], bool] = lambda: False
    ) -> tuple[list[tuple[Card, scorer.Match]], int] | None:
        """Return the best entries for the words of `text`, and how many there are in all.

        Args:
            text: whatever was typed; it is words and nothing else.
            limit: how many to return.
            cancelled: asked now and then whether nobody waits for the answer any more.

        Returns:
            None where the search was given up.

        Raises:
            IndexTroubleError: there is no usable index.
        """
        typed = one_line(text)
        words = self._analyser.query(typed)
        with self._reading() as generation:
            matches = generation.score(words, _candidates(limit), cancelled)
            if matches is None:
                return None
            exact = generation.catalogue.asked(self._analyser.key(typed)) if words else set()
            best = _with_exact(matches.best, exact)
            cards = generation.catalogue.cards([match.path for match in best])
        found = [(cards[match.path], match) for match in best if match.path in cards]
        found.sort(key=lambda pair: _rank(pair[0], pair[1], exact))
        return found[:limit], matches.total

    def cards(self, paths: Sequence[str]) -> dict[str, Card]:
        """Return the cards of the paths given, by path."""
        with self._reading() as generation:
            return generation.catalogue.cards(paths)

    def all_cards(self) -> list[Card]:
        """Return the card of every entry, by path."""
        with self._reading() as generation:
            return generation.catalogue.all()

    def authority_cards(self) -> list[Card]:
        """Return the cards that say who may decide, by path."""
        with self._reading() as generation:
            return generation.catalogue.with_authority()

    def count(self) -> int:
        """Return the number of entries indexed."""
        with self._reading() as generation:
            return generation.catalogue.count()

    def called(self, name: str) -> list[str]:
        """Return the paths that an id, a path or the beginning of an id stands for."""
        with self._reading() as generation:
            found = generation.catalogue.called(name)
            return found or (generation.catalogue.beginning(name) if len(name) > 2 else [])

    @contextmanager
    def _reading(self) -> Iterator[Generation]:
        """Hold the current generation; damage to its catalogue is an IndexTroubleError like any other."""
        with self._guard:
            try:
                yield self._generation()
            except sqlite3.Error as error:
                raise IndexTroubleError("The search index is damaged.", "Run `kbtui reindex`.") from error

    def apply(self, upserts: Iterable[Upsert], deletes: Sequence[str]) -> None:
        """Bring single entries up to date.

        Raises:
            IndexTroubleError: the index cannot be written.
            BusyError: another kbtui writes it for longer than two minutes.
        """
        entries = list(upserts)
        if not entries and not deletes:
            return
        with self._locked(), self._guard:
            self.close()
            try:
                self._generation().apply(entries, deletes, self._analyser)
            except IndexTroubleError:
                raise
            except Exception as error:  # Whoosh raises many kinds for a damaged file (R6)
                raise IndexTroubleError("The search index is damaged.", "Run `kbtui reindex`.") from error

    def rebuild(self, entries: Iterable[Upsert], progress: Callable[[int], None] = lambda _: None) -> None:
        """Build the next generation from all entries and switch to it.

        Raises:
            BusyError: another kbtui writes the index for longer than two minutes.
        """
        with self._locked():
            folder = self._folder / f"gen-{self._newest() + 1}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            fresh = Generation.create(folder, self._language)
            try:
                fresh.fill(entries, self._analyser, progress)  # searches go on in the old one meanwhile
            finally:
                fresh.close()
            with self._guard:
                atomic.write(self._folder / _CURRENT, folder.name.encode())
                self.close()
            self._remove_old(keep=folder.name)

    def verify(self) -> list[str]:
        """Return what is wrong with the index's files, reading every byte of them."""
        try:
            with self._reading() as generation:
                return generation.damaged()
        except IndexTroubleError as error:
            return [error.message]

    def _generation(self) -> Generation:
        """Return the current generation, opened; another process may have switched to a newer one."""
        name = self._current()
        if self._open is None or self._open.folder.name != name:
            self.close()
            if not name:
                raise IndexTroubleError("There is no search index yet.", "Run `kbtui reindex`.")
            self._open = Generation.open(self._folder / name, self._language)
        return self._open

    def _current(self) -> str:
        try:
            name = (self._folder / _CURRENT).read_text("ascii").strip()
        except (OSError, ValueError):
            return ""
        return name if name.startswith("gen-") and name[4:].isdigit() else ""

    def _newest(self) -> int:
        numbers = [int(path.name[4:]) for path in self._folder.glob("gen-*") if path.name[4:].isdigit()]
        return max(numbers, default=0)

    def _remove_old(self, keep: str) -> None:
        """Remove earlier generations; what is still open elsewhere is left for the next time (R13)."""
        for path in self._folder.glob("gen-*"):
            if path.name != keep:
                shutil.rmtree(path, ignore_errors=True)

    def _locked(self) -> _IndexLock:
        return _IndexLock(self._folder / "lock")


class _IndexLock:
    def __init__(self, file: Path) -> None:
        from filelock import FileLock

        self._lock = FileLock(file, timeout=_LOCK_SECONDS)

    def __enter__(self) -> None:
        from filelock import Timeout

        try:
            self._lock.acquire()
        except Timeout as error:
            raise BusyError("Another kbtui is rebuilding the search.", "Try again in a minute.") from error

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _candidates(limit: int) -> int:
    """How many matches are looked at, so that exact questions and archived entries can change places."""
    return limit * 2 + 20


def _with_exact(best: Sequence[scorer.Match], exact: AbstractSet[str]) -> list[scorer.Match]:
    """Add the entries asked in exactly these words, where many others have all the words too."""
    missing = sorted(exact - {match.path for match in best})
    return [*best, *(scorer.Match(path, 0.0, has_all=True) for path in missing)]


def _rank(card: Card, match: scorer.Match, exact: set[str]) -> tuple[object, ...]:
    """Sort key (F3): archived last, the exact question first, all words above some, validated a little above."""
    trust = _TRUST if card.state is State.VALIDATED else 1.0
    is_archived = card.state is State.ARCHIVED
    return is_archived, card.path not in exact, not match.has_all, -match.score * trust, card.path


def _refuse_strangers(folder: Path) -> None:
    if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        raise IndexTroubleError(
            f"The search index in {folder} belongs to another user.", "Ask your lead to remove that folder."
        )
