"""Real questions with known answers, nobody's of this project: what a search is judged by.

Each set is a base of entries and queries with the entries that answer them; queries with
none are out of scope. DATA/README.md says where the sets come from.
"""

from __future__ import annotations

import csv
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kbtui.entry.model import Entry


@dataclass(frozen=True)
class Judged:
    """A search and the ids of the entries that answer it; none where nothing does."""

    text: str
    relevant: frozenset[str]


@dataclass(frozen=True)
class JudgedSet:
    """A base and what is asked of it."""

    name: str
    entries: tuple[Entry, ...]
    queries: tuple[Judged, ...]


def faq(data: Path, name: str) -> JudgedSet:
    """Return stackfaq or support_kb: each paraphrase asks for one entry."""
    rows = _lines(data / name / "entries.jsonl")
    entries = tuple(_entry(row["id"], row["question"], row["answer"]) for row in rows)
    queries = _lines(data / name / "queries.jsonl")
    return JudgedSet(name, entries, tuple(Judged(row["query"], frozenset(row["relevant"])) for row in queries))


def banking(data: Path, phrasings: int) -> JudgedSet:
    """Return banking77 with so many phrasings an entry: the first is its question, the others are `asked_as`.

    The queries are thirty others of each intent, the same whatever the number of phrasings.
    """
    by_intent: dict[str, list[str]] = defaultdict(list)
    for row in _table(data / "banking77" / "queries.tsv"):
        by_intent[row["intent"]].append(row["query"])
    chance = random.Random(77)
    entries, queries = [], []
    for intent, texts in sorted(by_intent.items()):
        chance.shuffle(texts)
        entries.append(_entry(intent, texts[0], "", tuple(texts[1:phrasings])))
        queries += [Judged(text, frozenset({intent})) for text in texts[10:40]]
    return JudgedSet(f"banking77, {phrasings} phrasings", tuple(entries), tuple(queries))


def clinc(data: Path) -> JudgedSet:
    """Return clinc150: entries of five phrasings an intent; the test queries, a fifth of them out of scope."""
    rows = list(_table(data / "clinc150" / "queries.tsv"))
    return _intents("clinc150", [(row["query"], row["intent"], row["split"], row["is_oos"] == "1") for row in rows])


def hint(data: Path) -> list[JudgedSet]:
    """Return hint3, a set for each of its shops' bots: five phrasings an intent, real chats as queries."""
    by_bot: dict[str, list[tuple[str, str, str, bool]]] = defaultdict(list)
    for row in _table(data / "hint3" / "queries.tsv"):
        by_bot[row["bot"]].append((row["query"], row["intent"], row["split"], row["is_oos"] == "1"))
    return [_intents(f"hint3 {bot}", rows) for bot, rows in sorted(by_bot.items())]


def duplicate_pairs(data: Path) -> list[tuple[str, str, bool]]:
    """Return pairs of questions and whether they are one."""
    rows = _table(data / "duplicates" / "pairs.tsv")
    return [(row["q1"], row["q2"], row["is_duplicate"] == "1") for row in rows]


def _intents(name: str, rows: list[tuple[str, str, str, bool]]) -> JudgedSet:
    phrasings: dict[str, list[str]] = defaultdict(list)
    for text, intent, split, is_outside in rows:
        if split == "train" and not is_outside:
            phrasings[intent].append(text)
    entries = tuple(_entry(intent, texts[0], "", tuple(texts[1:5])) for intent, texts in sorted(phrasings.items()))
    tested = [row for row in rows if row[2] == "test"]
    queries = (Judged(text, frozenset() if outside else frozenset({intent})) for text, intent, _, outside in tested)
    return JudgedSet(name, entries, tuple(queries))


def _entry(name: str, question: str, answer: str, asked_as: tuple[str, ...] = ()) -> Entry:
    return Entry(f"{name}.md", name, question, answer, plain=answer, asked_as=asked_as)


def _lines(file: Path) -> Iterator[dict[str, str]]:
    return map(json.loads, file.read_text("utf-8").splitlines())


def _table(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)
