"""Making a history anew without what must go (F60): objects only; no ref, no index, no file is touched here.

Objects are rewritten byte by byte: of a blob the words, of a tree the ids and names, of a
commit the tree, the parents and the words; authors, dates and trailers stay. What does not
hold it and builds on nothing that does keeps its id. A signature over bytes that are others
now is left out. `git filter-branch` is deprecated, `fast-export` makes every commit anew and
loses what it does not know, so that ids change that need not; this changes nothing else.
https://git-scm.com/docs/git-hash-object
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kbtui.entry.identity import variant_of
from kbtui.entry.leak import Leak
from kbtui.errors import GitTroubleError
from kbtui.git.repository import Repository
from kbtui.git.runner import LONG

_TROUBLE = "git cannot make the history anew here; nothing was changed."
_TREE_MODE = b"40000"
_OLD_TREE = b"040000"

Read = Callable[[str], tuple[str, bytes]]
"""Returns kind and bytes of an object."""


@dataclass(frozen=True)
class Wanted:
    """What must go: a text, or whole files by their paths below git's top folder, with versions kept beside them."""

    leak: Leak | None = None
    paths: frozenset[str] = frozenset()

    def is_gone(self, path: bytes) -> bool:
        """Whether the file at a path goes as a whole."""
        name = path.decode("utf-8", "surrogateescape")
        return bool(self.paths) and (name in self.paths or variant_of(name) in self.paths)

    def is_in(self, data: bytes) -> bool:
        """Whether bytes hold the text."""
        return self.leak is not None and self.leak.is_in(data)

    def cleaned(self, data: bytes) -> bytes:
        """Return the bytes without the text."""
        return self.leak.cleaned(data) if self.leak else data

    def cleaned_path(self, path: bytes) -> bytes:
        """Return a path without the text."""
        return self.leak.cleaned_name(path) if self.leak else path

    def shown(self, text: str) -> str:
        """Return words for a person without the text."""
        return self.leak.cleaned_text(text) if self.leak else text


@dataclass
class Rewriting:
    """What a history comes to.

    Attributes:
        ids: new ids of commits and tags that are others, by the old ones; of blobs as well.
        gone: ids of the blobs that stood at paths that go.
        objects: kind and bytes of the new objects, by their ids.
    """

    ids: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    objects: dict[str, tuple[str, bytes]] = field(default_factory=dict)


class Rewriter:
    """Makes commits anew.

    Args:
        wanted: what must go.
        read: reads objects.
        id_length: of this repository: 40, or 64 for SHA-256.
    """

    def __init__(self, wanted: Wanted, read: Read, id_length: int) -> None:
        self._wanted = wanted
        self._read = read
        self._size = id_length // 2
        self._trees: dict[tuple[str, bytes], str] = {}
        self.done = Rewriting()

    def commit(self, commit: str) -> str:
        """Return the id of a commit without what must go; its parents come before it."""
        _, data = self._read(commit)
        head, _, words = data.partition(b"\n\n")
        lines, changed = list[bytes](), False
        for line in _headers(head):
            kind, _, value = line.partition(b" ")
            if kind == b"tree":
                value = self.tree(value.decode(), b"").encode()
            elif kind == b"parent":
                value = self.done.ids.get(value.decode(), value.decode()).encode()
            else:
                value = self._wanted.cleaned(value)
            lines.append(kind + b" " + value)
            changed = changed or lines[-1] != line
        new_words = self._wanted.cleaned(words)
        if not changed and new_words == words:
            return commit
        kept = [line for line in lines if not line.startswith((b"gpgsig ", b"gpgsig-sha256 "))]
        self.done.ids[commit] = self._made("commit", b"\n".join(kept) + b"\n\n" + new_words)
        return self.done.ids[commit]

    def tag(self, tag: str) -> str:
        """Return the id of an annotated tag without what must go; what it shows comes before it."""
        _, data = self._read(tag)
        shown, _, rest = data.partition(b"\n")
        old = shown.removeprefix(b"object ").decode()
        new = b"object " + self.done.ids.get(old, old).encode() + b"\n" + self._wanted.cleaned(rest)
        if new != data:
            self.done.ids[tag] = self._made("tag", new)
        return self.done.ids.get(tag, tag)

    def tree(self, tree: str, prefix: bytes) -> str:
        """Return the id of a tree without what must go.

        Args:
            prefix: the folder's path, empty or ending in a slash.
        """
        key = (tree, prefix if self._wanted.paths else b"")
        if key not in self._trees:
            self._trees[key] = self._new_tree(tree, prefix)
        return self._trees[key]

    def _new_tree(self, tree: str, prefix: bytes) -> str:
        old = list(self._entries(self._read(tree)[1]))
        new = [entry for mode, name, item in old for entry in self._entry(mode, name, item, prefix)]
        if new == old:
            return tree
        new.sort(key=lambda entry: entry[1] + (b"/" if entry[0] in (_TREE_MODE, _OLD_TREE) else b""))
        return self._made("tree", b"".join(m + b" " + n + b"\0" + bytes.fromhex(i) for m, n, i in new))

    def _entry(self, mode: bytes, name: bytes, item: str, prefix: bytes) -> Iterator[tuple[bytes, bytes, str]]:
        if mode in (_TREE_MODE, _OLD_TREE):
            item = self.tree(item, prefix + name + b"/")
            if self._is_empty(item):
                return
        elif self._wanted.is_gone(prefix + name):
            self.done.gone.add(item)
            return
        elif mode != b"160000":
            item = self.blob(item)
        yield mode, self._wanted.cleaned_path(name), item

    def _is_empty(self, tree: str) -> bool:
        return self.done.objects.get(tree, ("", b"-"))[1] == b""

    def blob(self, blob: str) -> str:
        """Return the id of a blob without what must go; the caller has said which blobs hold it."""
        return self.done.ids.get(blob, blob)

    def clean_blob(self, blob: str, content: bytes) -> None:
        """Learn of a blob that holds what must go."""
        self.done.ids[blob] = self._made("blob", self._wanted.cleaned(content))

    def _entries(self, data: bytes) -> Iterator[tuple[bytes, bytes, str]]:
        place = 0
        while place < len(data):
            space, end = data.index(b" ", place), data.index(b"\0", place)
            behind = end + 1 + self._size
            yield data[place:space], data[space + 1 : end], data[end + 1 : behind].hex()
            place = behind

    def _made(self, kind: str, data: bytes) -> str:
        digest = hashlib.sha1(usedforsecurity=False) if self._size == 20 else hashlib.sha256()
        digest.update(f"{kind} {len(data)}\0".encode() + data)
        self.done.objects[digest.hexdigest()] = (kind, data)
        return digest.hexdigest()


