"""How long the review queue takes over a large base, the first time and after something has happened.

A base is made, always the same one: entries of made-up questions, one in five of which takes
four uses in five, as it is with real ones; uses, flags and thanks by some people over a year,
each use with the digest of the words it was of; some confirmations, check-by dates, second
versions and commits with a reviewer. Evidence is on (three people). Then, each in a process of
its own, as `kbtui review` or a screen that was just opened has it:

- *first time*: everything the queue is made from is brought up: events counted, the history
  read, who wrote what has evidence, every entry compared with every other one;
- *queue*: from there on, what stands between the key and the first list;
- *increments*: bringing everything up after one more event, after 100 more, after one entry
  was changed and committed, and when nothing is new.

Beside them, in the same run: reading all cards from the index, which `kbtui list` does. Where other programs keep the
processors busy, the seconds of computing (of kbtui and the gits it starts) say more than those on the clock; both are
printed.

    python -m benchmarks.review                     # 10,000 entries, 200,000 events
    python -m benchmarks.review --entries 1000 --events 20000 --json review.json
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from kbtui.entry.approval import digest
from kbtui.entry.event import Event, file_of
from kbtui.entry.model import Person
from kbtui.open import open_base

_PEOPLE, _ROWS = 40, 50
_END = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
_VERBS = (
    *("change", "cancel", "return", "track", "pay", "report", "lose", "activate", "block", "renew", "move", "split"),
    *("insure", "sign", "refuse"),
)
_THINGS = (
    *("order", "parcel", "invoice", "card", "account", "contract", "password", "meter", "delivery", "voucher"),
    *("subscription", "refund", "address", "phone", "router", "licence", "booking", "seat", "ticket", "battery"),
    *("warranty", "deposit", "loan", "policy", "claim", "statement", "tariff", "antenna", "filter"),
)
_WHENS = (
    *("abroad", "today", "twice", "late", "online", "at night", "by letter", "without a receipt", "after a move"),
    *("before payday", "in a shop", "as a gift", "for a company", "on a holiday", "with a new phone", "from the app"),
)


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(_one(sys.argv[2], Path(sys.argv[3]))))
        return
    options = _options()
    with tempfile.TemporaryDirectory(prefix="kbtui-benchmark-") as folder:
        root = Path(folder) / "base"
        started = time.perf_counter()
        base = _Base(root, options.entries, options.events)
        base.write()
        print(f"made the base in {time.perf_counter() - started:.1f} s", file=sys.stderr)
        _measure("index", base.root)
        rows = [_row("first time: everything brought up", [_measure("bring_up", base.root)])]
        if options.ready:
            options.ready.touch()
            while options.ready.exists():
                time.sleep(0.5)
        rows += _measured(base, options.runs)
    _print(rows, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=5, help="of everything but the first time")
    parser.add_argument("--ready", type=Path, help="after the first time, make this file and go on once it is gone")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser.parse_args()


class _Base:
    """Writes a base, always the same one.

    Args:
        root: a folder that is not there yet.
        entries: how many.
        events: how many.
    """

    def __init__(self, root: Path, entries: int, events: int) -> None:
        self.root = root
        self._entries = entries
        self._events = events
        self._random = Random(5)
        self._people = [Person(f"Person {n}", f"person{n}@example.com") for n in range(_PEOPLE)]
        self._made = 0
        self._words: list[str] = []

    def write(self) -> None:
        """Write and commit everything."""
        self.root.mkdir()
        (self.root / "kb.toml").write_text('name = "Benchmark"\n[review]\nvalidate_after = 3\n')
        (self.root / ".gitattributes").write_text("*.md text eol=lf\nevents/** merge=union\n")
        for number in range(self._entries):
            self._write_entry(number)
        self.git("init", "-q", "-b", "main")
        self.commit("All")
        for number in range(0, self._entries, 97):
            self._improve(number)
        self.commit("Improved\n\nReviewed-by: Person 1 <person1@example.com>\n")
        self.note(self._events)
        self.commit("Note what was used\n\nKb-Action: events\n")

    def git(self, *arguments: str) -> None:
        """Run git as one of the people."""
        who = self._random.choice(self._people)
        names = {f"GIT_{part}_{key}": value for part in ("AUTHOR", "COMMITTER") for key, value in _contact(who)}
        env = os.environ | names | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        subprocess.run(["git", *arguments], cwd=self.root, env=env, check=True, stdout=subprocess.DEVNULL)

    def commit(self, message: str) -> None:
        """Commit all."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def _path(self, number: int) -> Path:
        return self.root / f"topic-{number % 40}" / f"entry-{number}-e{number:07}.md"

    def _write_entry(self, number: int, extra: str = "") -> None:
        draw = Random(number)
        verb, thing, when = draw.choice(_VERBS), draw.choice(_THINGS), draw.choice(_WHENS)
        question = f"How do I {verb} my {thing} {when}, case {draw.randrange(9999)}?"
        answer = f"Open the page of the {thing} and choose {verb}.{extra} Number {draw.randrange(10**6)}."
        head = f"---\nid: e{number:07}\nstate: not-validated\ntags: [{thing}]\n"
        head += "check_by: 2026-10-01\n" if number % 50 == 0 else ""
        if number % 3 == 0:
            head = head.replace("not-validated", "validated")
            words = digest(question, answer if number % 9 else f"{answer} No more.")
            head += f"validated:\n  by: Person 1\n  on: 2026-06-01\n  text: {words}\n"
        text = f"{head}---\n# {question}\n\n{answer}\n"
        path = self._path(number)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        if number % 500 == 1:
            path.with_name(f"{path.stem}.{number:012x}.variant.md").write_text(text.replace("Open", "Close"))
        if len(self._words) <= number:
            self._words.append("")
        self._words[number] = digest(question, answer)

    def _improve(self, number: int) -> None:
        self._made += 1
        self._write_entry(number, f" Since version {self._made}.")

    def change_one(self) -> None:
        """Change an entry and commit it."""
        self._improve(self._random.randrange(self._entries))
        self.commit("Change")

    def note(self, events: int) -> None:
        """Append so many events to their files."""
        files: dict[str, list[str]] = {}
        for _ in range(events):
            event = self._event()
            files.setdefault(file_of(event, "machine2"), []).append(event.line)
        for path, lines in files.items():
            place = self.root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("a") as file:
                file.write("".join(f"{line}\n" for line in lines))

    def _event(self) -> Event:
        draw = self._random
        self._made += 1
        popular = draw.random() < 0.8
        number = draw.randrange(self._entries // 5 if popular else self._entries)
        kind = draw.choices(("used", "flag", "flag-closed", "thanks", "joined"), (96, 0.5, 0.5, 2, 1))[0]
        at = _END - dt.timedelta(seconds=draw.randrange(365 * 86_400))
        refs = {"used": (self._words[number],), "flag-closed": (f"v{self._made - draw.randrange(1, 400):09}",)}
        words = "it was otherwise" if kind == "flag" else "these words were searched" if kind == "used" else ""
        who = draw.choice(self._people)
        return Event(f"v{self._made:09}", at, who, kind, f"e{number:07}", words, refs=refs.get(kind, ()))


def _contact(person: Person) -> Iterator[tuple[str, str]]:
    yield "NAME", person.name
    yield "EMAIL", person.email


# What is measured


Row = dict[str, float | str]
Figures = dict[str, float]


def _measured(base: _Base, runs: int) -> list[Row]:
    rows = [_row("all cards from the index", [_measure("cards", base.root) for _ in range(runs)])]
    rows.append(_row("queue, in a process that has just begun", [_measure("queue", base.root) for _ in range(runs)]))
    rows.append(_row("queue, in one that is open", [_measure("again", base.root) for _ in range(runs)]))
    for words, change in (
        ("brought up: nothing new", lambda: None),
        ("brought up: one more event", lambda: base.note(1)),
        ("brought up: 100 more events", lambda: base.note(100)),
        ("brought up: one entry changed and committed", base.change_one),
    ):
        rows.append(_after(base, words, change, runs))
    rows.append(_row("`kbtui review`, whole command, nothing new", [_command(base.root) for _ in range(runs)]))
    return rows


def _after(base: _Base, words: str, change: Callable[[], None], runs: int) -> Row:
    values = []
    for _ in range(runs):
        change()
        _measure("index", base.root)
        values.append(_measure("bring_up", base.root))
    return _row(words, values)


def _row(name: str, values: list[Figures]) -> Row:
    seconds = [each["seconds"] for each in values]
    computing = statistics.median(each["computing"] for each in values)
    return {"what": name, "seconds": statistics.median(seconds), "worst": max(seconds), "computing": computing}


def _environment(root: Path) -> dict[str, str]:
    home = str(root.parent / "home")
    mine = {"KBTUI_HOME": home, "KBTUI_PERSON": "Lena <lena@example.com>", "KBTUI_MEANING": "off"}
    return dict(os.environ) | mine


def _measure(what: str, root: Path) -> Figures:
    command = [sys.executable, "-m", "benchmarks.review", "--one", what, str(root)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: Figures = json.loads(ended.stdout)
    return figures


def _command(root: Path) -> Figures:
    started, before = time.perf_counter(), sum(os.times()[:4])
    command = [sys.executable, "-m", "kbtui", "--kb", str(root), "review"]
    subprocess.run(command, env=_environment(root), check=True, stdout=subprocess.DEVNULL)
    return {"seconds": time.perf_counter() - started, "computing": sum(os.times()[:4]) - before}


def _one(what: str, root: Path) -> Figures:
    """Measure one thing in this process: seconds by the clock and of computing; loading what it needs is counted in."""
    knowledge = open_base(root, _environment(root))
    if what == "index":
        knowledge.refresh()
        return {"seconds": 0.0, "computing": 0.0}
    deeds: dict[str, Callable[[], object]] = {
        "bring_up": knowledge.bring_up_review,
        "cards": knowledge.cards,
        "queue": lambda: knowledge.review(_ROWS),
        "again": lambda: knowledge.review(_ROWS),
    }
    if what == "again":
        knowledge.review(_ROWS)
    started, before = time.perf_counter(), sum(os.times()[:4])
    deeds[what]()
    figures = {"seconds": time.perf_counter() - started, "computing": sum(os.times()[:4]) - before}
    knowledge.close()
    return figures


def _print(rows: list[Row], options: argparse.Namespace) -> None:
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    about = f"{options.entries:,} entries, {options.events:,} events, Python {platform.python_version()}, {git}"
    print(f"{about}; medians of {options.runs}\n\n| what | seconds | worst | computing |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row['what']} | {row['seconds']:.3f} | {row['worst']:.3f} | {row['computing']:.3f} |")
    if options.json:
        options.json.write_text(json.dumps({"about": about, "runs": options.runs, "rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
