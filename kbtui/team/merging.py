"""Two entries that are one: what the one that stays takes over from the other (F35). Pure.

Its answer stays what it is, so a confirmation of it still holds; it gets every phrasing, every
tag and every link. The other one is archived with its words and says which entry says it now.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, relpath
from urllib.parse import quote

from kbtui.entry.card import is_asked_as
from kbtui.entry.model import Entry, EntryChange, State
from kbtui.entry.text import normal
from kbtui.errors import RefusedError
from kbtui.team.checks import linked_path


def require_mergeable(entry: Entry, into: Entry) -> None:
    """Refuse to merge what would lose an answer or an entry.

    Raises:
        RefusedError: with the reason and the way out.
    """
    if entry.path == into.path:
        raise RefusedError("An entry cannot be merged into itself.", "Name the entry that stays as the second one.")
    if entry.variant_of or into.variant_of:
        raise RefusedError("That is another version of an entry, no entry of its own.", "Choose between the versions.")
    if into.state is State.ARCHIVED:
        raise RefusedError("The entry that is to stay is archived.", f"Bring it back first: kbtui restore {into.id}")
    if entry.state is State.ARCHIVED and entry.replaced_by:
        raise RefusedError(
            "This entry is archived and replaced already.", f"To bring it back: kbtui restore {entry.id}"
        )
    if entry.authority is not None:
        raise RefusedError(
            "The entry that is to go says who may decide; its limits would be lost.",
            f"Merge the other way round, or keep both: kbtui merge {into.id} {entry.id}",
        )
    if entry.answer.strip() and not into.answer.strip():
        raise RefusedError(
            "The entry that is to stay has no answer, but this one has.",
            f"Merge the other way round: kbtui merge {into.id} {entry.id}",
        )


def taken_over(into: Entry, other: Entry) -> EntryChange:
    """Return what `into` gets from `other`: phrasings, tags and links that it does not have."""
    phrasings = list(into.asked_as)
    for words in (other.question, *other.asked_as):
        if not is_asked_as(into, words) and normal(words) not in map(normal, phrasings):
            phrasings.append(words)
    known = {normal(tag) for tag in into.tags}
    tags = (*into.tags, *(tag for tag in other.tags if normal(tag) not in known))
    links = "\n".join(_new_links(into, other))
    see_also = "\n".join(filter(None, (into.see_also, links)))
    return EntryChange(
        asked_as=tuple(phrasings) if tuple(phrasings) != into.asked_as else None,
        tags=tags if tags != into.tags else None,
        see_also=see_also if links else None,
    )


def _new_links(into: Entry, other: Entry) -> Iterator[str]:
    """Yield the lines of the other entry's "See also" whose links are new, as they have to be written in `into`."""
    known = {linked_path(into.path, link.target) or link.target for link in into.links} | {into.path}
    for line in other.see_also.splitlines():
        here = [link.target for link in other.links if f"]({link.target}" in line]
        aims = {target: linked_path(other.path, target) for target in here}
        if not here or all((aims[target] or target) in known for target in here):
            continue
        for target, path in aims.items():
            if path:
                _, mark, part = target.partition("#")
                moved = quote(relpath(path, dirname(into.path) or "."))
                line = line.replace(f"]({target}", f"]({moved}{mark}{part}")
        yield line