def _headers(head: bytes) -> Iterator[bytes]:
    """Yield the headers of a commit; one that goes on in the next line has that with it."""
    header = b""
    for line in head.split(b"\n"):
        if line.startswith(b" ") and header:
            header += b"\n" + line
            continue
        if header:
            yield header
        header = line
    yield header


def write(repository: Repository, objects: Mapping[str, tuple[str, bytes]]) -> None:
    """Put new objects into git's store.

    Raises:
        GitTroubleError: git does not take one, or gives it another id.
    """
    with tempfile.TemporaryDirectory(dir=repository.own_folder, prefix="purge-") as folder:
        for kind in ("blob", "tree", "commit", "tag"):
            ids = [each for each, (its, _) in objects.items() if its == kind]
            files = [Path(folder) / each for each in ids]
            for file, each in zip(files, ids, strict=True):
                file.write_bytes(objects[each][1])
            given = "".join(f"{file}\n" for file in files).encode()
            words = ("hash-object", "-w", "--no-filters", "-t", kind, "--stdin-paths")
            stored = repository.runner.run(*words, writes=True, given=given, deadline=LONG)
            if not stored.is_ok or stored.text.split() != ids:
                raise GitTroubleError(_TROUBLE, "Needs your lead (code K03).", "an object has another id")


def objects_holding(repository: Repository, wanted: Wanted) -> Iterator[tuple[str, str, bytes]]:
    """Yield id, kind and bytes of every object in git's store that holds the text, reachable or not."""
    words = ("cat-file", "--batch", "--batch-all-objects", "--unordered")
    with repository.runner.stream(*words, trouble="git cannot read its store.") as pieces:
        for name, kind, data in _objects(pieces):
            if wanted.is_in(data):
                yield name, kind, data


def _objects(pieces: Iterable[bytes]) -> Iterator[tuple[str, str, bytes]]:
    """Take what `cat-file --batch` writes apart."""
    buffer, source = bytearray(), iter(pieces)
    while True:
        while (end := buffer.find(b"\n")) < 0:
            piece = next(source, None)
            if piece is None:
                return
            buffer += piece
        name, kind, size = bytes(buffer[:end]).decode().split(" ")
        behind = end + 1 + int(size)
        while len(buffer) <= behind:
            buffer += next(source)
        yield name, kind, bytes(buffer[end + 1 : behind])
        del buffer[: behind + 1]
