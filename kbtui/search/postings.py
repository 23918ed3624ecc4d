"""Whoosh's postings, decoded once, a block at a time, and kept while the segment lives.

Walking a posting list through Whoosh's matchers costs a call or more a posting; a block of
its file decoded in one go costs a fraction (SEARCH.md 1). Segments never change, so what
was decoded stays true until the segment is merged away; how much is kept is capped by the
number of postings, because an uncapped cache grows to a gigabyte at 100,000 entries.

The names used for that are private to Whoosh, though the same in 2.7.4, whoosh-reloaded
and whoosh3. The first lists decoded in a process are compared with what Whoosh's own
matcher says; where they differ, or the names are gone, its matcher is used from then on.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import OrderedDict
from functools import cached_property
from itertools import accumulate, islice
from typing import Any, Protocol, TypeAlias

from kbtui.search import numpy_ready
from kbtui.search.schema import FLAGS, ORDER, PATH, WORDS

K1 = 1.2
"""BM25's usual parameter: how soon repetition stops counting."""

CACHED_POSTINGS = 4_000_000
"""Postings kept decoded at most, eight bytes each: what a few hundred different searches of 100,000 entries need."""

_COMPARED = 1_200
"""Postings of a list that are compared with what the matcher says: enough for the step from a block to the next."""

_MANY = 64
"""Postings from which numpy is sooner."""

_DENSE_FROM = 256
"""Entries with a term from which looking it up entry by entry is worth an array of its own."""

_DENSE_NUMBERS = 3_000_000
"""Numbers in all these arrays at most, four bytes each."""


class Parts(Protocol):
    """Something a term's part can be looked up in."""

    def __getitem__(self, document: int, /) -> float:
        """Return the part of one entry, 0 where it has not the term."""


class Postings:
    """The entries of one term in one index: document numbers, ascending, and BM25's part for the frequency.

    `parts` is what BM25 multiplies with a term's rarity: f * (k1 + 1) / (f + k1), below k1 + 1.
    """

    __slots__ = ("documents", "parts")

    def __init__(self, documents: array[int], parts: array[float]) -> None:
        self.documents = documents
        self.parts = parts

    def __len__(self) -> int:
        return len(self.documents)

    def __getitem__(self, document: int) -> float:
        """Return the part of one entry, 0 where it has not the term."""
        place = bisect_left(self.documents, document)
        return self.parts[place] if place < len(self.documents) and self.documents[place] == document else 0.0


NONE = Postings(array("I"), array("f"))


