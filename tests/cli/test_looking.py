"""A search for nothing but words goes past the parser of commands, and says the very same."""

from __future__ import annotations

from pathlib import Path

import pytest

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
