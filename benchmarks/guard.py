"""What the guard catches, what it refuses or warns of wrongly, and how long it takes.

`python -m benchmarks.guard` prints the tables of docs/guard.md. KBTUI_DATA names a folder
of real entries, which are looked at as well.
"""

from __future__ import annotations

import os
import statistics
import time
from collections import Counter
from pathlib import Path

from kbtui.entry import guard
from kbtui.entry.alarm import Kind
from kbtui.entry.guard_rules import GuardRules
from tests.guard_sets import cards_in_all_shapes, lookalikes

SEEDS = range(10)
EACH = 200
RULES = GuardRules(region="GB")


def caught() -> None:
    seen = [text for seed in SEEDS for _, text, _ in cards_in_all_shapes(seed)]
    print(f"cards caught: {sum(bool(guard.card_numbers(text)) for text in seen)} of {len(seen)}")


def wrong() -> None:
    seen = list(lookalikes(EACH))
    found = Counter((each.kind, kind) for each in seen for kind in guard.kinds(guard.alarms(each.text, RULES)))
    for kind in Kind:
        total = sum(count for (_, said), count in found.items() if said is kind)
        print(f"said to be {kind.words}: {total} of {len(seen)} ({100 * total / len(seen):.2f} %)")
    for (what, kind), count in sorted(found.items()):
        print(f"  {what}: {kind.words} {count} of {EACH} ({100 * count / EACH:.1f} %)")


def real() -> None:
    folder = os.environ.get("KBTUI_DATA")
    texts = [path.read_text("utf-8", "replace") for path in Path(folder).rglob("*.md")] if folder else []
    found = Counter(kind for text in texts for kind in guard.kinds(guard.alarms(text)))
    print(f"real entries: {len(texts)}, with", {kind.value: count for kind, count in found.items()})


def times() -> None:
    texts = {
        "an entry of 2 KB": "The parcel 12345678 takes 5 days. Call us on 0800 123 4567. " * 34,
        "200 KB of digits": "1" * 200_000,
        "200 KB of digits and spaces": "4 " * 100_000,
        "200 KB of digits in fours": "4111 " * 40_000,
        "200 KB of digits and lines": "4\n" * 100_000,
        "200 KB of card numbers": "4111111111111111 " * 12_000,
        "200 KB of words": "The quick brown fox jumps over the lazy dog. " * 4_400,
    }
    for name, text in texts.items():
        took = []
        for _ in range(5):
            start = time.process_time()
            guard.alarms(text, RULES)
            took.append(time.process_time() - start)
        print(f"{name}: {1000 * statistics.median(took):.1f} ms")


if __name__ == "__main__":
    caught()
    wrong()
    real()
    times()