class View:
    """One state of an index, as it was when a commit ended. Nothing in it changes.

    Args:
        reader: a Whoosh reader.
        cache: what has been decoded before; shared by the views of one index.
    """

    def __init__(self, reader: Any, cache: PostingsCache) -> None:
        self.reader = reader
        self._cache = cache
        leaves = [(leaf, offset) for leaf, offset in reader.leaf_readers() if leaf.doc_count_all()]
        self._leaves = [(leaf, offset, _name(leaf)) for leaf, offset in leaves]
        self._whole: dict[tuple[str, bytes], Postings] = {}
        self._dense: dict[bytes, array[float]] = {}
        self._paths: dict[int, str] = {}
        self.size: int = reader.doc_count_all()
        self.deleted: frozenset[int] = frozenset(
            document + offset
            for leaf, offset, _ in self._leaves
            if leaf.has_deletions()
            for document in leaf.segment().deleted_docs()
        )
        self.live: int = self.size - len(self.deleted)
        self._frequencies: dict[tuple[str, str], int] = {}
        self.segments = tuple(name for _, _, name in self._leaves)
        cache.keep(set(self.segments))

    def path(self, document: int) -> str:
        """Return the path of an entry by its document number."""
        path = self._paths.get(document)
        if path is None:
            path = self._paths[document] = str(self.reader.stored_fields(document)[PATH])
        return path

    def postings(self, field: str, term: str) -> Postings:
        """Return the entries of a term, those deleted since included."""
        key = field, term.encode("utf-8", "replace")
        found = self._whole.get(key)
        if found is None:
            found = self._joined(*key)
            if len(self._whole) > 500:
                self._whole.clear()
            self._whole[key] = found
        return found

    def frequency(self, field: str, term: str) -> int:
        """Return how many entries have a term now."""
        if not self.deleted:
            return len(self.postings(field, term))
        key = field, term
        if key not in self._frequencies:
            documents = self.postings(field, term).documents
            if len(documents) < len(self.deleted):
                self._frequencies[key] = sum(document not in self.deleted for document in documents)
            else:
                self._frequencies[key] = len(documents) - sum(_has(documents, each) for each in self.deleted)
        return self._frequencies[key]

    @cached_property
    def order(self) -> array[float]:
        """By document number, by what entries with the same score are put in order; see `kbtui.search.schema`."""
        return self._spread(self.postings(FLAGS, ORDER))

    def documents(self, field: str, term: str) -> set[int]:
        """Return the entries that have a term now."""
        return set(self.postings(field, term).documents) - self.deleted

    def by_document(self, term: str) -> Parts:
        """Return the parts of a term of the field of words, to be looked up by document number; 0 where it is not.

        The first frequent terms that are asked for get an array as long as the index; where there is no more room
        for one, making it would take longer than looking the term up in its postings some thousand times.
        """
        key = term.encode("utf-8", "replace")
        if (dense := self._dense.get(key)) is not None:
            return dense
        postings = self.postings(WORDS, term)
        if len(postings) < _DENSE_FROM or (len(self._dense) + 1) * self.size > _DENSE_NUMBERS:
            return postings
        return self._dense.setdefault(key, self._spread(postings))

    def _spread(self, postings: Postings) -> array[float]:
        spread = array("f", bytes(4 * self.size))
        for document, part in zip(postings.documents, postings.parts, strict=True):
            spread[document] = part
        return spread

    def _joined(self, field: str, term: bytes) -> Postings:
        lists = [self._cache.get(leaf, offset, name, field, term) for leaf, offset, name in self._leaves]
        some = [postings for postings in lists if len(postings)]
        if len(some) < 2:
            return some[0] if some else NONE
        documents, parts = array("I"), array("f")
        for postings in some:
            documents.extend(postings.documents)
            parts.extend(postings.parts)
        return Postings(documents, parts)


class PostingsCache:
    """Decoded posting lists by segment, field and term; the least recently used go first."""

    def __init__(self) -> None:
        self._lists: OrderedDict[tuple[str, int, str, bytes], Postings] = OrderedDict()
        self._count = 0

    def get(self, leaf: Any, offset: int, name: str, field: str, term: bytes) -> Postings:
        """Return a term's postings in one segment, numbered as in the whole index."""
        key = name, offset, field, term
        found = self._lists.get(key)
        if found is not None:
            self._lists.move_to_end(key)
            return found
        found = _decode(leaf, offset, field, term)
        self._lists[key] = found
        self._count += len(found) + 8
        while self._count > CACHED_POSTINGS:
            self._forget(next(iter(self._lists)))
        return found

    def keep(self, names: set[str]) -> None:
        """Forget the segments that are no longer among those named."""
        for key in [key for key in self._lists if key[0] not in names]:
            self._forget(key)

    def _forget(self, key: tuple[str, int, str, bytes]) -> None:
        self._count -= len(self._lists.pop(key)) + 8


def _has(documents: array[int], document: int) -> bool:
    place = bisect_left(documents, document)
    return place < len(documents) and documents[place] == document


def _name(leaf: Any) -> str:
    return str(leaf.segment().segment_id())


