"""What the boxes say: what is new, and which keys there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from kbtui.tui.literal import literal
from kbtui.verbs.news import Item, News

_DIM = "$foreground 70%"


def new_since(news: News) -> Content:
    """Return what is new since the person last looked, what concerns them first (F48)."""
    parts = [*_section("Answers to your questions", news.answers_to_me)]
    parts += _section("Must read", news.must_reads)
    parts += _section("Limits that changed", news.limits)
    parts += _section("New answers", news.answers)
    if news.thanks:
        parts.append(literal("\nThanks to you", "bold"))
        parts += [literal(f"  {each.person.name}: {each.words or each.question}") for each in news.thanks]
    if news.notes:
        parts.append(literal("\nNotes for you", "bold"))
        parts += [literal(f"  {each.person.name} on “{each.question}”: {each.words}") for each in news.notes]
    if news.helped:
        times = "one call" if news.helped == 1 else f"{news.helped} calls"
        parts.append(literal(f"\nYour answers helped {times} of your colleagues this week.", "bold $success"))
    if not parts:
        parts.append(literal("\nNothing is new since you last looked."))
    return Content("\n").join([literal(f"Since {news.since.astimezone():%A %H:%M, %d %B}", _DIM), *parts])


def _section(title: str, items: Sequence[Item]) -> Iterable[Content]:
    if items:
        yield literal(f"\n{title}", "bold")
    for item in items:
        yield literal(f"  {item.question}" + (f" ({item.change})" if item.change else ""))


def keys(bound: Sequence[tuple[str, str]]) -> Content:
    """Return what keys do, a line each: (key, what it does), each deed once."""
    once = {words: key for key, words in reversed(bound)}
    lines = [Content.assemble(literal(f"{key:>9}  ", "bold"), literal(words)) for words, key in reversed(once.items())]
    return Content("\n").join(lines)
