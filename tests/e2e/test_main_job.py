"""From a question nobody could answer to an answer everybody has, as a rep and a colleague do it."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.terminal import ENTER, TAB, Terminal, ctrl, terminal
from tests.helpers import OPEN_QUESTION, Ran, commits, git, run_kbtui, status

QUESTION = "can I pay with a cheque"
ANSWER = "No, we take cards and transfers."


def line_mode(base: Path, *arguments: str) -> Ran:
    """Run the line mode, as a colleague on the same base does, and insist that it works."""
    ran = run_kbtui("--kb", base, *arguments)
    assert ran.status == 0, ran.err
    return ran


def test_a_question_is_asked_found_answered_and_credited(base: Path) -> None:
    before = commits(base)
    with terminal(base) as it:
        it.see("5 entries")
        it.type(QUESTION)
        it.see("Can I pay with a voucher from another shop?")
        it.send(ctrl("o"))
        it.see("Question, in the caller's words")
        it.send(ctrl("s"))
        it.see("What is your name?")
        it.type("Ana Kovacs")
        it.send(ENTER)
        it.see(f"Saved: {QUESTION}")
        it.see("Ana Kovacs · Small base")

        hits = line_mode(base, "search", QUESTION, "--json").json["hits"]
        card = hits[0]["card"]
        assert (card["question"], card["state"]) == (QUESTION, "open")
        assert "open question" in line_mode(base, "search", "cheque").out

        it.type("cheque", seen="open question")
        it.see("Nobody has answered this yet.")
        it.send(ENTER)
        it.see("a Answer")
        it.send("a")
        it.see("Say this to the caller")
        it.type(ANSWER)
        it.send(TAB)
        it.type("Ask Lena about old cheques.")
        it.send(ctrl("s"))
        it.see(f"Saved: {QUESTION}")
        it.send(ctrl("q"))
        assert it.end() == 0
        assert it.is_sane()

    name = card["id"]
    shown = line_mode(base, "show", name).out
    assert ANSWER in shown
    assert "not validated" in shown
    assert ANSWER in line_mode(base, "search", "cheque").out
    history = line_mode(base, "history", name).out.splitlines()
    assert history[0] == QUESTION
    assert "Ana Kovacs answered it" in history[1]
    assert "Ana Kovacs asked this question" in history[2]
    credit = line_mode(base, "credit", name).out
    assert "Asked by: Ana Kovacs" in credit
    assert "Answered by: Ana Kovacs" in credit
    assert commits(base) == before + 2
    assert git(base, "log", "-2", "--format=%an|%cn|%s").splitlines() == [
        "Ana Kovacs|Ana Kovacs|Answer a question",
        "Ana Kovacs|Ana Kovacs|Ask a question",
    ]
    assert git(base, "log", "-1", "--format=%(trailers:key=Kb-Entry,valueonly)").strip() == name
    assert status(base) == ""
    assert line_mode(base, "drafts").out.startswith("0 to finish")


def test_saving_and_leaving_at_once_loses_nothing(base: Path) -> None:
    """ctrl+s and ctrl+q faster than any program can follow; what was begun is finished, now or at the next start."""
    with terminal(base, env={"KBTUI_PERSON": "Ana Kovacs"}) as it:
        it.see("5 entries")
        it.type("zeppelin", seen="Nobody has written")
        it.send(ctrl("n"))
        it.see("Say this to the caller")
        it.send("By rope." + ctrl("s") + ctrl("q"))
        assert it.end() == 0
        assert it.is_sane()
    kept = line_mode(base, "drafts").out
    found = line_mode(base, "search", "zeppelin").out
    assert "By rope." in found or "zeppelin" in kept


def test_the_screen_and_the_line_mode_say_the_same(base: Path) -> None:
    with terminal(base) as it:
        it.see("5 entries")
        it.type("refund", seen="How long does a refund take?")
        it.see("2 of 2")
        cards = [hit["card"]["question"] for hit in line_mode(base, "search", "refund", "--json").json["hits"]]
        it.until(lambda: _rows(it) == cards, f"the rows {cards}")
        it.send(ctrl("q"))
        assert it.end() == 0


def test_an_open_question_is_on_the_first_screen(base: Path) -> None:
    with terminal(base) as it:
        it.see("5 entries")
        it.see("? Can I pay with a voucher from another shop?")
        it.send(ENTER)
        it.see(OPEN_QUESTION)
        it.send(ctrl("q"))
        assert it.end() == 0


def _rows(it: Terminal) -> list[str]:
    """Return the questions of the rows on the screen."""
    return [line.strip()[2:] for line in it.lines if line.strip()[:2] in ("~ ", "? ", "× ", "✓ ")]
