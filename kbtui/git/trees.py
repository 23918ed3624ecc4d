"""What stands in commits and how they differ, read and made as objects: the working folder is never touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from kbtui.entry.model import Person
from kbtui.errors import GitTroubleError
from kbtui.git.commits import OWN_SETTINGS
from kbtui.git.repository import Repository
from kbtui.git.runner import LONG, GitResult

_NOTHING = "000000"
_REMEMBERED = 16
"""Comparisons kept, since one sync asks for each several times."""

_PLAIN_FILES = ("100644", "100755")
_TROUBLE = "git cannot bring the team's changes together here."
_HINT = "Needs your lead (code K07); your work is safe."


@dataclass(frozen=True, slots=True)
class Item:
    """What stands at a path: git's mode ("100644") and the id of the object."""

    mode: str
    blob: str

    @property
    def is_plain(self) -> bool:
        """Whether it is a file, and no link and no other repository."""
        return self.mode in _PLAIN_FILES


@dataclass(frozen=True, slots=True)
class Change:
    """What stood at a path and what stands there now; None for nothing."""

    before: Item | None
    after: Item | None


class Trees:
    """Reads and makes trees of one repository. Paths are below its top folder.

    Args:
        repository: where the objects are.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._known: dict[tuple[str, str], Mapping[str, Change]] = {}

    def changes(self, before: str, after: str) -> Mapping[str, Change]:
        """Return what differs between two commits or trees, by path. A move is one path gone and one come.

        Args:
            before: an id, never a name: what it stands for is remembered. `after` as well.

        Raises:
            GitTroubleError: git cannot read them. The other methods raise it too.
        """
        if before == after:
            return {}
        if (before, after) not in self._known:
            words = ("diff-tree", "-r", "-z", "--raw", "--no-renames", "--ignore-submodules=none", before, after)
            told = self._must(*words).text
            while len(self._known) >= _REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[before, after] = dict(_raw(told))
        return self._known[before, after]

    def versions(self, base: str, tip: str, paths: Sequence[str]) -> set[tuple[str, Item]]:
        """Return what has stood at some paths in the commits from `base`, itself left out, to `tip`."""
        commits = self._must("rev-list", "--full-history", tip, f"^{base}", "--", *paths).output
        words = ("diff-tree", "--stdin", "-m", "-r", "-z", "--raw", "--no-renames", "--no-commit-id")
        if not commits:
            return set()
        told = self._must(*words, "--", *paths, given=commits).text
        return {(path, change.after) for path, change in _raw(told) if change.after is not None}

    def blobs(self, wanted: Iterable[str]) -> dict[str, bytes]:
        """Return the bytes of objects by their ids."""
        ids = list(dict.fromkeys(wanted))
        if not ids:
            return {}
        output = self._must("cat-file", "--batch", given="".join(f"{each}\n" for each in ids).encode()).output
        found: dict[str, bytes] = {}
        place = 0
        for each in ids:
            end = output.index(b"\n", place)
            name, kind, size = output[place:end].decode().split(" ")
            if name != each or kind != "blob":
                raise GitTroubleError(_TROUBLE, _HINT, f"{each} is no blob")
            place = end + 1 + int(size)
            found[each] = output[end + 1 : place]
            place += 1
        return found

    def paths(self, commit: str, folder: str = "") -> list[str]:
        """Return the paths of all files of a commit, or of those below one folder of it."""
        words = ("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
        named = self._must(*words, "--", folder) if folder else self._must(*words)
        return [path for path in named.text.split("\0") if path]

    def item(self, commit: str, path: str) -> Item | None:
        """Return what stands at a path in a commit; None for nothing, and for a folder."""
        words, _, _ = self._must("ls-tree", "-z", "--full-tree", commit, "--", path).text.partition("\t")
        mode, kind, blob = words.split(" ") if words else ("", "", "")
        return Item(mode, blob) if words and kind != "tree" else None

    def store(self, content: bytes) -> str:
        """Put bytes into git's store as they are; return their id."""
        return self._must("hash-object", "-w", "--no-filters", "--stdin", given=content).text

    def build(self, start: str, changes: Mapping[str, Item | None]) -> str:
        """Return the tree of `start` with some paths changed; None takes one away."""
        if not changes:
            return self._must("rev-parse", "--verify", f"{start}^{{tree}}").text
        own_index = self._repository.own_folder / f"index-sync-{start[:12]}.tmp"
        runner = self._repository.runner.with_index(own_index)
        null = "0" * len(start)
        lines = [index_line(path, item, null) for path, item in sorted(changes.items(), key=lambda c: c[1] is not None)]
        given = "".join(lines).encode("utf-8", "surrogateescape")
        try:
            for words, data in (
                (("read-tree", start), None),
                (("update-index", "-z", "--add", "--index-info"), given),
                (("write-tree",), None),
            ):
                result = runner.run(*words, writes=True, given=data, settings=OWN_SETTINGS, deadline=LONG)
                if not result.is_ok:
                    raise GitTroubleError(_TROUBLE, _HINT, result.complaint)
            return result.text
        finally:
            with suppress(OSError):
                own_index.unlink(missing_ok=True)

    def commit(
        self, tree: str, parents: Sequence[str], message: bytes, person: Person, when: tuple[str, Person] | None = None
    ) -> str:
        """Make a commit that no branch shows yet; return its id.

        Args:
            person: author and committer.
            when: date and name of an author who is somebody else, where a commit is made again.
        """
        settings = list(OWN_SETTINGS)
        runner = self._repository.runner
        if when is not None:
            date, author = when
            runner = runner.with_variables(
                {"GIT_AUTHOR_DATE": date, "GIT_AUTHOR_NAME": author.name, "GIT_AUTHOR_EMAIL": author.email}
            )
        words = [word for parent in parents for word in ("-p", parent)]
        made = runner.run(
            "commit-tree", tree, *words, "-F", "-", writes=True, given=message, person=person, settings=settings
        )
        if not made.is_ok:
            raise GitTroubleError(_TROUBLE, _HINT, made.complaint)
        return made.text

    def text_merge(self, base: bytes, one: bytes, other: bytes) -> bytes | None:
        """Return what git makes of two versions of a text, or None where it would need markers.

        https://git-scm.com/docs/git-merge-file
        """
        folder = self._repository.own_folder
        files = [folder / f"index-text-{name}.tmp" for name in ("one", "base", "other")]  # swept like private indexes
        try:
            for file, content in zip(files, (one, base, other), strict=True):
                file.write_bytes(content)
            merged = self._repository.runner.run("merge-file", "-p", "--", *map(str, files))
        except OSError as error:
            raise GitTroubleError(_TROUBLE, _HINT, str(error)) from error
        finally:
            for file in files:
                with suppress(OSError):
                    file.unlink(missing_ok=True)
        return merged.output if merged.is_ok else None

    def _must(self, *arguments: str, given: bytes | None = None) -> GitResult:
        result = self._repository.runner.run(
            *arguments, writes=given is not None, given=given, settings=OWN_SETTINGS, deadline=LONG
        )
        if not result.is_ok:
            raise GitTroubleError(_TROUBLE, _HINT, result.complaint)
        return result


def _raw(told: str) -> Iterator[tuple[str, Change]]:
    """Yield path and change from what `diff-tree -z --raw` says."""
    pieces = told.split("\0")
    return ((path, _change(line)) for line, path in zip(pieces[::2], pieces[1::2], strict=False))


def _change(line: str) -> Change:
    mode_before, mode_after, before, after, _ = line.removeprefix(":").split(" ")
    return Change(
        None if mode_before == _NOTHING else Item(mode_before, before),
        None if mode_after == _NOTHING else Item(mode_after, after),
    )


def index_line(path: str, item: Item | None, null: str) -> str:
    """Return a line for `update-index --index-info`; what goes away has to come before what comes."""
    return f"{item.mode} {item.blob}\t{path}\0" if item else f"0 {null}\t{path}\0"


def ids_of(items: Collection[Item | None]) -> list[str]:
    """Return the ids of the files among some items."""
    return [item.blob for item in items if item is not None and item.is_plain]
