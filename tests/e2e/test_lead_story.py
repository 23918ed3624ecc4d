"""A lead's whole story (issue 7): in a real terminal, and again with plain git and nothing else.

Both end with the same: what was flagged is mended, the words are validated and everybody sees it,
the duplicate is one entry, the writer has a note and a thank-you, and the queue is empty.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.terminal import DOWN, ENTER, ESCAPE, Terminal, ctrl, terminal
from tests.helpers import ANA, BEN, LEAD, PASSWORD, REFUND, Ran, git, run_kbtui, status, write_files

F12, HOME = "\x1b[24~", "\x1b[H"
TWIN = "How do I reset a lost password?"
AS_ANA, AS_BEN, AS_LEAD = ({"KBTUI_PERSON": str(person)} for person in (ANA, BEN, LEAD))


def kbtui(base: Path, env: dict[str, str], *arguments: str) -> Ran:
    ran = run_kbtui("--kb", base, *arguments, env=dict(env))
    assert ran.status == 0, ran.err
    return ran


@pytest.fixture
def base(base: Path) -> Path:
    """Return a base after a week: an answer improved since it was confirmed, and flagged; one question asked twice."""
    kbtui(base, AS_LEAD, "confirm", REFUND)
    kbtui(base, AS_ANA, "edit", REFUND, "--answer", "Ten working days after your parcel has reached us.")
    kbtui(base, AS_BEN, "flag", REFUND, "it is twelve since May")
    kbtui(base, AS_ANA, "new", TWIN, "--answer", "Ask for a link.", "--tag", "link")
    for _ in range(3):
        kbtui(base, AS_BEN, "used", PASSWORD)
    return base


def queue(base: Path) -> dict[str, list[str]]:
    """Return the kinds of reasons for which entries are in the queue, by their question."""
    places = kbtui(base, AS_LEAD, "review", "--json").json["places"]
    return {place["card"]["question"]: [reason["kind"] for reason in place["reasons"]] for place in places}


def state(base: Path, name: str) -> str:
    shown = kbtui(base, AS_BEN, "show", name, "--json").json["state"]
    assert isinstance(shown, str)
    return shown


def _done(it: Terminal, keys: str, said: str) -> None:
    """Press keys and wait for what the status line says, and until the queue stands still."""
    it.send(keys)
    it.see(said)
    it.quiet()


def test_in_a_terminal(base: Path) -> None:
    with terminal(base, env=AS_LEAD) as it:
        it.see("6 entries")
        it.send(F12)
        it.see("3 of 3 to look at")
        it.see("Ben Okoro flagged it on")
        it.see("[-Five-]{+Ten+} working days")
        _done(it, "t", "Thanked")
        it.send("e")
        it.see("Say this to the caller")
        it.send("\x1b[1;5H")  # to the beginning of the answer
        it.type("Twelve, not these: ", seen="Twelve, not these: Ten working days")
        it.send(ctrl("s"))
        it.see("Saved: How long does a refund take?")
        it.see("to look at")
        it.quiet()
        _done(it, "v", "Saved: How long does a refund take?")
        _done(it, "k", "The flag is closed")
        it.gone("Ben Okoro flagged it")
        it.see("2 of 2 to look at")
        it.until(lambda: "How do I reset my password?" in it.lines[0], "the other one to be first")
        it.see("nobody has ever checked it")
        _done(it, HOME, "• used 3 times")
        _done(it, DOWN, "• it may be the same as “How do I reset my password?”")
        it.send("n")
        it.see("What would make it better?")
        it.type("Say where the link is")
        _done(it, ENTER, "Note left for Ana Kovacs")
        it.send("m")
        it.see("Merge it into which one?")
        _done(it, ENTER, "Merged")
        it.see("1 of 1 to look at")
        _done(it, "v", "Nothing wants a look")
        it.send(ESCAPE)
        it.see("What does the caller ask?")
        it.send(ctrl("q"))
        assert it.end() == 0
        assert it.is_sane()
    news = kbtui(base, AS_ANA, "news").out
    assert "Lena Lead writes to you about How do I reset a lost password?: Say where the link is" in news
    assert "Thank you from Lena Lead" in news
    assert (state(base, REFUND), state(base, PASSWORD)) == ("validated", "validated")
    trust = kbtui(base, AS_BEN, "trust", REFUND, "--json").json
    assert trust["commit"] in git(base, "log", "--format=%H", "--", REFUND)
    assert TWIN in kbtui(base, AS_BEN, "show", PASSWORD).out
    credit = kbtui(base, AS_BEN, "credit", PASSWORD).out
    assert "Asked by: Ana Kovacs" in credit
    assert "Confirmed by: Lena Lead" in credit
    assert queue(base) == {}
    assert status(base) == ""


def test_monday_morning_in_a_terminal(base: Path, tmp_path: Path) -> None:
    """F31, F32, F44, F47: a note from the sample, what was known, and the pack for the meeting, with keys alone."""
    kbtui(base, AS_BEN, "search", "zzyzx", "--note-miss")
    folder = tmp_path / "monday"
    folder.mkdir()
    with terminal(base, env=AS_LEAD) as it:
        it.see("6 entries")
        it.send(F12)
        it.see("to look at")
        it.quiet()
        it.send("s")
        it.see("looked at")
        it.see(f"~ {TWIN}")
        it.quiet()
        it.until(lambda: _choose(it, TWIN), "the mark to be on what Ana wrote")
        it.send("2")
        it.see("2 better Does it say all")
        it.send("n")
        it.see("About: complete.")
        it.type("Say where the link is")
        _done(it, ENTER, "Note left for Ana Kovacs")
        it.send(DOWN)
        it.quiet()
        _done(it, "g", "Noted: good as it is")
        it.send(ESCAPE)
        it.see("to look at")
        it.send(ESCAPE)
        it.see("What does the caller ask?")
        it.send(ctrl("p"))
        it.see("Search for commands")
        it.type("Known or new")
        it.see("by a sample")
        it.send(ENTER)
        it.see("were known, between")
        it.see("1 with “?” counts as new")
        it.quiet()
        _done(it, "n", "Noted: new")
        it.see("new zzyzx")
        it.send(ESCAPE)
        it.see("What does the caller ask?")
        it.send("\x1b[20~")  # f9
        it.see("in practice")
        it.send("m")
        it.see("3 calls answered · Most reused")
        it.send("w")
        it.see("Where shall it be put?")
        it.send("\x1b[H" + ctrl("k"))
        it.type(str(folder), seen="monday")
        it.send(ENTER)
        it.see("The pack is written.")
        it.send(ESCAPE)
        it.quiet()
        it.send(ctrl("q"))
        assert it.end() == 0
        assert it.is_sane()
    (page, text) = sorted(folder.iterdir())
    assert page.read_bytes().startswith(b"<!DOCTYPE html>")
    assert "[3](#reused) calls answered" in text.read_text("utf-8")
    assert "(complete) Say where the link is" in kbtui(base, AS_ANA, "news").out
    told = kbtui(base, AS_BEN, "sample", "--json").json
    assert [each["verdict"] for each in told["questions"] if each["words"] == "zzyzx"] == ["new"]
    assert "Lena Lead: good as it is" in kbtui(base, AS_BEN, "spot-check").out
    assert status(base) == ""


def _choose(it: Terminal, question: str) -> bool:
    """Move the mark until an entry's words are shown below the checklist; whether they are."""
    below = it.lines[next(place for place, line in enumerate(it.lines) if "A number marks" in line) :]
    if any(question in line for line in below):
        return True
    it.send(DOWN)
    it.quiet()
    return False


