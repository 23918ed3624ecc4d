"""How much memory an engine takes, measured in a process of its own.

Resident bytes after opening the index and after a few hundred queries, less what the
process had before it loaded the engine. Files that an engine maps into memory count as
resident, but the system may drop those pages; so the private part is told as well. Linux
only: the figures are those of /proc/self/status.

    python -m benchmarks.memory NAME FOLDER QUERIES     # started by benchmarks.search
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import Kind, Query
from benchmarks.engines import kind_of
from benchmarks.figures import Memory

_STATUS = Path("/proc/self/status")
_LIMIT = 20


def missing() -> str:
    """Return a sentence where the system does not tell, or nothing."""
    return "" if _STATUS.exists() else "This system has no /proc/self/status; memory is left out."


def of_engine(name: str, place: Path, queries: Sequence[Query]) -> Memory:
    """Start a process, let it open the index of `place` and search, and return what it took."""
    file = place / "queries.json"
    file.write_text(json.dumps([[query.kind, query.text] for query in queries]))
    command = [sys.executable, "-m", "benchmarks.memory", name, str(place), str(file)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Memory(**json.loads(answer))


def main() -> None:
    """Measure this process and print the figures."""
    name, place, file = sys.argv[1:]
    queries = [Query(Kind(kind), text) for kind, text in json.loads(Path(file).read_text())]
    before, private_before = _resident()
    engine = kind_of(name)(Path(place))
    engine.open_program()
    engine.search(Query(Kind.KEYWORD, "zqxjkvw"), _LIMIT)
    opened, _ = _resident()
    for query in queries:
        engine.search(query, _LIMIT)
    used, private = _resident()
    print(json.dumps({"opened": opened - before, "used": used - before, "private": private - private_before}))


def _resident() -> tuple[int, int]:
    """Return resident bytes, and those of them that belong to no file."""
    lines = (line.partition(":") for line in _STATUS.read_text().splitlines())
    values = {key: value.split() for key, _, value in lines}
    return int(values["VmRSS"][0]) * 1024, int(values["RssAnon"][0]) * 1024


if __name__ == "__main__":
    main()
