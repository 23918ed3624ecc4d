"""Weaknesses of the search that are known and not mended yet, each as the test that showed it.

They stand in `known_weaknesses.txt`, one test a line. One that begins to pass makes the suite
fail (`xfail_strict` in pyproject.toml), so that it is taken off the list and cannot come back unseen.
"""

from __future__ import annotations

from pathlib import Path

import pytest

_LIST = Path(__file__).with_name("known_weaknesses.txt")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    known = set(_LIST.read_text("utf-8").splitlines())
    for item in items:
        if item.nodeid in known:
            item.add_marker(pytest.mark.xfail(reason="a known weakness of the search"))
