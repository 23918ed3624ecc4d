"""The search index of one base: a cache that mends itself and may be thrown away at any time.

It lives in a folder of its own, in generations: a rebuild writes the next generation and
then names it in one step, so a reader never sees half an index. Where anything about a
generation is wrong, the index is built anew from the entries (SEARCH.md R1-R13).

Whoosh keeps pickles in its files: opening a crafted index would run its code. The folder
is this user's alone, and one that belongs to somebody else is refused (R10).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kbtui.entry.card import Card, Sketch, card_from_json
from kbtui.entry.model import State
from kbtui.errors import IndexTroubleError
from kbtui.search import numpy_ready, twins
from kbtui.search.analysis import Analyser
from kbtui.search.catalogue import Catalogue
from kbtui.search.finder import Finder
from kbtui.search.generation import Generation, Memory, Upsert
from kbtui.search.generations import Generations
from kbtui.search.result import SearchResult, Similar, Twins
from kbtui.search.synonyms import grouped
from kbtui.search.wanted import Wanted
from kbtui.store.files import Stamps

if TYPE_CHECKING:
    from kbtui.search.meaning import Model
    from kbtui.search.vectors import Nearness, Vectors

_USUAL = Wanted()

_AT_ONCE = 1_000
"""Entries that are read before a search that waits has its turn."""

T = TypeVar("T", bound=tuple[Any, ...])


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
        self._generations = Generations(folder)
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

    @property
    def current(self) -> str:
        """The name of the generation that is searched now; another one after each rebuild, by whomever."""
        return self._generations.current()

    def is_usable(self) -> bool:
        """Whether there is an index to search; without one, `rebuild` makes it."""
        try:
            with self._reading():
                return True
        except IndexTroubleError:
            return False

    def is_worn(self) -> bool:
        """Whether so many entries were replaced that an index built anew would be much smaller.

        Segments are merged by like sizes, so the one that the base was built with is never written again.
        """
        with self._finding() as finder:
            return finder.is_worn()

    def stamps(self) -> Stamps:
        """Return under which stamp each file is indexed; empty where there is no usable index."""
        try:
            return {path: (size, time) for path, size, time in self._pieces(Catalogue.stamps)}
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
        with self._guard:
            try:
                generation, finder = self._finder()
                yield finder
            except sqlite3.Error as error:
                raise IndexTroubleError("The search index is damaged.", "Run `kbtui reindex`.") from error
            except IndexTroubleError:
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
        if self.count() >= numpy_ready.WORTH_LOADING:
            numpy_ready.load()
        with self._finding() as finder:
            finder.warm(cancelled)

    def cards(self, paths: Sequence[str]) -> dict[str, Card]:
        """Return the cards of the paths given, by path."""
        with self._reading() as generation:
            return generation.catalogue.cards(paths)

    def all_cards(self) -> list[Card]:
        """Return the card of every entry, by path."""
        return [*self.each_card()]

    def each_card(self) -> Iterator[Card]:
        """Yield the card of every entry, by path; who wants only some of them need not hold all of them at once."""
        return (card_from_json(text) for _, text in self._pieces(Catalogue.card_texts))

    def open_cards(self) -> list[Card]:
        """Return the cards of the open questions, by path."""
        with self._reading() as generation:
            return generation.catalogue.open_ones()

    def cards_with_ids(self, ids: Collection[str]) -> list[Card]:
        """Return the cards of the entries that have one of these ids, by path."""
        with self._reading() as generation:
            found = generation.catalogue.cards(generation.catalogue.with_ids([*ids]))
        return [found[path] for path in sorted(found)]

    def sketches(self) -> list[Sketch]:
        """Return every card in short, by path."""
        return [*self.each_sketch()]

    def each_sketch(self) -> Iterator[Sketch]:
        """Yield every card in short, by path."""
        return (sketch for _, sketch in self._pieces(Catalogue.sketches))

    def _pieces(self, read: Callable[[Catalogue, str, int], list[T]]) -> Iterator[T]:
        """Yield what `read` knows of every entry, its path first, by path; searches go on meanwhile."""
        last = ""
        while True:
            with self._reading() as generation:
                rows = read(generation.catalogue, last, _AT_ONCE)
            if not rows:
                return
            yield from rows
            last = rows[-1][0]

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
        tags: Counter[str] = Counter()
        owners: Counter[str] = Counter()
        for _, text in self._pieces(Catalogue.card_texts):
            card = json.loads(text)
            tags.update(str(tag).casefold() for tag in card["tags"])
            owners[str(card["owner"])] += 1
        del owners[""]
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
        with self._generations.locked():
            name = self._generations.current()
            if not name:
                raise IndexTroubleError("There is no search index yet.", "Run `kbtui reindex`.")
            written = Generation.open(self._folder / name, self._language, Memory())  # searches go on in their own
            try:
                written.apply(entries, deletes, self._analyser)
            except IndexTroubleError:
                raise
            except Exception as error:  # Whoosh raises many kinds for a damaged file (R6)
                raise IndexTroubleError("The search index is damaged.", "Run `kbtui reindex`.") from error
            finally:
                written.close()

    def rebuild(self, entries: Iterable[Upsert], progress: Callable[[int], None] = lambda _: None) -> None:
        """Build the next generation from all entries and switch to it.

        Raises:
            BusyError: another kbtui writes the index for longer than two minutes.
        """
        with self._generations.locked():
            folder = self._generations.next()
            fresh = Generation.create(folder, self._language)
            try:
                fresh.fill(entries, self._analyser, progress)  # searches go on in the old one meanwhile
            finally:
                fresh.close()
            with self._guard:
                self._generations.switch_to(folder)
                self.close()
            self._generations.remove_old(keep=folder.name)

    def verify(self) -> list[str]:
        """Return what is wrong with the index's files, reading every byte of them."""
        try:
            with self._reading() as generation:
                return generation.damaged()
        except IndexTroubleError as error:
            return [error.message]

    def _generation(self) -> Generation:
        """Return the current generation, opened; another process may have switched to a newer one."""
        while True:
            name = self._generations.current()
            if self._open is not None and self._open.folder.name == name:
                self._open.catalogue.refresh()
                return self._open
            self.close()
            if not name:
                raise IndexTroubleError("There is no search index yet.", "Run `kbtui reindex`.")
            try:
                self._open = Generation.open(self._folder / name, self._language, self._memory_of(name))
            except IndexTroubleError:
                if self._generations.current() == name:
                    raise

    def _finder(self) -> tuple[Generation, Finder]:
        """Return the current generation and what searches it, whichever is current once it has been opened."""
        while True:
            generation = self._generation()
            try:
                return generation, generation.finder(self._analyser, self._synonyms)
            except IndexTroubleError:  # another process may have removed it, having built a newer one
                if self._generations.current() == generation.folder.name:
                    raise

    def _memory_of(self, name: str) -> Memory:
        """Return what has been read of a generation; of the others nothing is needed any more."""
        if self._memory[0] != name:
            self._memory = name, Memory()
        return self._memory[1]