def _decode(leaf: Any, offset: int, field: str, term: bytes) -> Postings:
    if (field, term) not in leaf:
        return NONE
    ids, weights = DECODER.read(leaf, field, term)
    if offset:
        ids = array("I", [number + offset for number in ids])
    return Postings(ids, _parts(weights) if field == WORDS else weights)


def _parts(weights: array[float]) -> array[float]:
    """Return BM25's part for each weight; the same numbers with numpy and without."""
    if len(weights) > _MANY and numpy_ready.is_loaded():
        import numpy as np

        many = np.frombuffer(weights, np.float32).astype(np.float64)
        return array("f", (many * (K1 + 1) / (many + K1)).astype(np.float32).tobytes())
    return array("f", [weight * (K1 + 1) / (weight + K1) for weight in weights])


class Decoder:
    """Reads postings by blocks as long as that agrees with Whoosh's own matchers.

    Args:
        proofs: lists of two postings or more whose beginnings are read both ways before blocks are trusted.
    """

    def __init__(self, proofs: int = 3) -> None:
        self.by_blocks = True
        self._proofs = proofs

    def read(self, leaf: Any, field: str, term: bytes) -> Decoded:
        """Return a term's document numbers and weights in one segment; deleted entries may be among them."""
        if not self.by_blocks:
            return walked(leaf, field, term)
        try:
            found = by_blocks(leaf, field, term)
        except (AttributeError, TypeError, ValueError, LookupError):  # another Whoosh: other names, other formats
            found = None
        if found is None or (self._proofs and len(found[0]) > 1):
            return self._proved(found, leaf, field, term)
        return found

    def _proved(self, found: Decoded | None, leaf: Any, field: str, term: bytes) -> Decoded:
        self._proofs = max(self._proofs - 1, 0)
        if found is not None and _agrees(found, leaf, field, term):
            return found
        self.by_blocks = False
        return walked(leaf, field, term)


Decoded: TypeAlias = "tuple[array[int], array[float]]"


def by_blocks(leaf: Any, field: str, term: bytes) -> Decoded:
    """Return a term's document numbers and weights, its file decoded block by block."""
    matcher = leaf._terms.matcher(field, term, leaf.schema[field].format)  # noqa: SLF001 - see the module's docstring
    if not hasattr(matcher, "_read_data"):  # a short list, kept with the term itself
        return _walk(matcher)
    ids, weights = array("I"), array("f")
    while True:
        matcher._read_data()  # noqa: SLF001
        deltas, block = matcher._data[0], matcher._data[1]  # noqa: SLF001
        ids.extend(accumulate(deltas))
        weights.extend(block if isinstance(block, tuple) else [1.0 if block is None else block] * len(deltas))
        if matcher._lastblock:  # noqa: SLF001
            return ids, weights
        matcher._next_block()  # noqa: SLF001


def walked(leaf: Any, field: str, term: bytes, most: float = math.inf) -> Decoded:
    """Return a term's document numbers and weights as Whoosh's own matcher gives them, without deleted entries.

    Args:
        most: how many to return; the first.
    """
    return _walk(leaf.postings(field, term), most)


def _walk(matcher: Any, most: float = math.inf) -> Decoded:
    ids, weights = array("I"), array("f")
    while matcher.is_active() and len(ids) < most:
        ids.append(matcher.id())
        weights.append(matcher.weight())
        matcher.next()
    return ids, weights


def _agrees(found: Decoded, leaf: Any, field: str, term: bytes) -> bool:
    """Whether a list is as long as Whoosh says, and begins as its matcher does."""
    ids, weights = found
    there = (place for place, number in enumerate(ids) if not leaf.is_deleted(number))
    kept = [*islice(there, _COMPARED)]
    begun = array("I", [ids[place] for place in kept]), array("f", [weights[place] for place in kept])
    return len(ids) == leaf.doc_frequency(field, term) and begun == walked(leaf, field, term, _COMPARED)


DECODER = Decoder()
"""The one of this process: whether Whoosh's files are as they should be is found out once."""