def test_with_plain_git_and_nothing_else(base: Path, tmp_path: Path) -> None:
    assert queue(base) == {
        "How long does a refund take?": ["flag", "changed"],
        "How do I reset my password?": ["never-checked", "twin"],
        TWIN: ["twin"],
    }
    git(tmp_path, "clone", "-q", str(base), "lead")
    lead = tmp_path / "lead"
    twin = next(path for path in lead.rglob("*.md") if TWIN in path.read_text("utf-8"))

    # a pull request: what the host shows beside its lines, then the reviewer's word for exactly these words
    git(lead, "checkout", "-q", "-b", "twelve")
    text = (lead / REFUND).read_text("utf-8")
    write_files(
        lead, {REFUND: text.replace("Ten working", "Twelve working").replace("\n## Internal", "\n[gone](x.md)")}
    )
    shown = run_kbtui("check", "--annotate", "github", cwd=lead)
    assert f"::warning file={REFUND},line=1,title=kbtui check::Lena Lead confirmed other words" in shown.out
    assert "the link to x.md leads nowhere" in shown.out
    write_files(lead, {REFUND: text.replace("Ten working", "Twelve working")})
    git(lead, "commit", "-qam", "Twelve", by=ANA)
    git(lead, "checkout", "-q", "main")
    git(lead, "merge", "-q", "--squash", "twelve")
    git(lead, "commit", "-qm", f"Twelve (#7)\n\nReviewed-by: {LEAD}\n", by=ANA)

    # two entries made one, and one confirmed, in a text editor
    words = (lead / PASSWORD).read_text("utf-8")
    words = words.replace("state: not-validated", f"state: validated\nasked_as:\n  - {TWIN}")
    gone = twin.read_text("utf-8").replace("state: not-validated", "state: archived\nreplaced_by: passwd22")
    write_files(lead, {PASSWORD: words, twin.relative_to(lead).as_posix(): gone})
    git(lead, "commit", "-qam", "One entry, and it is right")

    # everybody has it with the next sync
    git(base, "pull", "-q", "--ff-only", str(lead), "main")
    kbtui(base, AS_LEAD, "close-flags", REFUND)
    kbtui(base, AS_LEAD, "thank", REFUND, "well seen")
    assert queue(base) == {}
    assert (state(base, REFUND), state(base, PASSWORD)) == ("validated", "validated")
    assert "Lena Lead reviewed exactly these words in git" in kbtui(base, AS_BEN, "trust", REFUND).out
    assert "Lena Lead reviewed exactly these words in git" in kbtui(base, AS_BEN, "trust", PASSWORD).out
    found = kbtui(base, AS_BEN, "search", "state:validated", "lost password", "--json").json["hits"]
    assert [hit["card"]["path"] for hit in found][:1] == [PASSWORD]
    assert "Thank you from Lena Lead, for How long does a refund take?: well seen" in kbtui(base, AS_ANA, "news").out
    assert status(base) == ""
