"""The fault table of docs/reliability.md: every fault of the list has a test, and the table says how it ended."""

from __future__ import annotations

import runpy
from pathlib import Path

from tests.helpers import CHECKOUT

_MADE_BY = runpy.run_path(str(CHECKOUT / "docs" / "make_reliability.py"))


def test_every_fault_is_named_by_a_test() -> None:
    named = {fault for case in _MADE_BY["cases"]() for fault in case.faults}
    assert named == {*map(str, range(1, 81)), *(f"S{number}" for number in range(1, 23))}


def test_the_table_says_how_each_test_ended(tmp_path: Path) -> None:
    """One of several kinds that failed is a failure; what was not run is said, and is no success."""
    junit = tmp_path / "junit.xml"
    junit.write_text(
        '<testsuites><testsuite><testcase classname="tests.test_x" name="test_one[a]"/>'
        '<testcase classname="tests.test_x" name="test_one[b]"><failure/></testcase>'
        '<testcase classname="tests.test_x" name="test_two"/></testsuite></testsuites>'
    )
    case = _MADE_BY["Case"]
    found = [
        case("tests/test_x.py", name, ("7", "S2"), name, ("https://example.com",))
        for name in ("test_one", "test_two", "test_three")
    ]
    table = _MADE_BY["table"](found, _MADE_BY["outcomes"](junit)).splitlines()
    assert [row.split(" | ")[0] for row in table[2:]] == ["| 7", "| S2"]
    assert "| 1 of 3 (failure, not run) | <https://example.com> |" in table[2]
