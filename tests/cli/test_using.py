"""The line mode of use, flags, thanks and open questions, as a rep types it (F12, F17, F23, F24, F39)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kbtui.errors import ExitCode
from tests.events import event, kinds_of, lines_of
from tests.git.unfinished import MERGE, diverge
from tests.helpers import (
    ANA,
    BEN,
    OPEN_QUESTION,
    PASSWORD,
    REFUND,
    Ran,
    commits,
    git,
    parts_of,
    run_kbtui,
    status,
)

CARD = "4111 1111 1111 1111"


def _kbtui(base: Path, *arguments: str, by: object = ANA) -> Ran:
    return run_kbtui(*arguments, cwd=base, env={"KBTUI_PERSON": str(by)})


def _is_nowhere(folder: Path, text: str) -> bool:
    """Whether no file below a folder holds a text, git's store included (its objects are looked at unpacked)."""
    bare = text.replace(" ", "")
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            data = file.read_bytes()
            assert text.encode() not in data, file
            assert bare.encode() not in data, file
    for repository in folder.rglob(".git"):
        blobs = git(repository.parent, "cat-file", "--batch-check", "--batch-all-objects").splitlines()
        for name, kind, _ in map(str.split, blobs):
            if kind == "blob":
                assert text not in git(repository.parent, "cat-file", "blob", name)
    return True


def test_used_counts_and_offers_the_words_that_were_searched(base: Path) -> None:
    ran = _kbtui(base, "used", "refund22", "--query", "my cash back", "--ticket", "T-17")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "Noted: used once (1 this week)",
        "New words for it. Add them: kbtui same-as refund22 'my cash back'",
    ]
    assert '"ticket": "T-17"' in lines_of(base)[0]
    assert status(base) == ""
    assert _kbtui(base, "same-as", "refund22", "my cash back").out.startswith("Saved: ")
    assert "  - my cash back\n" in (base / REFUND).read_text()
    again = _kbtui(base, "used", "refund22", "--query", "My  CASH back")
    assert again.out == "Noted: used 2 times (2 this week)\n"


def test_words_an_entry_knows_change_nothing(base: Path) -> None:
    before = commits(base)
    ran = _kbtui(base, "same-as", "refund22", "Where is my MONEY")
    assert ran.out.startswith("Nothing changed: ")
    assert commits(base) == before


def test_rows_and_entries_say_how_they_are_used(base: Path) -> None:
    """F6, F7."""
    _kbtui(base, "used", "refund22", by=BEN)
    _kbtui(base, "flag", "refund22", "five days is wrong")
    found = _kbtui(base, "search", "how long does a refund take", "--json").json["hits"][0]
    assert {key: found[key] for key in ("used", "used_this_week", "waiting", "flags")} == {
        "used": 1,
        "used_this_week": 1,
        "waiting": 0,
        "flags": 1,
    }
    assert "used once (1 this week), 1 open flag · refund22" in _kbtui(base, "search", "refund").out
    shown = _kbtui(base, "show", "refund22")
    assert "Used once (1 this week), 1 open flag\n" in shown.out
    assert "by Ana Kovacs: five days is wrong\n" in shown.out
    assert _kbtui(base, "show", "refund22", "--json").json["demand"]["flags"][0]["reason"] == "five days is wrong"
    assert _kbtui(base, "flag", "refund22", "--close").out == "The flag is closed\n"
    assert "flag" not in _kbtui(base, "show", "refund22").out
    assert _kbtui(base, "flag", "refund22", "--close").status == ExitCode.REFUSED


def test_a_question_is_joined_as_long_as_it_is_open(base: Path) -> None:
    """F12: the count rises, and there is no second entry."""
    entries = len(_kbtui(base, "list", "--json").json["entries"])
    ran = _kbtui(base, "join-question", "openqu22", "voucher", "from", "the", "other", "shop")
    assert ran.out == "Joined: 2 callers waiting\n"
    assert "  - voucher from the other shop\n" in (base / OPEN_QUESTION).read_text()
    assert _kbtui(base, "join-question", "openqu22", by=BEN).out == "Joined: 3 callers waiting\n"
    assert "open question, 3 callers waiting · openqu22" in _kbtui(base, "search", "other shop voucher").out
    assert len(_kbtui(base, "list", "--json").json["entries"]) == entries
    assert status(base) == ""
    _kbtui(base, "answer", "openqu22", "No.")
    refused = _kbtui(base, "join-question", "openqu22")
    assert refused.status == ExitCode.REFUSED
    assert "kbtui used openqu22" in refused.err
    assert "waiting" not in _kbtui(base, "show", "openqu22").out


