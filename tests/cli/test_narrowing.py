"""F8 in line mode: one's own entries, and those due for a check."""

from __future__ import annotations

import json
from pathlib import Path

from kbtui.errors import ExitCode
from tests.helpers import REFUND, run_kbtui, write_files

DUE, LATER = "orders/due-dueord22.md", "orders/later-latero22.md"


def test_mine_and_due_narrow_what_is_searched_and_listed(base: Path) -> None:
    for path, day, owner in ((DUE, "2020-01-31", "Ana Kovacs"), (LATER, "2999-01-31", "Mateo Ruiz")):
        header = f"id: {path[-11:-3]}\nstate: validated\nowner: {owner}\ncheck_by: {day}"
        write_files(base, {path: f"---\n{header}\n---\n# Where is my refund, {owner}?\n\nSoon.\n"})
    run_kbtui("--kb", base, "reindex")
    ana = {"KBTUI_PERSON": "Ana Kovacs <ana@example.com>"}

    def found(*arguments: str) -> set[str]:
        ran = run_kbtui("--kb", base, *arguments, "--json", env=ana)
        assert ran.status == 0, ran.err
        said = json.loads(ran.out)
        cards = [hit["card"] for hit in said["hits"]] if "hits" in said else said["entries"]
        return {card["path"] for card in cards}

    assert {DUE, LATER, REFUND} <= found("search", "refund")
    assert found("search", "refund", "--mine") == {DUE}
    assert found("search", "refund", "--due") == {DUE}
    assert found("list", "--mine") == found("list", "--due") == {DUE}
    assert found("list", "--owner", "Mateo Ruiz", "--due") == set()


def test_an_entry_has_one_owner(base: Path) -> None:
    ran = run_kbtui("--kb", base, "list", "--mine", "--owner", "Mateo Ruiz")
    assert ran.status == ExitCode.USAGE
    assert "not both" in ran.err
