"""A rep's whole story in a real terminal (issue 5): found, copied, used; asked, joined, answered, killed, credited."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from tests.e2e.terminal import ENTER, ESCAPE, Terminal, ctrl, terminal
from tests.helpers import ANA, BEN, OPEN_QUESTION, REFUND, git, run_kbtui

CARD = "4111 1111 1111 1111"
MASKED = "411111xxxxxx1111"
QUESTION = "do you ship to islands"
FAR = {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22", "TMUX": None, "TERM_PROGRAM": None}
"""A terminal far away, which is told to copy, so that the test sees what is copied."""

AS_ANA, AS_BEN = {"KBTUI_PERSON": str(ANA), **FAR}, {"KBTUI_PERSON": str(BEN), **FAR}


def copied(it: Terminal) -> str:
    """Return what the terminal was last told to put into the clipboard."""
    found = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", it.written)
    return base64.b64decode(found[-1]).decode() if found else ""


def holds_a_card(folder: Path) -> list[Path]:
    """Return the files below a folder that hold the card number, in any spelling it was typed in."""
    wanted = (CARD.encode(), CARD.replace(" ", "").encode())
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(each in path.read_bytes() for each in wanted)]


def test_a_known_answer_is_found_copied_and_noted_as_used(base: Path) -> None:
    with terminal(base, env=AS_ANA) as it:
        it.see("5 entries")
        it.type("refund take", seen="How long does a refund take?")
        it.send(ENTER)
        it.see("Look in Admin, Refunds.")
        it.send("c")
        it.see("Copied through the terminal")
        assert copied(it).startswith("Five working days")
        assert "Admin" not in copied(it)
        it.send("u")
        it.see("Noted: used once (1 this week)")
        it.send(ESCAPE)
        it.see("used once (1 this week) · today")
        it.send(ctrl("q"))
        assert it.end() == 0
        assert it.is_sane()
    shown = run_kbtui("--kb", base, "show", "refund22", "--json").json
    assert shown["demand"]["used"] == 1


def test_what_a_terminal_sends_in_one_go_lands_in_the_boxes_it_opens(base: Path) -> None:
    """As from a slow line, or a paste that the terminal does not bracket: x would archive the entry, u count a use."""
    with terminal(base, env=AS_ANA) as it:
        it.see("5 entries")
        it.type("refund take", seen="How long does a refund take?")
        it.quiet()
        it.send(f"{ENTER}fmixed up, x{ENTER}i")
        it.see("What could we do better?")
        it.paste("print the")
        it.send(f" label{ENTER}")
        it.see("Idea raised")
        it.send("f\x1b[200~it is\x1b[201~ out of date")
        it.see("it is out of date")
        it.send(ENTER)
        it.see("! Ana Kovacs: it is out of date")
        it.send(ctrl("q"))
        assert it.end() == 0
    shown = run_kbtui("--kb", base, "show", "refund22", "--json").json
    assert [flag["reason"] for flag in shown["demand"]["flags"]] == ["mixed up, x", "it is out of date"]
    assert shown["demand"]["used"] == 0
    assert "state: archived" not in (base / REFUND).read_text()


def test_an_unknown_question_is_asked_in_two_keys_and_joined_in_one(base: Path) -> None:
    with terminal(base, env=AS_ANA) as it:
        it.see("5 entries")
        it.type(QUESTION)
        it.send(ctrl("o"))
        it.see("Question, in the caller's words")
        it.send(ctrl("s"))
        it.see(f"Saved: {QUESTION}")
        it.send(ctrl("q"))
        assert it.end() == 0
    with terminal(base, env=AS_BEN) as it:
        it.see("entries")
        it.type("shipping to islands", seen=QUESTION)
        it.see("1 caller waiting")
        it.see("1 of 1")  # the hits are those of the words, not what was there before them
        it.send(ctrl("t"))
        it.see("Joined: 2 callers waiting")
        it.send(ctrl("q"))
        assert it.end() == 0
    found = run_kbtui("--kb", base, "search", "islands", "--json").json["hits"][0]
    assert found["card"]["question"] == QUESTION
    assert found["waiting"] == 2
    assert "shipping to islands" in found["card"]["asked_as"]


def test_an_answer_with_a_card_number_killed_while_typing_is_saved_found_and_credited(base: Path) -> None:
    with terminal(base, env=AS_BEN) as it:
        it.see("5 entries")
        it.type("voucher", seen="Can I pay with a voucher from another shop?")
        it.send(ENTER)
        it.see("a Answer")
        it.send("a")
        it.see("Say this to the caller")
        it.paste(f"No. Take the card, such as {CARD}, instead.")
        it.see("looks like a card number")
        it.send(ctrl("s"))
        it.see("Not saved: the answer, line 1, holds what looks like a card number")
        it.send(ctrl("g"))
        it.see(MASKED)
        it.type(" Or a bank transfer.")
        it.until(lambda: "kept as you type" in it.picture and _is_kept(base, "bank transfer"), "the draft to be kept")
        it.kill()
    with terminal(base, env=AS_BEN) as it:
        it.see("unsaved: 1 to finish")
        it.send(ctrl("f"))
        it.see("1 to finish")
        it.send(ENTER)
        it.see("Or a bank transfer.")
        it.send(ctrl("s"))
        it.see("Saved: Can I pay with a voucher from another shop?")
        it.type("bank transfer", seen="Can I pay with a voucher from another shop?")
        it.send(ctrl("q"))
        assert it.end() == 0
    credit = run_kbtui("--kb", base, "credit", OPEN_QUESTION).out
    assert "Answered by: Ben Okoro" in credit
    assert run_kbtui("--kb", base, "drafts").out.startswith("0 to finish")
    assert holds_a_card(base.parent) == []
    assert git(base, "grep", "-c", MASKED, "HEAD", "--", OPEN_QUESTION)


def _is_kept(base: Path, words: str) -> bool:
    drafts = run_kbtui("--kb", base, "drafts", "--json").json["drafts"]
    return any(words in draft["answer"] for draft in drafts)


def test_two_windows_see_each_other(base: Path) -> None:
    """What one saves shows up in the other by itself, and the open entry says so (FAULTS 5)."""
    with terminal(base, env=AS_ANA) as reader:
        reader.see("5 entries")
        reader.type("refund", seen="How long does a refund take?")
        reader.send(ENTER)
        reader.see("Five working days")
        run_kbtui("--kb", base, "edit", "refund22", "--answer", "Ten days now.", env={"KBTUI_PERSON": str(BEN)})
        reader.see("Ben Okoro has changed this entry: r shows it as it is now")
        reader.send("r")
        reader.see("Ten days now.")
        reader.send(ctrl("q"))
        assert reader.end() == 0
    assert "Ten days now." in git(base, "show", f"HEAD:{REFUND}")
