"""The main job in a terminal, from the caller's words to the names behind an answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kbtui.errors import ExitCode
from tests.helpers import ANA, BEN, LEAD, REFUND, git, harmless, in_head, journal_of, run_kbtui, status, write_files

ANAS = {"KBTUI_PERSON": str(ANA)}
BENS = {"KBTUI_PERSON": str(BEN)}


def test_search_ask_answer_find_history_credit(base: Path) -> None:
    nothing = run_kbtui("search", "spare", "parts", cwd=base, env=ANAS)
    assert nothing.status == 0
    assert nothing.out.splitlines() == ["Nothing found for: spare parts", "Ask the team with: kbtui ask 'spare parts'"]

    asked = run_kbtui("ask", "Do you sell", "spare parts?", cwd=base, env=ANAS)
    assert (asked.status, asked.err) == (0, "")
    words, _, entry_id = asked.out.strip().rpartition(" · ")
    assert words == "Saved: Do you sell spare parts?"

    answered = run_kbtui("answer", entry_id, cwd=base, env=BENS, input="Yes.\n\nAsk for the list: größer.\n")
    assert (answered.status, answered.err) == (0, "")

    found = run_kbtui("search", "spare parts", cwd=base)
    assert found.out.splitlines()[0] == "~ Do you sell spare parts?"
    assert entry_id in found.out
    assert "1 of 1" in found.out

    shown = run_kbtui("show", entry_id, cwd=base)
    assert "Ask for the list: größer." in shown.out
    assert "not validated" in shown.out

    assert run_kbtui("confirm", entry_id, cwd=base, env={"KBTUI_PERSON": str(LEAD)}).status == 0
    history = run_kbtui("history", entry_id, cwd=base).out.splitlines()
    assert history[0] == "Do you sell spare parts?"
    assert [line.split("  ", 1)[1] for line in history[1:]] == [
        "Lena Lead confirmed it; confirmed by Lena Lead",
        "Ben Okoro answered it",
        "Ana Kovacs asked this question",
    ] or [line.split("  ", 1)[1] for line in history[1:]] == [
        "Lena Lead confirmed it",
        "Ben Okoro answered it",
        "Ana Kovacs asked this question",
    ]
    credit = run_kbtui("credit", entry_id, cwd=base).out.splitlines()
    assert credit[1:4] == ["Asked by: Ana Kovacs", "Answered by: Ben Okoro", "Confirmed by: Lena Lead"]
    assert status(base) == ""


def test_new_and_edit(base: Path) -> None:
    options = (
        "--answer",
        "-",
        "--internal",
        "See Admin.",
        "--tag",
        "parts",
        "--tag",
        "orders",
        "--asked-as",
        "got bits",
    )
    new = run_kbtui(
        "new",
        "Do you sell parts?",
        *options,
        "--owner",
        "Mateo",
        "--topic",
        "orders",
        "--json",
        cwd=base,
        env=ANAS,
        input="Yes.",
    )
    assert new.status == 0, new.err
    saved = new.json
    assert saved["saved"] == "Saved"
    assert saved["is_committed"] is True
    edited = run_kbtui(
        "edit",
        saved["id"],
        "--answer",
        "No longer.",
        "--asked-as",
        "any bits",
        "--check-by",
        "2027-03-31",
        cwd=base,
        env=BENS,
    )
    assert (edited.status, edited.err) == (0, "")
    shown = run_kbtui("show", saved["id"], "--json", cwd=base).json["entry"]
    assert (shown["question"], shown["answer"], shown["internal"]) == ("Do you sell parts?", "No longer.", "See Admin.")
    assert (shown["tags"], shown["asked_as"]) == (["parts", "orders"], ["got bits", "any bits"])
    assert (shown["owner"], shown["check_by"]) == ("Mateo", "2027-03-31")
    assert saved["path"].startswith("orders/")


def test_edit_takes_a_whole_file_from_input_a_file_or_an_editor(base: Path, tmp_path: Path) -> None:
    there = (base / REFUND).read_text()
    piped = run_kbtui("edit", "refund22", cwd=base, env=ANAS, input=there.replace("Five", "Six"))
    assert piped.status == 0, piped.err
    assert "Six working days" in (base / REFUND).read_text()
    file = tmp_path / "mine.md"
    file.write_text(there.replace("Five", "Seven"))
    assert run_kbtui("edit", "refund22", "--file", file, cwd=base, env=ANAS).status == 0
    assert "Seven working days" in (base / REFUND).read_text()
    missing = run_kbtui("edit", "refund22", "--file", tmp_path / "none", cwd=base, env=ANAS)
    assert missing.status == ExitCode.REFUSED
    assert "cannot be read" in missing.err


def test_two_people_in_two_terminals(base: Path) -> None:
    """FAULTS 41: Two versions kept, a lead will choose."""
    for env, answer in ((ANAS, "Ten elephants."), (BENS, "Three giraffes.")):
        text = (base / REFUND).read_text() if env is ANAS else None
        if text:
            (base.parent / "opened.md").write_text(text)
        opened = (base.parent / "opened.md").read_text()
        assert "Five working days" in opened
        ran = run_kbtui("edit", "refund22", "--answer", answer, cwd=base, env=env)
        assert ran.status == 0, ran.err
    assert "Three giraffes." in run_kbtui("show", "refund22", cwd=base).out


def test_a_save_in_an_unfinished_merge_waits_with_an_exit_code_of_its_own(base: Path) -> None:
    """FAULTS 16, 19: the words are safe, and the command says that they are not shared yet."""
    git(base, "checkout", "-q", "--detach")
    ran = run_kbtui("ask", "Do you sell spare parts?", cwd=base, env=ANAS)
    assert ran.status == ExitCode.WAITING
    assert "Saved on this computer" in ran.out
    assert "safe" in ran.err
    assert len(journal_of(base).pending()) == 1
    git(base, "checkout", "-q", "main")
    assert run_kbtui("search", "spare parts", cwd=base).status == 0
    assert journal_of(base).pending() == []
    assert status(base) == ""


def test_what_a_crash_interrupted_is_finished_by_the_next_command(base: Path) -> None:
    from tests.git.saves import NEW, NEW_WORDS
    from tests.helpers import record

    journal_of(base).keep(record(NEW, NEW_WORDS, save_id="one"))
    assert "spare parts" in run_kbtui("search", "spare parts", cwd=base).out
    assert in_head(base, NEW) == NEW_WORDS


def test_list_and_its_filters(base: Path) -> None:
    lines = run_kbtui("list", cwd=base).out.splitlines()
    assert len(lines) == 6
    assert lines[-1] == "5 entries"
    assert run_kbtui("list", "--state", "open", cwd=base).out.splitlines()[-1] == "1 entry"
    assert [each["id"] for each in run_kbtui("list", "--tag", "refunds", "--json", cwd=base).json["entries"]] == [
        "refund22"
    ]


@pytest.mark.parametrize("command", [("show", "evil"), ("list",), ("search", "evil"), ("history", "evil"), ("check",)])
@pytest.mark.parametrize("as_json", [False, True])
def test_nothing_but_printable_text_reaches_the_terminal(
    hostile: Path, command: tuple[str, ...], as_json: bool
) -> None:
    """FAULTS 72: https://github.com/tui-cs/Terminal.Gui/issues/5217, https://github.com/vercel/ai/pull/20052."""
    ran = run_kbtui(*command, *(["--json"] if as_json else []), cwd=hostile)
    assert "Traceback" not in ran.err
    assert harmless(ran.out), ascii(ran.out)
    assert harmless(ran.err), ascii(ran.err)
    assert ran.out.strip()
    if as_json:
        json.loads(ran.out)


@pytest.fixture(scope="module")
def _evil(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | bytes]:
    odd = "\x1b]52;c;aGk=\x07 \x1b[2J \x9b31m \u202e \u200b \x00 \x1b]8;;http://x\x1b\\y"
    header = f'---\nid: evil2222\ntags: ["evil{odd.encode("unicode_escape").decode()}"]\nowner: "x \\u202e y"\n---\n'
    return {
        "evil.md": f"{header}# evil {odd}\n\n{odd}\n\n[{odd}](gone{odd}.md)\n".encode(),
        "evil\u202e\x9b name.md": "# evil name\n",
        "bro\x1bken.md": "---\nevil\n",
    }


@pytest.fixture
def hostile(base: Path, _evil: dict[str, str | bytes]) -> Path:
    """Return a base in which everything is hostile: entries, names of files, names of people, messages."""
    write_files(base, _evil)
    git(base, "add", "--all")
    author = type(ANA)("Eve \x1b]52;c;aGk=\x07 \x9b31m \u202e", "e\x1b[2J@x")
    git(base, "commit", "-qm", "evil \x1b[2J\n\nCo-authored-by: Mal \x1b[2J \u202e <m@x>", by=author)
    return base
