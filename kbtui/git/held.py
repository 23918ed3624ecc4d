"""Files that stay as somebody left them although the branch has moved on (FAULTS S2).

Where somebody's work is in the way of what the team wrote, the branch moves, git's index has
the team's version, and the file in the folder is still made from the version before. Nothing
in git says so: were it committed as it is, what the team wrote there would be taken back. So a
ref keeps which version each such file was made from. Once such a file is committed, it is
merged with the team's version from there, before anything is shared; where the team has moved it,
in its new place.

The ref shows a commit that stands on the one whose files were brought in and holds its tree
with those files as they were before: the last thing that both sides have in common.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from kbtui.entry.model import Person
from kbtui.errors import GitTroubleError
from kbtui.git.ancestry import Ancestry
from kbtui.git.commits import OWN_SETTINGS
from kbtui.git.repository import Repository
from kbtui.git.trees import Change, Item, Trees

HELD_REFS = "refs/kbtui/held/"
_MESSAGE = b"Remember what unfinished work was made from\n\nKb-Action: sync\n"
_NOBODY = Person("kbtui", "kbtui@kbtui.invalid")
_MAIN = "folder"
_MOVED = "Kb-Moved: "
"""What stands before the places to which files were moved, in JSON of ASCII: names of files may be any bytes."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Files that stay as somebody left them.

    Attributes:
        commit: holds the versions they were made from.
        of: the commit that was brought in.
        paths: them, each with the version it was made from and the team's.
        moved: where those of them are now that the team has moved.
    """

    commit: str
    of: str
    paths: Mapping[str, Change]
    moved: Mapping[str, str]


class Held:
    """Remembers them for one working folder.

    Args:
        repository: whose folder it is.
        trees: reads and makes its objects.
    """

    def __init__(self, repository: Repository, trees: Trees) -> None:
        self._repository = repository
        self._trees = trees
        self._ancestry = Ancestry(repository)

    @property
    def _ref(self) -> str:
        layout = self._repository.layout
        return HELD_REFS + (_MAIN if layout.git == layout.common else f"tree-{layout.git.name}")

    def seen_from(self, tip: str) -> Hold | None:
        """Return what is held in a folder whose branch shows a commit; None for nothing.

        A hold that was made for a landing which did not come to pass has the one before it behind it.

        Raises:
            GitTroubleError: git does not say.
        """
        commit = self._ancestry.shown(self._ref) if tip and self._repository.has_refs(HELD_REFS) else ""
        while commit:
            of, *before = self._ancestry.parents(commit)
            if self._ancestry.has(tip, of):
                return Hold(commit, of, self._trees.changes(commit, of), self._moved(commit))
            commit = before[0] if before else ""
        return None

    def _moved(self, commit: str) -> dict[str, str]:
        """Return where files were moved, as the message of the commit says; the ref is this computer's own."""
        said = self._ancestry.must("log", "-1", "--no-show-signature", "--format=%b", commit).text
        lines = [line.removeprefix(_MOVED) for line in said.splitlines() if line.startswith(_MOVED)]
        with suppress(ValueError):  # a purge has gone over the message: then nobody knows of any move
            found = json.loads(lines[0]) if lines else {}
            return {str(path): str(place) for path, place in found.items()} if isinstance(found, dict) else {}
        return {}

    def keep(
        self,
        of: str,
        bases: Mapping[str, Item | None],
        moved: Mapping[str, str],
        before: Hold | None = None,
    ) -> None:
        """Remember what files were made from; forget the others.

        Args:
            of: the commit whose files were brought in, or are about to be.
            bases: the versions, by path; None for a file that git did not know.
            moved: where the team has moved some of them.
            before: what is held as long as the branch does not show `of`.

        Raises:
            GitTroubleError: git cannot keep it.
        """
        if not bases:
            self._git("update-ref", "-d", self._ref)
            return
        parents = (of, before.commit) if before else (of,)
        message = _MESSAGE + (f"{_MOVED}{json.dumps(moved)}\n".encode() if moved else b"")
        commit = self._trees.commit(self._trees.build(of, bases), parents, message, _NOBODY)
        self._git("update-ref", self._ref, commit)

    def _git(self, *arguments: str) -> None:
        done = self._repository.runner.run(*arguments, writes=True, settings=OWN_SETTINGS)
        if not done.is_ok:
            trouble = "git cannot keep what somebody's unfinished work was made from."
            raise GitTroubleError(trouble, "It is tried again with the next sync; your work is safe.", done.complaint)
