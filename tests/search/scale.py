"""Entries and questions of the real data set `scale` (its README says where they come from)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from kbtui.entry.model import Entry


def scale_entries(scale: Path, count: int) -> Iterator[Entry]:
    """Yield that many distinct entries made of real sentences; always the same."""
    made = subprocess.run([sys.executable, scale / "generate.py", str(count)], check=True, capture_output=True)
    for line in made.stdout.splitlines():
        row = json.loads(line)
        yield Entry(
            f"{row['id']}.md", row["id"], row["question"], row["answer"], plain=row["answer"], tags=tuple(row["tags"])
        )


def scale_questions(scale: Path, count: int) -> list[str]:
    """Return real customers' questions."""
    lines = (scale / "queries_2000.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["query"] for line in lines[:: 2000 // count]][:count]
