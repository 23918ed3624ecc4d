"""How what a search finds reads as plain lines.

A room of its own, without what only other commands say of entries: somebody waits for a search.
"""

from __future__ import annotations

from collections.abc import Iterator

from kbtui.cli.suggesting import command
from kbtui.entry.card import Card
from kbtui.entry.model import TWO_VERSIONS, State
from kbtui.knowledge import Hit, Marked, SearchResult
from kbtui.team.uses import counted_words


def result_lines(result: SearchResult, query: str) -> Iterator[Marked]:
    """Yield the results of a search, with what matched marked."""
    if not result.hits:
        yield from map(Marked, (f"Nothing found for: {query}", _ask(query)))
        return
    yield from (Marked(f"{meant}, for {typed}:") for typed, meant in result.read_as)
    some_words = False
    for hit in result.hits:
        if not hit.has_all and not some_words:
            some_words = True
            yield Marked("-- with some of these words --")
        yield from _hit_lines(hit)
    yield Marked(f"{len(result.hits)} of {result.total}")
    if not result.fits:
        yield Marked(f"None has all of the words. {_ask(query)}")


def _ask(query: str) -> str:
    return f"Ask the team with: {command('ask', query)}"


def _hit_lines(hit: Hit) -> Iterator[Marked]:
    yield Marked(hit.card.question, hit.marks).after(f"{hit.card.state.sign} ")
    yield Marked(f"    {about(hit.card, counted_words(hit.used, hit.used_this_week, hit.waiting, hit.flags))}")
    if hit.is_contested:
        yield Marked(f"    {TWO_VERSIONS}.")
    if hit.decided:
        yield Marked(f"    {hit.decided}")
    if hit.card.state is State.ARCHIVED:
        yield Marked("    Archived: this is no longer how we do it.")
    if hit.replaces:
        yield Marked(f"    Takes the place of: {hit.replaces}")
    if hit.snippet.text:
        yield hit.snippet.after("    ")
    for reason in hit.reasons:
        yield Marked(f"    {reason.word}: {reason.how}, {reason.found} ({reason.points})")


def about(card: Card, demand: str = "") -> str:
    """Return what kind of entry it is, what is known of its use, and its id."""
    marks = [card.state.words, *(["pinned"] if card.pinned else []), *card.tags]
    if card.owner:
        marks.append(f"owner {card.owner}")
    if card.being_mended:
        marks.append("being mended")
    elif card.trouble:
        marks.append("shown as plain text")
    if card.variant_of:
        marks.append("another version, kept for a lead")
    if demand:
        marks.append(demand)
    return f"{', '.join(marks)} · {card.id}"
