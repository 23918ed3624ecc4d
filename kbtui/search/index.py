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
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kbtui.entry.card import Card, Sketch
from kbtui.entry.model import State
from kbtui.errors import BusyError, IndexTroubleError
from kbtui.search import arrays, twins
from kbtui.search.analysis import Analyser
from kbtui.search.finder import Finder
from kbtui.search.generation import Generation, Memory, Upsert
from kbtui.search.result import SearchResult, Similar, Twins
from kbtui.search.synonyms import grouped
from kbtui.search.wanted import Wanted
from kbtui.store import atomic
from kbtui.store.files import Stamp

if TYPE_CHECKING:
    from kbtui.search.meaning import Model
    from kbtui.search.vectors import Nearness, Vectors

_CURRENT = "CURRENT"
_LOCK_SECONDS = 120.0
_USUAL = Wanted()

_AT_ONCE = 2_000
"""Entries whose tags are counted before a search that waits has its turn."""


class SearchIndex:
    """The index in one folder. Every method may be called from any thread.

    Args:
        folder: where the generations are; made if it is not there.
        language: of the entries that name none, for the stemmer.
        synonyms: groups of words that mean the same to this team.

    Raises:
        IndexTroubleError: the folder belongs to another user.
    """

    def __init__(self, folder: Path, language: str, synonyms: Iterable[Sequence[str]] = ()) -> None:
        self._folder = folder
        self._analyser = Analyser(language)
        self._synonyms = grouped(synonyms, self._analyser)
        self._language = language
        self._guard = threading.RLock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_strangers(folder)
        self._open: Generation | None = None
        self._memory = "", Memory()
        self._in_use: tuple[object, tuple[list[str], list[str]]] = None, ([], [])
        self._vectors: Vectors | None = None
        self._calibration = twins.Calibration(folder / "calibration.json")

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
        self, text: str, wanted: Wanted = _USUAL, cancelled: Callable[[], bool] = lambda: False
    ) -> SearchResult | None:
        """Return the best entries for whatever was typed; None where the search was given up.

        Args:
            text: words, and signs that narrow (`kbtui.search.typed`); no text is wrong.
            wanted: how many rows, and what they say.
            cancelled: asked now and then whether nobody waits for the answer any more.

        Raises:
            IndexTroubleError: there is no usable index.
        """
        with self._finding() as finder:
            return finder.search(text, wanted, cancelled, self._near)

    @contextmanager
    def _finding(self) -> Iterator[Finder]:
        """Hold what searches the newest commit; damage found on the way is an IndexTroubleError like any other."""
        with self._reading() as generation:
            finder = generation.finder(self._analyser, self._synonyms)
            try:
                yield finder
            except sqlite3.Error:
                raise
            except Exception as error:  # Whoosh raises many kinds for a damaged file (R6)
                if generation.damaged():
                    raise IndexTroubleError("The search index cannot be read.", "Run `kbtui reindex`.") from error
                raise  # a fault of ours would not go away with another index

    def similar(
        self, text: str, limit: int, cancelled: Callable[[], bool] = lambda: False, state: State | None = None
    ) -> list[Similar]:
        """Return the entries whose questions are nearest to one that is being typed, the nearest first (F16).

        Args:
            state: only entries in this state; else all that are not archived.

        Raises:
            IndexTroubleError: there is no usable index.
        """
        with self._finding() as finder:
            near = finder.near(text, limit, cancelled, self._near, state)
            usual = self._usual(finder) if near else 1.0
        return [Similar(card, round(score, 4), score > usual) for card, score in near]

    def duplicates(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> list[Twins]:
        """Return entries that may be two of one, the likest first.

        Raises:
            IndexTroubleError: there is no usable index.
        """
        with self._finding() as finder:
            return twins.twins(finder, self._usual(finder), self._near, progress)

    def likely_twins(self, progress: Callable[[int, int], None] | None = None) -> list[tuple[str, str, float]]:
        """Return entries that may be two of one, from what is remembered of them (`kbtui.search.pairs`).

        By their paths, with their closeness, the closest first.

        Args:
            progress: told how far the comparing of what is new is; None compares nothing, and returns what was known.

        Raises:
            IndexTroubleError: there is no usable index.
        """
        from kbtui.search.pairs import Pairs

        model = self._vectors.model.name if self._vectors is not None else ""
        pairs = Pairs(self._folder / "pairs.sqlite", model)
        with self._finding() as finder:
            usual = self._usual(finder)
        return pairs.bring_up(self._finding, usual, self._near, progress) if progress else pairs.known(usual)

    def _usual(self, finder: Finder) -> float:
        model = self._vectors.model.name if self._vectors is not None else ""
        return twins.usual_closeness(finder, self._calibration, self._near, model)

    def use(self, model: Model) -> None:
        """Search by meaning too from the next `understand` on."""
        from kbtui.search.vectors import Vectors

        if self._vectors is None or self._vectors.model is not model:
            self._vectors = Vectors(self._folder / "vectors.sqlite", model)

    def understand(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Bring the vectors of the entries up to date; searches go on meanwhile with those there are.

        Raises:
            IndexTroubleError: there is no usable index.
        """
        if self._vectors is None:
            return
        with self._finding() as finder:
            texts = finder.texts()
        self._vectors.update(texts, cancelled)

    def _near(self, text: str) -> Nearness | None:
        return self._vectors.near(text) if self._vectors is not None else None

    def warm(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Make ready what most searches need; searches go on meanwhile only once it has ended, so give it a way out.

        A large base gets numpy, which is loaded before anything is held back.

        Raises:
            IndexTroubleError: there is no usable index.
        """
        if self.count() >= arrays.WORTH_LOADING:
            arrays.load()
        with self._finding() as finder:
            finder.warm(cancelled)

    def cards(self, paths: Sequence[str]) -> dict[str, Card]:
        """Return the cards of the paths given, by path."""
        with self._reading() as generation:
            return generation.catalogue.cards(paths)

    def all_cards(self) -> list[Card]:
        """Return the card of every entry, by path."""
        with self._reading() as generation:
            return generation.catalogue.all()

    def sketches(self) -> list[Sketch]:
        """Return every card in short, by path."""
        with self._reading() as generation:
            return generation.catalogue.sketches()

    def contested(self, paths: Sequence[str]) -> set[str]:
        """Return which of the entries at these paths have another version kept beside them."""
        with self._reading() as generation:
            return generation.catalogue.contested(paths)

    def authority_cards(self) -> list[Card]:
        """Return the cards that say who may decide, by path."""
        with self._reading() as generation:
            return generation.catalogue.with_authority()

    def prominent(self, ids: Sequence[str], most: int) -> list[Card]:
        """Return the cards of the entries with these ids, of the pinned ones, and of so many open ones, by path."""
        with self._reading() as generation:
            catalogue = generation.catalogue
            named = catalogue.cards(catalogue.with_ids(ids)).values()
            found = {card.path: card for card in (*named, *catalogue.pinned(), *catalogue.waiting(most))}
        return [found[path] for path in sorted(found)]

    def in_use(self) -> tuple[list[str], list[str]]:
        """Return every tag, folded, and every owner, the most used first; searches go on meanwhile."""
        with self._reading() as generation:
            state = generation.folder.name, generation.catalogue.version()
            if self._in_use[0] == state:
                return self._in_use[1]
            owners = generation.catalogue.owners()
        tags: Counter[str] = Counter()
        last = ""
        while True:
            with self._reading() as generation:
                more, last = generation.catalogue.tags(last, _AT_ONCE)
            tags += more
            if not last:
                break
        found = [tag for tag, _ in tags.most_common()], [owner for owner, _ in owners.most_common()]
        self._in_use = state, found
        return found

    def cards_with_successor(self) -> list[Card]:
        """Return the cards of the entries that name the one which took their place, by path."""
        with self._reading() as generation:
            return generation.catalogue.with_successor()

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
        entries = [*{entry.path: (entry, stamp) for entry, stamp in upserts}.values()]
        if not entries and not deletes:
            return
        with self._locked(), self._guard:
            try:
                self._generation().apply(entries, deletes, self._analyser)
            except IndexTroubleError:
                self.close()
                raise
            except Exception as error:  # Whoosh raises many kinds for a damaged file (R6)
                self.close()
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
            self._open = Generation.open(self._folder / name, self._language, self._memory_of(name))
        return self._open

    def _memory_of(self, name: str) -> Memory:
        """Return what has been read of a generation; of the others nothing is needed any more."""
        if self._memory[0] != name:
            self._memory = name, Memory()
        return self._memory[1]

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


def _refuse_strangers(folder: Path) -> None:
    if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        raise IndexTroubleError(
            f"The search index in {folder} belongs to another user.", "Ask your lead to remove that folder."
        )
