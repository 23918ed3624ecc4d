"""Where a base needs care, the most wanted first (F45), and bars that need no colour."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.knowledge import Knowledge
from kbtui.team.bars import bar
from kbtui.team.health import Measure
from tests.helpers import write_files

pytestmark = pytest.mark.usefixtures("person")


def _by_name(measures: list[Measure]) -> dict[str, list[tuple[str, str]]]:
    return {each.name: [(concern.id, concern.about) for concern in each.concerns] for each in measures}


def test_what_is_known_at_once(base: Path, knowledge: Knowledge) -> None:
    write_files(base, {"due.md": "---\nid: dueone22\ncheck_by: 2020-01-01\nowner: Ana\n---\n# Is it due?\n\nYes.\n"})
    write_files(base, {"more.md": "---\nid: openqu33\nstate: open\n---\n# Is it open?\n"})
    knowledge.refresh()
    knowledge.join("openqu33")
    knowledge.used("errcod22")
    knowledge.flag("passwd22", "the page has moved")
    assert _by_name(knowledge.health()) == {
        "unanswered": [("openqu33", "2 callers wait"), ("openqu22", "1 caller waits")],
        "flagged": [("passwd22", "the page has moved")],
        "due": [("dueone22", "by 2020-01-01")],
        "unowned": [("errcod22", "used once"), ("passwd22", "")],
    }


def test_what_takes_a_look_at_every_entry(base: Path, knowledge: Knowledge) -> None:
    twins = {f"t{n}.md": f"---\nid: twinno2{n}\n---\n# How do I cancel my subscription?\n\nOnline.\n" for n in (2, 3)}
    linked = "---\nid: linked22\nreplaced_by: gone2222\n---\n# Links?\n\n[a](t2.md) [b](moved-twinno23.md) [c](no.md)\n"
    write_files(base, twins | {"l.md": linked})
    knowledge.refresh()
    found = _by_name(knowledge.examine())
    assert ("twinno22", "and: How do I cancel my subscription? (twinno23)") in found["duplicates"]
    assert [name for name, _ in found["broken_links"]] == ["linked22", "linked22"]
    assert {about.partition(": ")[2] for _, about in found["broken_links"]} == {
        "it is replaced by gone2222, which is not there",
        "the link to no.md leads nowhere",
    }


@pytest.mark.parametrize(
    ("number", "most", "shown"), [(8, 8, "████"), (4, 8, "██"), (1, 1000, "▏"), (0, 8, ""), (0, 0, ""), (3, 8, "█▌")]
)
def test_a_bar_is_as_long_as_its_share(number: int, most: int, shown: str) -> None:
    assert bar(number, most, 4) == shown
