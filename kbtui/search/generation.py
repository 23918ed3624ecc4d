"""One complete index in one folder: Whoosh's segments, the catalogue, and the manifest that seals both.

The manifest is forced to the disk last; it says which files belong to the generation and
how large they are. Segments never change once written, so a size that differs means that
the computer stopped before the bytes reached the disk (SEARCH.md R7, R8).
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from kbtui.entry.model import Entry, State
from kbtui.errors import IndexTroubleError
from kbtui.search.analysis import Analyser, spellings, without_umlauts
from kbtui.search.catalogue import Catalogue, Row
from kbtui.search.finder import Finder
from kbtui.search.generations import CATALOGUE
from kbtui.search.lean import FileIndex, FileStorage, W3Codec
from kbtui.search.lexicon import Lexicon
from kbtui.search.mapped import read_in_place
from kbtui.search.postings import PostingsCache, View
from kbtui.search.schema import ARCHIVED, BEGINNINGS, FLAGS, ORDER, PATH, PINNED, WORDS, schema
from kbtui.search.segments import Newest, in_tiers
from kbtui.search.typed import flag
from kbtui.store import atomic
from kbtui.store.files import Stamp

FORMAT = 7
"""Raise it whenever what is indexed changes: older indexes are then built anew."""

_NAME = "MAIN"
_MANIFEST = "manifest.json"
_LOCK_SECONDS = 120.0
_BLOCK = 1024
"""Postings in one block of a file: the larger, the fewer there are to decode for a frequent word."""

read_in_place()

Upsert = tuple[Entry, Stamp]
Synonyms = Mapping[tuple[str, ...], Sequence[str]]


class Memory:
    """What has been read of one generation."""

    def __init__(self) -> None:
        self.postings = PostingsCache()
        self.lexicon = Lexicon()


class Generation:
    """One complete index in one folder: Whoosh's segments, the catalogue and the manifest.

    Args:
        folder: its own.
        whoosh: its segments.
        catalogue: its cards and texts.
        language: of entries that name none.
        memory: what has been read of it before; it stays true when files are closed and opened again.
    """

    def __init__(self, folder: Path, whoosh: FileIndex, catalogue: Catalogue, language: str, memory: Memory) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self._whoosh = whoosh
        self._language = language
        self._newest = Newest(whoosh, folder)
        self._memory = memory
        self._finder: Finder | None = None

    @classmethod
    def create(cls, folder: Path, language: str) -> Generation:
        """Make an empty generation in a folder made for it."""
        whoosh = FileIndex.create(FileStorage(str(folder)), schema(), _NAME)
        return cls(folder, whoosh, Catalogue(folder / CATALOGUE), language, Memory())

    @classmethod
    def open(cls, folder: Path, language: str, memory: Memory) -> Generation:
        """Open a generation whose manifest says that it is whole.

        Raises:
            IndexTroubleError: it is not, or it was made by another version or for another language.
        """
        try:
            reason = _unusable(folder, language)
            if not reason:
                whoosh = FileIndex(FileStorage(str(folder)), schema=schema(), indexname=_NAME)
                return cls(folder, whoosh, Catalogue(folder / CATALOGUE), language, memory)
        except Exception as error:  # damage raises many kinds (R6)
            raise IndexTroubleError("The search index cannot be opened.", "Run `kbtui reindex`.") from error
        raise IndexTroubleError(reason, "Run `kbtui reindex`.")

    def close(self) -> None:
        """Let go of every file."""
        self._newest.close()
        self._whoosh.close()
        self.catalogue.close()

    def finder(self, analyser: Analyser, synonyms: Synonyms) -> Finder:
        """Return what searches the newest commit.

        Raises:
            IndexTroubleError: the segments cannot be read.
        """
        try:
            reader = self._newest.reader()
            if self._finder is None or self._finder.view.reader is not reader:
                languages = [self._language, *self.catalogue.languages()]
                view = View(reader, self._memory.postings)
                vocabulary = partial(self._memory.lexicon.vocabulary, self.catalogue)
                self._finder = Finder(view, self.catalogue, analyser, vocabulary, synonyms, [*dict.fromkeys(languages)])
        except Exception as error:  # damage raises many kinds (R6)
            raise IndexTroubleError("The search index cannot be read.", "Run `kbtui reindex`.") from error
        return self._finder

    def apply(self, upserts: Sequence[Upsert], deletes: Sequence[str], analyser: Analyser) -> None:
        """Replace and drop single entries. Whoosh raises many kinds of error for a damaged file."""
        writer = self._whoosh.writer(timeout=_LOCK_SECONDS, limitmb=64, codec=_codec())
        try:
            reader = self._newest.reader()  # nobody else writes: its numbers are the writer's
            gone = {
                number
                for path in (*deletes, *(entry.path for entry, _ in upserts))
                for number in _numbers(reader, path)
            }
            for number in sorted(gone):
                writer.delete_document(number)
            for entry, _ in upserts:
                writer.add_document(**_document(entry, analyser))
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=in_tiers)
        self.catalogue.replace(_keyed(upserts, analyser), deletes)
        self._seal()

    def fill(self, entries: Iterable[Upsert], analyser: Analyser, progress: Callable[[int], None]) -> None:
        """Put all entries into an empty generation, telling `progress` how many there are so far."""
        writer = self._whoosh.writer(limitmb=256, codec=_codec())
        batch: list[Upsert] = []
        try:
            for count, (entry, stamp) in enumerate(entries, 1):
                writer.add_document(**_document(entry, analyser))
                batch.append((entry, stamp))
                if len(batch) == 500:
                    self.catalogue.replace(_keyed(batch, analyser), [])
                    batch.clear()
                    progress(count)
        except BaseException:
            writer.cancel()
            raise
        self.catalogue.replace(_keyed(batch, analyser), [])
        writer.commit()
        self._seal()

    def _sealed(self) -> dict[str, tuple[int, int]]:
        """Return size and checksum of each file sealed before; segments never change once written."""
        try:
            files = json.loads((self.folder / _MANIFEST).read_bytes())["files"]
        except FileNotFoundError:
            return {}
        return {name: (size, checksum) for name, (size, checksum) in files.items()}

    def damaged(self) -> list[str]:
        """Return which files differ from what was sealed, reading every byte; a later commit may have removed some."""
        try:
            sealed = [(self.folder / name, checksum) for name, (_, checksum) in self._sealed().items()]
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return [f"{_MANIFEST} cannot be read"]
        wrong = [file.name for file, checksum in sealed if file.exists() and _checksum(file) != checksum]
        return [f"{name} is not as it was written" for name in wrong]

    def _seal(self) -> None:
        """Force the segments to the disk and then say, in the manifest, that they are whole (R7, R8)."""
        sealed = self._sealed()
        files = {}
        for path in sorted(self.folder.iterdir()):
            if path.suffix not in (".seg", ".toc"):
                continue
            size = path.stat().st_size
            if path.name not in sealed or sealed[path.name][0] != size:
                _flush(path)
                sealed[path.name] = (size, _checksum(path))
            files[path.name] = sealed[path.name]
        is_empty = self.catalogue.count() == 0
        manifest = {"format": FORMAT, "language": self._language, "files": files, "is_empty": is_empty}
        atomic.write(self.folder / _MANIFEST, json.dumps(manifest).encode())


def _unusable(folder: Path, language: str) -> str:
    """Return why a generation may not be used, or nothing. Files that a later commit removed do not count."""
    manifest = json.loads((folder / _MANIFEST).read_bytes())
    if (manifest["format"], manifest["language"]) != (FORMAT, language):
        return "The search index was made by another version."
    if not manifest["is_empty"] and _size(folder / CATALOGUE) <= 0:
        return "The search index is damaged (its list of entries is gone)."
    cut = [name for name, (size, _) in manifest["files"].items() if _size(folder / name) not in (size, -1)]
    return f"The search index is damaged ({cut[0]})." if cut else ""


def _codec() -> W3Codec:
    """Return how segments are written: in large blocks, and as they are.

    Unpacking compressed blocks costs more than reading them, and keeps the interface waiting: zlib lets other
    threads in for moments that are too short for them.
    """
    return W3Codec(blocklimit=_BLOCK, compression=0)


def _keyed(upserts: Iterable[Upsert], analyser: Analyser) -> list[Row]:
    """Return the catalogue's rows: each entry with its words in the form they are compared in."""
    return [_row(entry, stamp, analyser) for entry, stamp in upserts]


