"""What is searched and what is asked: entries of real sentences and real customers' questions.

Both lie outside the repository, in the folder given with `--data`: `scale/generate.py`
streams any number of distinct entries, `scale/queries_2000.jsonl` holds 1,000 questions
whose answer is known and 1,000 that customers really typed. Nothing of them is copied here.

The three kinds of query are cut from the real ones with a seeded generator, so that every
size and every run asks the same.
"""

from __future__ import annotations

import importlib.util
import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MOST_CHARACTERS, MOST_WORDS = 200, 12
"""How much of a query kbtui looks at. The others are given no more work than that."""

_SEED = 20
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST_KEYWORD, _SHORTEST_CUT = 4, 3
_COMMONEST_SHARE = 0.02
"""A word in more of the queries than this (of, card, account) tells little and is no keyword."""


class Kind(StrEnum):
    """How people ask: a few words, a whole sentence, or what stands there while they type."""

    KEYWORD = "keyword"
    QUESTION = "question"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True)
class Document:
    """One entry; `number` counts from 0 in the order in which the generator makes them."""

    number: int
    id: str
    question: str
    answer: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """One query; `relevant` holds the ids of the entries that answer it, where they are known."""

    kind: Kind
    text: str
    relevant: frozenset[str] = frozenset()


def words(text: str) -> list[str]:
    """Return the distinct words of a query in order, lower case, within the limits that kbtui sets itself."""
    found = _WORD.findall(text[:MOST_CHARACTERS].lower())
    return list(dict.fromkeys(found))[:MOST_WORDS]


def documents(data: Path, size: int) -> list[Document]:
    """Return the first `size` entries of the generator, loaded from its file."""
    script = data / "scale" / "generate.py"
    specification = importlib.util.spec_from_file_location("scale_generate", script)
    if specification is None or specification.loader is None:
        raise FileNotFoundError(script)
    generator = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(generator)
    return [
        Document(number, item["id"], item["question"], item["answer"], tuple(item["tags"]))
        for number, item in enumerate(generator.entries(size))
    ]


def write_base(data: Path, size: int, base: Path) -> None:
    """Write the same entries as Markdown files, and make their folder a base: kb.toml and an empty history."""
    base.mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", str(base)], check=True)
    (base / "kb.toml").write_text('name = "Benchmark"\n')
    script = data / "scale" / "generate.py"
    subprocess.run([sys.executable, script, str(size), "--markdown", base], check=True)


def queries(data: Path, each: int) -> dict[Kind, list[Query]]:
    """Return `each` queries of every kind, half of them cut from questions whose answer is known."""
    lines = (data / "scale" / "queries_2000.jsonl").read_text("utf-8").splitlines()
    real = [json.loads(line) for line in lines]
    dice = random.Random(_SEED)
    dice.shuffle(real)
    informative = _informative([item["query"] for item in real])
    made: dict[Kind, list[Query]] = {kind: [] for kind in Kind}
    for item in real:
        text, relevant = str(item["query"]), frozenset(item["relevant"])
        for kind, cut in _cuts(text, informative, dice):
            if cut and len(made[kind]) < each:
                made[kind].append(Query(kind, cut, relevant))
    return made


def _informative(texts: Sequence[str]) -> set[str]:
    """Return the words worth searching: letters only, in two queries or more (no typos), in few of all."""
    counts = Counter(word for text in texts for word in set(_WORD.findall(text.lower())))
    most = len(texts) * _COMMONEST_SHARE
    return {
        word
        for word, count in counts.items()
        if 2 <= count <= most and len(word) >= _SHORTEST_KEYWORD and _LETTERS.fullmatch(word)
    }


def _cuts(text: str, informative: set[str], dice: random.Random) -> Iterator[tuple[Kind, str]]:
    """Return one query of each kind cut from a real one; an empty text where there is nothing to cut."""
    yield Kind.QUESTION, text if _WORD.search(text) else ""
    keywords = [word for word in words(text) if word in informative]
    some = set(dice.sample(keywords, min(len(keywords), dice.randint(1, 3))))
    yield Kind.KEYWORD, " ".join(word for word in keywords if word in some)
    yield Kind.PREFIX, _beginning(text, dice)


def _beginning(text: str, dice: random.Random) -> str:
    """Return the text up to the middle of one of its first words: two letters of it or more, never all."""
    able = [match for match in list(_LETTERS.finditer(text))[:MOST_WORDS] if len(match[0]) >= _SHORTEST_CUT]
    if not able:
        return ""
    word = dice.choice(able)
    return text[: word.start() + dice.randint(2, len(word[0]) - 1)]