def test_thanks_go_to_whoever_wrote_it_and_arrive(base: Path) -> None:
    _kbtui(base, "answer", "openqu22", "No.", by=BEN)
    ran = _kbtui(base, "thank", "openqu22", "saved", "my", "day")
    assert ran.out == "Thanked Ben Okoro\n"
    again = _kbtui(base, "thank", "openqu22")
    assert again.status == ExitCode.REFUSED
    assert "You have thanked Ben Okoro for this already." in again.err
    own = _kbtui(base, "thank", "openqu22", by=BEN)
    assert own.status == ExitCode.REFUSED
    news = _kbtui(base, "news", by=BEN).out
    assert "Thank you from Ana Kovacs, for Can I pay with a voucher from another shop?: saved my day\n" in news
    assert "Thank you" not in _kbtui(base, "news").out
    _kbtui(base, "news", "--mark-seen", by=BEN)
    assert "Thank you" not in _kbtui(base, "news", by=BEN).out


@pytest.mark.parametrize(
    "arguments",
    [
        ("flag", "refund22", f"caller read me {CARD}"),
        ("used", "refund22", "--query", f"refund to {CARD}"),
        ("used", "refund22", "--ticket", CARD),
        ("thank", "refund22", f"for {CARD}"),
        ("join-question", "openqu22", f"pay with {CARD}"),
        ("same-as", "refund22", f"refund to {CARD}"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_card_number_is_refused_and_reaches_no_disk(base: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """F18: in events as at every other door."""
    _kbtui(base, "edit", "refund22", "--owner", "Priya", by=BEN)
    before = commits(base)
    ran = _kbtui(base, *arguments)
    assert ran.status == ExitCode.REFUSED
    assert "411111xxxxxx1111" in ran.err
    assert "--mask" in ran.err
    assert commits(base) == before
    assert _kbtui(base, *arguments, "--mask").status == 0
    assert commits(base) > before
    assert _is_nowhere(tmp_path, CARD)


def test_other_personal_data_stays_only_if_somebody_says_so(base: Path) -> None:
    words = "ask jo.bloggs@gmail.com"
    assert _kbtui(base, "flag", "refund22", words).status == ExitCode.REFUSED
    assert not (base / "events").exists()
    assert _kbtui(base, "flag", "refund22", words, "--allow-personal").status == 0
    assert git(base, "log", "-1", "--format=%(trailers:key=Kb-Guard,valueonly)").strip() == "email"
    _kbtui(base, "flag", "refund22", words, "--mask")
    assert [words in line for line in lines_of(base)] == [True, False]


def test_without_a_name_nothing_is_noted(base: Path) -> None:
    for arguments in (("used", "refund22"), ("flag", "refund22", "old"), ("join-question", "openqu22")):
        ran = run_kbtui(*arguments, cwd=base)
        assert ran.status == ExitCode.NO_PERSON
    assert not (base / "events").exists()
    assert run_kbtui("news", cwd=base).status == 0
    assert run_kbtui("search", "refund", cwd=base).status == 0


@pytest.mark.parametrize("name", ["nothing2", "no such entry.md", "../../etc/passwd"])
def test_an_entry_that_is_not_there(base: Path, name: str) -> None:
    assert _kbtui(base, "used", name).status == ExitCode.NOT_FOUND


def test_in_the_middle_of_a_merge_events_wait_and_arrive_with_the_next_start(base: Path) -> None:
    diverge(base)
    MERGE.begin(base)
    before = status(base)
    ran = _kbtui(base, "used", "refund22")
    assert ran.status == ExitCode.WAITING
    assert ran.out == "Noted: used once (1 this week)\n"
    assert "a merge in this folder" in ran.err
    assert status(base) == before
    assert _kbtui(base, "show", "refund22", "--json").json["demand"]["used"] == 1, "what waits counts"
    git(base, "merge", "--abort")
    _kbtui(base, "search", "refund")
    assert kinds_of(base) == ["used"]
    assert status(base) == ""


def test_the_next_save_takes_waiting_events_along(base: Path) -> None:
    parts_of(base).outbox.keep(event())
    _kbtui(base, "ask", "Do you sell parts?")
    assert kinds_of(base) == ["used"]
    assert status(base) == ""


def test_events_are_no_part_of_an_entry_s_history_and_nothing_to_undo(base: Path) -> None:
    """F41: a use is no writing, and the last change of words is what is undone."""
    _kbtui(base, "edit", "refund22", "--owner", "Priya")
    before = _kbtui(base, "history", "refund22", "--json").json["steps"]
    _kbtui(base, "used", "refund22", by=BEN)
    _kbtui(base, "flag", "refund22", "old", by=BEN)
    assert _kbtui(base, "history", "refund22", "--json").json["steps"] == before
    assert BEN.name not in _kbtui(base, "credit", "refund22").out
    assert _kbtui(base, "undo", by=BEN).status == ExitCode.REFUSED
    assert "Priya" in (base / REFUND).read_text()
    assert _kbtui(base, "undo").status == 0
    assert "Priya" not in (base / REFUND).read_text()
    assert kinds_of(base) == ["used", "flag"]


def test_event_files_are_no_entries(base: Path) -> None:
    before = _kbtui(base, "list").out
    _kbtui(base, "used", "refund22")
    (base / "events" / "note.md").write_text("# Not an entry\n")
    assert _kbtui(base, "list").out == before
    ran = _kbtui(base, "check")
    assert (ran.status, ran.out) == (0, "0 errors, 0 notes\n")
    assert "jsonl" not in _kbtui(base, "search", "ana-kovacs").out


def test_the_much_used_one_comes_first_of_two_alike(base: Path) -> None:
    """F3: the small prior of use, from the events."""
    for name in ("aaaa", "bbbb"):
        (base / f"{name}.md").write_text(f"---\nid: {name}2222\n---\n# Where is parcel {name}?\n\nOn its way.\n")
    search = ("search", "on its way", "--json")
    assert [hit["card"]["id"] for hit in _kbtui(base, *search).json["hits"]] == ["aaaa2222", "bbbb2222"]
    for number in range(20):
        parts_of(base).outbox.keep(event(f"event{number}", entry="bbbb2222"))
    assert [hit["card"]["id"] for hit in _kbtui(base, *search).json["hits"]] == ["bbbb2222", "aaaa2222"]


def test_the_news_of_a_shift(base: Path) -> None:
    """F48, F38: answers to my questions first, changed limits, must-reads, and calls my answers helped."""
    limit = "---\nid: limits22\nauthority:\n  action: refund\n  limits: {rep: 50}\n---\n# May I refund?\n\nYes.\n"
    (base / "may.md").write_text(limit)
    git(base, "add", "may.md")
    git(base, "commit", "-qm", "limits")
    _kbtui(base, "ask", "Do you sell parts?")
    asked = _kbtui(base, "search", "sell parts", "--json").json["hits"][0]["card"]["id"]
    _kbtui(base, "edit", "passwd22", "--answer", "Press Forgot it and wait for our mail.")
    assert _kbtui(base, "news", "--mark-seen").status == 0
    assert _kbtui(base, "news").out.splitlines()[1:] == ["Nothing new."]
    _kbtui(base, "answer", asked, "Yes.", by=BEN)
    _kbtui(base, "new", "Do you sell bulbs?", "--answer", "Yes.", "--tag", "must-read", by=BEN)
    (base / "may.md").write_text(limit.replace("50", "80"))
    git(base, "commit", "-qam", "limits")
    _kbtui(base, "used", "passwd22", by=BEN)
    _kbtui(base, "used", "passwd22")
    news = _kbtui(base, "news", "--json").json
    assert [item["id"] for item in news["answers_to_me"]] == [asked]
    assert [item["question"] for item in news["answers"]] == ["Do you sell bulbs?"]
    assert [(item["id"], "80" in item["change"]) for item in news["limits"]] == [("limits22", True)]
    assert [item["question"] for item in news["must_reads"]] == ["Do you sell bulbs?"]
    assert news["helped"] == 1
    bulbs = news["must_reads"][0]["id"]
    assert _kbtui(base, "news", "--acknowledge", bulbs).out.endswith("\nNoted: you have read it\n")
    assert _kbtui(base, "news", "--json").json["must_reads"] == []
    _kbtui(base, "edit", bulbs, "--answer", "Only white ones.", by=BEN)
    assert len(_kbtui(base, "news", "--json").json["must_reads"]) == 1, "other words have to be read again"


def test_where_the_history_was_rewritten_the_last_week_is_new(base: Path) -> None:
    _kbtui(base, "answer", "openqu22", "No.", by=BEN)
    _kbtui(base, "news", "--mark-seen")
    assert _kbtui(base, "news", "--json").json["answers"] == []
    git(base, "commit", "-q", "--amend", "-m", "Answer a question", "-m", "Kb-Action: answer", by=BEN)
    assert [item["id"] for item in _kbtui(base, "news", "--json").json["answers"]] == ["openqu22"]


def test_an_answer_counts_for_its_writer_after_the_file_was_moved(base: Path) -> None:
    _kbtui(base, "edit", "passwd22", "--answer", "Press Forgot it and wait for our mail.")
    (base / "elsewhere").mkdir()
    git(base, "mv", PASSWORD, "elsewhere/moved.md")
    git(base, "commit", "-qm", "tidy")
    _kbtui(base, "used", "passwd22", by=BEN)
    assert _kbtui(base, "news", "--json").json["helped"] == 1


def test_hostile_events_reach_no_terminal_and_break_nothing(base: Path) -> None:
    folder = base / "events" / "stranger"
    folder.mkdir(parents=True)
    bad = event("flag2222", "flag", words="x").line.replace('"x"', '"a\\u001b]52;c;AAAA\\u0007b\\u202ec"')
    (folder / "2026-11.jsonl").write_bytes(os.urandom(3000) + b"\n" + bad.encode() + b"\n[[[[\n{}\n")
    shown = _kbtui(base, "show", "refund22")
    assert shown.status == 0
    assert "by Ana Kovacs: abc\n" in shown.out
    assert _kbtui(base, "search", "refund").status == 0
    assert _kbtui(base, "used", "refund22").status == 0


def test_check_and_the_hook_see_card_numbers_in_events(base: Path) -> None:
    """F18: events that were written past kbtui."""
    _kbtui(base, "flag", "refund22", "too old")
    file = next((base / "events").rglob("*.jsonl"))
    with file.open("a") as lines:
        lines.write(event("bad22222", "flag", words=f"says {CARD}").line + "\n" + f"torn {CARD}\n")
    path = file.relative_to(base).as_posix()
    ran = _kbtui(base, "check")
    assert ran.status == ExitCode.PROBLEMS
    assert ran.out.splitlines() == [
        f"{path}:2: error: looks like a card number",
        f"{path}:3: error: looks like a card number",
        "2 errors, 0 notes",
    ]
    git(base, "add", "-A")
    hook = run_kbtui("hook", "pre-commit", cwd=base)
    assert hook.status != 0
    assert f"{path}:2" in hook.out + hook.err
    assert f"{path}:1:" not in hook.out + hook.err


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (("ask", "do you take cash"), "captured"),
        (("new", "do you take cash", "--answer", "Only in our shops."), "captured"),
        (("answer", "openqu22", "No."), "captured"),
        (("same-as", "refund22", "my cash back"), "captured"),
        (("join-question", "openqu22", "vouchers of others"), "joined"),
    ],
)
def test_a_capture_notes_its_ticket(base: Path, command: tuple[str, ...], kind: str) -> None:
    """F20: in the line mode as in the form."""
    ran = _kbtui(base, *command, "--ticket", "T-17")
    assert (ran.status, ran.err) == (0, "")
    noted = [json.loads(line) for line in lines_of(base)]
    assert [(each["kind"], each["ticket"]) for each in noted] == [(kind, "T-17")]
    assert status(base) == ""


def test_a_card_number_for_a_ticket_saves_nothing(base: Path) -> None:
    before = commits(base)
    ran = _kbtui(base, "ask", "do you take cash", "--ticket", CARD)
    assert ran.status == ExitCode.REFUSED
    assert commits(base) == before
    assert _is_nowhere(base, CARD)


def test_an_authority_card_is_written_from_a_file_of_lines_and_taken_away_by_an_empty_one(
    base: Path, tmp_path: Path
) -> None:
    """F13, F57."""
    lines = tmp_path / "card.txt"
    lines.write_text("action: refund\nunit: EUR\nrep: 50\nshift lead: 250 (Sam Okafor)\n", "ascii")
    assert _kbtui(base, "edit", "refund22", "--authority", str(lines)).status == 0
    assert "shift lead: up to 250 EUR (Sam Okafor)" in _kbtui(base, "show", "refund22").out
    made = _kbtui(base, "new", "may I pay for a taxi", "--answer", "Yes.", "--authority", str(lines))
    assert "up to 250 EUR (Sam Okafor)" in _kbtui(base, "show", made.out.split()[-1]).out
    lines.write_text("action: refund\nrep: fifty\n", "ascii")
    refused = _kbtui(base, "edit", "refund22", "--authority", str(lines))
    assert refused.status == ExitCode.REFUSED
    assert "Line 2 of the authority card" in refused.err
    lines.write_text("", "ascii")
    assert _kbtui(base, "edit", "refund22", "--authority", str(lines)).status == 0
    assert "authority" not in (base / REFUND).read_text("utf-8")