def _row(entry: Entry, stamp: Stamp, analyser: Analyser) -> Row:
    keys = tuple(map(analyser.key, (entry.question, *entry.asked_as)))
    texts = " . ".join(["", *keys, analyser.key(entry.plain), ""])
    written = (entry.question, *entry.asked_as, entry.plain, *entry.tags)
    others = (*entry.tags, *filter(None, map(without_umlauts, written)))
    return Row(entry, stamp, keys, texts.replace("-", " "), spellings(texts, *map(analyser.key, others)))


def _document(entry: Entry, analyser: Analyser) -> dict[str, object]:
    return {
        PATH: entry.path,
        WORDS: analyser.weighted(entry),
        BEGINNINGS: dict.fromkeys(analyser.prefixes(entry), 1),
        FLAGS: dict.fromkeys(_flags(entry), 1.0) | {ORDER: _order(entry.path)},
    }


def _numbers(reader: Any, path: str) -> list[int]:
    """Return the numbers of what is indexed under a path: one at most, unless a fault made it more."""
    key = path.encode("utf-8", "replace")
    return [*reader.postings(PATH, key).all_ids()] if (PATH, key) in reader else []


def _order(path: str) -> float:
    """Return a number by which entries as good as each other are put in order, the same on every computer.

    It is a hash, of as many bits as a weight holds: the path itself would have to be read for each of thousands.
    """
    return float((zlib.crc32(path.encode("utf-8", "replace")) >> 8) + 1)


def _flags(entry: Entry) -> list[str]:
    """Return what an entry can be narrowed by."""
    owner = (entry.owner, *entry.owner.split())
    flags = [flag("state", entry.state), *(flag("tag", tag) for tag in entry.tags), *(flag("owner", n) for n in owner)]
    own = ((ARCHIVED, entry.state is State.ARCHIVED), (PINNED, entry.pinned))
    return [*flags, *(name for name, is_so in own if is_so)]


def _size(file: Path) -> int:
    """Return a file's size in bytes, -1 where a later commit has removed it."""
    return file.stat().st_size if file.exists() else -1


def _checksum(file: Path) -> int:
    return zlib.crc32(file.read_bytes())


def _flush(file: Path) -> None:
    with file.open("rb") as opened:
        if os.name != "nt":
            os.fsync(opened.fileno())
