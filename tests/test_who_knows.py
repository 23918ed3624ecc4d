"""Who knows, where the history is young or was brought in: the files say who keeps, confirmed or decides (F50)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.entry.model import Person
from kbtui.errors import RefusedError
from tests.helpers import ANA, BEN, LEAD, git, opened, run_kbtui, write_files
from tests.test_shift import told

MATEO = Person("Mateo Ruiz", "mateo@example.com")
QUESTION = "---\nid: vatnum22\nstate: open\ntags: [invoices]\n---\n# Can we put a VAT number on an old invoice?\n"
FILES = {
    "a.md": """---
id: invoic22
state: validated
tags: [Invoices]
owner: Mateo Ruiz
validated: {by: Priya Nair, on: 2026-01-05, text: 0000000000000000}
---
# How do I get a copy of my invoice?

From your account.
""",
    "b.md": """---
id: waive222
tags: [invoices]
authority:
  action: waive a fee
  currency: EUR
  limits:
    - {role: shift lead, up_to: 20, people: [Sam Poole]}
  above: Head of service
---
# May I waive a fee on an invoice?

Yes.
""",
    "c.md": "---\nid: ovensx22\nowner: Otto Far\n---\n# How do I clean the oven?\n\nWith a cloth.\n",
    "q.md": QUESTION,
}


@pytest.fixture
def brought_in(tmp_path: Path) -> Path:
    """Return a base that was brought in whole: its history names nobody who wrote any of it."""
    root = tmp_path / "brought in"
    write_files(root, FILES)
    assert run_kbtui("init", root, env={"KBTUI_PERSON": str(LEAD)}).status == 0
    return root


def _who(base: Path, by: Person = BEN) -> dict[str, str]:
    with opened(base, {"KBTUI_PERSON": str(by)}) as knowledge:
        return {each.person.name: each.because for each in knowledge.who_knows("vatnum22")}


def test_files_name_who_confirmed_who_keeps_and_who_decides(brought_in: Path) -> None:
    assert _who(brought_in) == {
        "Priya Nair": "confirmed “How do I get a copy of my invoice?”, about invoices too",
        "Mateo Ruiz": "keeps “How do I get a copy of my invoice?”, about invoices too",
        "Sam Poole": "may decide in “May I waive a fee on an invoice?”, about invoices too",
    }


def test_what_is_about_something_else_names_nobody(brought_in: Path) -> None:
    assert "Otto Far" not in _who(brought_in)
    write_files(brought_in, {"a.md": "---\nid: invoic22\n---\n# Why?\n\nSo.\n", "b.md": "---\n---\n# How?\n\nSo.\n"})
    assert _who(brought_in) == {}


def test_whoever_asks_is_not_told_to_ask_themselves(brought_in: Path) -> None:
    """Whether the file or the history names them, and whatever history has of them."""
    assert "Mateo Ruiz" not in _who(brought_in, MATEO)


def test_a_name_in_a_file_is_the_colleague_whom_the_history_has_under_it(brought_in: Path) -> None:
    write_files(brought_in, {"d.md": "---\nid: dddddd22\n---\n# Is it open on Sunday?\n\nNo.\n"})
    git(brought_in, "add", ".")
    git(brought_in, "commit", "-qm", "d", by=MATEO)
    with opened(brought_in, {"KBTUI_PERSON": str(BEN)}) as knowledge:
        found = [each.person for each in knowledge.who_knows("vatnum22") if each.person.name == MATEO.name]
    assert found == [MATEO]


def test_a_question_reaches_somebody_whom_only_a_file_names(brought_in: Path) -> None:
    """By their name: that is all the team has of them until they save something themselves."""
    sent = run_kbtui("send", "vatnum22", "Ruiz", "--json", cwd=brought_in, env={"KBTUI_PERSON": str(BEN)})
    assert sent.status == 0, sent.err
    assert told(brought_in, MATEO)["sent"] == ["Can we put a VAT number on an old invoice?"]
    assert "sent" not in told(brought_in, ANA)


def test_namesakes_are_told_apart_by_their_addresses(brought_in: Path) -> None:
    for number in (1, 2):
        write_files(brought_in, {f"n{number}.md": f"---\nid: namesk2{number}\n---\n# N{number}?\n\nNo.\n"})
        git(brought_in, "add", ".")
        git(brought_in, "commit", "-qm", "n", by=Person("Mateo Ruiz", f"mateo{number}@example.com"))
    with opened(brought_in, {"KBTUI_PERSON": str(BEN)}) as knowledge:
        assert Person("Mateo Ruiz", "") in [each.person for each in knowledge.who_knows("vatnum22")]
        with pytest.raises(RefusedError, match="Several people are called"):
            knowledge.send("vatnum22", "Mateo Ruiz")


@pytest.mark.parametrize("name", ["", "  ", "nobody at all"])
def test_who_is_not_there_cannot_be_sent_anything(brought_in: Path, name: str) -> None:
    with opened(brought_in) as knowledge, pytest.raises(RefusedError, match="Nobody of this team"):
        knowledge.send("vatnum22", name)
