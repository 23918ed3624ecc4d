"""A search for nothing but words goes past the parser of commands, and says the very same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kbtui import __main__, actions
from kbtui.cli import plain
from tests.helpers import run_kbtui, run_python

_THROUGH_THE_PARSER = "import os, sys; from kbtui.cli.app import run; sys.exit(run(sys.argv[1:], dict(os.environ)))"
_LOADED = """
import sys
from kbtui import __main__
sys.argv = ["kbtui", *sys.argv[1:]]
try:
    __main__.main()
finally:
    sys.stderr.write("typer" if "typer" in sys.modules else "no typer")
"""
_AT_THE_END = """
import atexit, gc, json, sys
from kbtui import __main__
sys.argv = ["kbtui", *sys.argv[1:]]

def tell():
    loaded = [module for name, module in sys.modules.items() if name.startswith("kbtui.")]
    classes = [value for module in loaded for value in vars(module).values() if isinstance(value, type)]
    compiled = {each.__module__ for each in classes if hasattr(each, "__dataclass_fields__")}
    said = {"modules": [*sys.modules], "dataclasses": [*compiled], "frozen": gc.get_freeze_count()}
    sys.stderr.write(json.dumps(said))

atexit.register(tell)
__main__.main()
"""

_NOT_FOR_A_SEARCH = {
    "asyncio",
    "click",
    "email",
    "fractions",
    "git",
    "kbtui.actions",
    "kbtui.cli.values",
    "kbtui.cli.words",
    "kbtui.entry.amounts",
    "kbtui.entry.which_card",
    "kbtui.team.credit",
    "lzma",
    "markdown_it",
    "numpy",
    "random",
    "rich",
    "shutil",
    "tempfile",
    "typer",
    "whoosh.lang.porter",
    "whoosh.writing",
    "yaml",
}
"""Modules that cost some of the time somebody waits, and that a search which finds something has no use for."""

_COMPILED = {"kbtui.entry.model", "kbtui.entry.card", "kbtui.entry.event"}
"""Where a search may still make dataclasses: each takes up to a millisecond, five times as long as a named tuple."""


@pytest.mark.parametrize(
    "typed",
    [
        ("search", "refund"),
        ("search", "how long", "does a", "refund take"),
        ("search", "refund", "--json"),
        ("search", "--json", "state:open"),
        ("search", "zzzqqq"),
        ("search", "search"),
        ("search", "refund", "-x"),
        ("search", "refund", "--limit", "1"),
        ("search", "--explain", "refund"),
        ("search", "--", "-refund"),
        ("search", "--json"),
        ("search",),
        ("search", "-h"),
        ("search", ""),
        ("show", "search"),
        ("search", "refund", "--kb", "nowhere"),
        ("--kb", "nowhere", "search", "refund"),
    ],
    ids=" ".join,
)
def test_the_same_is_said_and_the_exit_code_is_the_same(base: Path, typed: tuple[str, ...]) -> None:
    env = {"KBTUI_KB": str(base)}
    quick = run_kbtui(*typed, env=env)
    parsed = run_python("-c", _THROUGH_THE_PARSER, *typed, env=env)
    assert (quick.status, quick.out, quick.err) == (parsed.returncode, parsed.stdout, parsed.stderr)


def test_the_base_may_be_named_first(base: Path) -> None:
    found = run_kbtui("--kb", base, "search", "refund")
    assert found.status == 0
    assert "refund" in found.out


@pytest.mark.parametrize(
    ("typed", "loaded"), [(("search", "refund"), "no typer"), (("search", "--explain", "refund"), "typer")]
)
def test_the_parser_is_loaded_only_where_it_is_needed(base: Path, typed: tuple[str, ...], loaded: str) -> None:
    assert run_python("-c", _LOADED, *typed, env={"KBTUI_KB": str(base)}).stderr.endswith(loaded)


def test_a_shell_that_asks_how_the_line_goes_on_gets_its_answer(base: Path) -> None:
    asked = {"KBTUI_KB": str(base), "_KBTUI_COMPLETE": "complete_bash", "COMP_WORDS": "kbtui sea", "COMP_CWORD": "1"}
    assert "search" in run_kbtui("search", "x", env=asked).out


def test_the_command_is_the_one_that_is_declared() -> None:
    assert plain.COMMAND == __main__._SEARCH == actions.SEARCH.command


def test_a_search_loads_and_makes_little_that_it_does_not_need(base: Path) -> None:
    """docs/performance.md, "Start-up": what it loads is most of what it takes."""
    env = {"KBTUI_KB": str(base)}
    run_kbtui("search", "refund", env=env)
    ended = run_python("-c", _AT_THE_END, "search", "refund", env=env)
    assert "refund" in ended.stdout
    said = json.loads(ended.stderr)
    assert _NOT_FOR_A_SEARCH & {*said["modules"]} == set()
    assert {*said["dataclasses"]} <= _COMPILED


def test_the_end_looks_for_no_garbage(base: Path) -> None:
    """Python would go through every object several times before it gives the memory back."""
    ended = run_python("-c", _AT_THE_END, "search", "refund", env={"KBTUI_KB": str(base)})
    assert json.loads(ended.stderr)["frozen"] > 1_000


def test_nothing_is_left_open_or_written(base: Path) -> None:
    """The catalogue and the cache of events are let go of, and a search that brings nothing new writes into neither."""
    env = {"KBTUI_KB": str(base)}
    run_kbtui("search", "refund", env=env)
    before = {path: path.stat().st_mtime_ns for path in (base / ".git" / "kbtui").rglob("*") if path.is_file()}
    assert run_kbtui("search", "refund", env=env).status == 0
    after = {path: path.stat().st_mtime_ns for path in (base / ".git" / "kbtui").rglob("*") if path.is_file()}
    assert after == before
    assert any(path.suffix == ".sqlite" for path in after)


_AT_THE_LOOK = """
import json, sys, threading
from kbtui import __main__, glance

def begun(self, files=None):
    if files is not None:
        sys.stderr.write(json.dumps({"modules": [*sys.modules], "threads": threading.active_count()}))
    looked(self, files)

looked, glance.Glance.__init__ = glance.Glance.__init__, begun
sys.argv = ["kbtui", *sys.argv[1:]]
__main__.main()
"""

_NOT_BEFORE_THE_LOOK = {
    *_NOT_FOR_A_SEARCH,
    "_hashlib",
    "dataclasses",
    "inspect",
    "json",
    "kbtui.entry.model",
    "kbtui.git.runner",
    "kbtui.knowledge",
    "kbtui.search",
    "sqlite3",
    "subprocess",
    "whoosh",
}
"""What is loaded while the files are looked at already; some of it opens files and databases."""


def test_the_files_are_looked_at_before_all_else(base: Path) -> None:
    """Over a large base, a copy of the process looks: the less there is of it, the sooner it has looked."""
    ended = run_python("-c", _AT_THE_LOOK, "search", "refund", env={"KBTUI_KB": str(base)})
    assert "refund" in ended.stdout
    said = json.loads(ended.stderr)
    assert _NOT_BEFORE_THE_LOOK & {*said["modules"]} == {"json"}  # the test itself needs it
    assert said["threads"] == 1
