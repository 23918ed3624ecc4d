"""The form: writing an entry while the caller is on the line (F11-F16, F19, FAULTS 1)."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from kbtui.entry.model import Person, State
from kbtui.store.drafts import Draft
from kbtui.tui import capture_form
from kbtui.tui.app import KbtuiApp
from tests.events import lines_of
from tests.helpers import OPEN_QUESTION, REFUND, git, in_head, write_files
from tests.tui.entries import DAMAGED, MORE
from tests.tui.window import Window, window

pytestmark = pytest.mark.usefixtures("person")


@pytest.fixture
def never_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the form without its regular look at what is typed: what is kept then, a key has kept."""
    monkeypatch.setattr(capture_form, "_AUTOSAVE", 3_600.0)


def drafts(it: Window) -> list[Draft]:
    """Return what is kept on this computer."""
    return it.knowledge.drafts.all()


async def begin(it: Window, words: str = "", key: str = "ctrl+n") -> None:
    """Open the form on the words searched."""
    if words:
        await it.search(words)
    await it.press(key)
    await it.on("CaptureScreen")


async def test_the_words_searched_become_the_question(base: Path) -> None:
    """Searching is capturing (F11)."""
    async with window(base) as it:
        await begin(it, "do you take cash", "ctrl+n")
        assert it.field("question") == "do you take cash"
        assert it.focus == "answer"
        await it.press("escape")
        await it.on("HomeScreen")
        await it.press("ctrl+o")
        await it.on("CaptureScreen")
        assert it.field("question") == "do you take cash"
        assert it.focus == "question"


async def test_a_new_entry_is_saved_with_all_its_parts(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "do you take cash")
        await it.type("Only in our shops.\nNot at the door.")
        await it.press("tab")
        assert it.focus == "internal-notes"
        await it.type("The drivers carry no change.")
        await it.press("tab")
        assert it.focus == "tags"
        await it.type("payment, shops")
        await it.press("ctrl+s")
        await it.told("Saved: do you take cash")
        assert (it.screen_name, it.focus) == ("HomeScreen", "query")
        found = it.knowledge.search("do you take cash")
        assert found is not None
        entry = it.knowledge.get(found.hits[0].card.path)
        assert entry.question == "do you take cash"
        assert entry.answer == "Only in our shops.\nNot at the door."
        assert entry.internal == "The drivers carry no change."
        assert entry.tags == ("payment", "shops")
        assert entry.state is State.NOT_VALIDATED
        assert in_head(base, entry.path) == (base / entry.path).read_bytes()
        assert git(base, "log", "-1", "--format=%an") == "Ana Kovacs"
        assert drafts(it) == []


async def test_a_question_is_asked_in_two_keys_beyond_its_words(base: Path) -> None:
    """At most three keys (F12), and everybody sees it at once."""
    async with window(base) as it:
        await it.search("do you take cash")
        await it.press("ctrl+o", "ctrl+s")
        await it.told("Saved: do you take cash")
        await it.until(lambda: any("do-you-take-cash" in path for path in it.hits), "the question in the list")
        assert "? do you take cash" in it.part("#hits")
        await it.search("cash")
        assert "open question" in it.part("#hits")


async def test_typing_on_in_a_question_goes_on_with_it(base: Path) -> None:
    """One key must not throw away the words that were searched."""
    async with window(base) as it:
        await begin(it, "do you take cash", "ctrl+o")
        await it.type(" at the door")
        assert it.field("question") == "do you take cash at the door"


async def test_an_open_question_is_answered(base: Path) -> None:
    async with window(base) as it:
        await it.open(OPEN_QUESTION)
        await it.press("a")
        await it.on("CaptureScreen")
        await it.type("No, only with ours.")
        await it.press("ctrl+s")
        await it.told("Saved: Can I pay with a voucher")
        assert it.screen_name == "HomeScreen", "saving returns to the query line at once"
        entry = it.knowledge.get(OPEN_QUESTION)
        assert (entry.answer, entry.state) == ("No, only with ours.", State.NOT_VALIDATED)
        assert git(base, "log", "-1", "--format=%s") == "Answer a question"


async def test_a_change_touches_only_what_was_changed(base: Path) -> None:
    """Every other line stays as somebody wrote it (FAULTS 50): comments, odd keys, capital letters in tags."""
    write_files(base, MORE)
    async with window(base) as it:
        before = (base / DAMAGED).read_text("utf-8").splitlines()
        await it.open(DAMAGED)
        await it.press("e")
        await it.on("CaptureScreen")
        await it.type("Of course. ")
        await it.press("ctrl+s")
        await it.told("Saved: May I refund")
        after = (base / DAMAGED).read_text("utf-8").splitlines()
    assert len(after) == len(before)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [
        ("Yes. I am sorry that it came **broken**.", "Of course. Yes. I am sorry that it came **broken**.")
    ]


async def test_the_form_of_an_entry_holds_every_part_that_can_be_changed(base: Path) -> None:
    write_files(base, MORE)
    async with window(base) as it:
        await it.open(DAMAGED)
        await it.press("e")
        await it.on("CaptureScreen")
        assert it.field("question") == "May I refund a damaged parcel?"
        assert it.field("answer") == "Yes. I am sorry that it came **broken**.\n\nThe money is back in five days."
        assert it.field("internal-notes") == "Ask for the photograph, then Admin, Refunds."
        assert it.field("asked-as") == "my parcel came broken\nthe box is crushed"
        assert it.field("tags") == "Refunds, VIP"
        await it.fill(
            question="May I refund a crushed parcel?", asked_as="my parcel came broken\nit is wet", tags="vip"
        )
        await it.press("ctrl+s")
        await it.told("Saved: May I refund a crushed parcel?")
        entry = it.knowledge.get(DAMAGED)
        assert entry.asked_as == ("my parcel came broken", "it is wet")
        assert [tag.casefold() for tag in entry.tags] == ["vip"]
        assert entry.authority is not None
        assert entry.see_also


async def test_saving_without_a_change_changes_nothing(base: Path) -> None:
    write_files(base, MORE)
    async with window(base) as it:
        before, commits = (base / DAMAGED).read_bytes(), git(base, "rev-list", "--count", "HEAD")
        await it.open(DAMAGED)
        await it.press("e")
        await it.on("CaptureScreen")
        await it.press("ctrl+s")
        await it.on("HomeScreen")
        await it.settled()
        assert (base / DAMAGED).read_bytes() == before
        assert git(base, "rev-list", "--count", "HEAD") == commits
        assert it.home_status.startswith("Nothing changed")


async def test_an_entry_needs_a_question(base: Path) -> None:
    async with window(base) as it:
        await begin(it)
        await it.fill(question="   ", answer="Only in our shops.")
        await it.press("ctrl+s")
        await it.seen("Say in a few words what the caller asks.")
        assert it.screen_name == "CaptureScreen"
        assert it.focus == "question"
        assert it.field("answer") == "Only in our shops."
        await it.settled()
        assert git(base, "rev-list", "--count", "HEAD") == "1"
        await it.type("cash?")
        await it.press("ctrl+s")
        await it.told("Saved: ")


# Drafts: at most a second of typing is lost, whatever happens (F15)


def test_a_second_is_promised() -> None:
    """FAULTS 1: at most one second of typing is missing."""
    assert capture_form._AUTOSAVE <= 0.75


async def test_what_is_typed_is_on_the_disk_without_any_key(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "cash")
        await it.type("Only in our shops.")
        typed_at = time.time()
        await it.until(lambda: [d.answer for d in drafts(it)] == ["Only in our shops."], "the draft")
        await it.type(" Or at the door.")
        await it.until(lambda: drafts(it)[0].answer == "Only in our shops. Or at the door.", "the next words")
        draft = drafts(it)[0]
        assert draft.question == "cash"
        assert draft.changed_at >= typed_at - 1


async def test_only_what_changes_is_written_again(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "cash")
        await it.type("Only in our shops.")
        await it.until(lambda: drafts(it), "the draft")
        await it.settled()
        written = drafts(it)[0].changed_at
        began = time.monotonic()
        await it.until(lambda: time.monotonic() - began > 3 * capture_form._AUTOSAVE, "three more looks")
        assert drafts(it)[0].changed_at == written


async def test_escape_leaves_and_keeps_every_letter(base: Path, never_looks: None) -> None:
    async with window(base) as it:
        await begin(it, "cash")
        await it.type("Only in our shops.")
        await it.press("escape")
        await it.on("HomeScreen")
        await it.settled()
        assert [d.answer for d in drafts(it)] == ["Only in our shops."]
        assert git(base, "rev-list", "--count", "HEAD") == "1"


async def test_looking_at_a_form_leaves_nothing_to_finish(base: Path) -> None:
    async with window(base) as it:
        await begin(it)
        await it.press("escape")
        await it.on("HomeScreen")
        await it.open(REFUND)
        await it.press("e")
        await it.on("CaptureScreen")
        await it.press("escape")
        await it.on("EntryScreen")
        await it.settled()
        assert drafts(it) == []


async def test_quitting_keeps_every_letter(base: Path, never_looks: None) -> None:
    async with window(base) as it:
        await begin(it, "cash")
        await it.type("Only in our shops.")
        await it.press("ctrl+q")
        await it.until(lambda: not it.app.is_running, "the end")
        assert [(d.question, d.answer) for d in drafts(it)] == [("cash", "Only in our shops.")]


async def test_quitting_right_after_saving_loses_nothing(base: Path, never_looks: None) -> None:
    async with window(base) as it:
        await begin(it, "cash")
        await it.type("Only in our shops.")
        it.strike("ctrl+s", "ctrl+q")
        await it.until(lambda: not it.app.is_running, "the end")
        await it.until(lambda: all(worker.is_finished for worker in it.app.workers), "the threads")
        kept = [d.answer for d in drafts(it)]
        text = "".join(path.read_text("utf-8") for path in base.rglob("*cash*.md"))
        assert "Only in our shops." in kept or "Only in our shops." in text


async def test_letters_typed_right_before_a_key_are_part_of_what_it_does(base: Path, never_looks: None) -> None:
    """A fast rep, or a slow computer: the letters and ctrl+s are read in one go. None of the letters may be lost."""
    async with window(base) as it:
        await begin(it, "cash")
        it.strike(*"By rope.", "ctrl+s")
        await it.told("Saved: cash")
        found = it.knowledge.search("cash")
        assert found is not None
        saved = it.knowledge.get(found.hits[0].card.path).answer
        await begin(it, "cheque")
        it.strike(*"By rope.", "escape")
        await it.on("HomeScreen")
        await it.settled()
        left = [d.answer for d in drafts(it)]
        await it.press("escape")
        it.strike(*"voucher", "ctrl+n")
        await it.on("CaptureScreen")
        asked = it.field("question")
        it.strike(*"By rope.", "ctrl+q")
        await it.until(lambda: not it.app.is_running, "the end")
        quit_with = [d.answer for d in drafts(it) if d.question == asked]
        assert (saved, left, asked, quit_with) == ("By rope.", ["By rope."], "voucher", ["By rope."])


async def test_letters_typed_right_behind_a_tab_land_in_the_next_field(base: Path) -> None:
    """A word meant for the internal notes must not end up in what is read out."""
    async with window(base) as it:
        await begin(it)
        it.strike(*"cash", "tab", *"shops", "tab", *"note", "shift+tab", *"!")
        await it.settled()
        assert (it.field("question"), it.field("answer"), it.field("internal-notes")) == ("cash", "shops!", "note")


# Throwing away


async def test_ctrl_r_twice_throws_the_draft_away(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "cash")
        await it.type("Only in our shops.")
        await it.until(lambda: drafts(it), "the draft")
        await it.press("ctrl+r")
        await it.seen("Press ctrl+r again to throw these words away; any other key keeps them.")
        assert it.screen_name == "CaptureScreen"
        await it.press("ctrl+r")
        await it.on("HomeScreen")
        await it.settled()
        assert drafts(it) == []


async def test_any_other_key_takes_the_throwing_away_back(base: Path) -> None:
    async with window(base) as it:
        costly = []
        for key in ("tab", "f5", "x", "enter"):
            await begin(it)
            await it.fill(question="cash?", answer="Only in our shops.")
            it.screen.query_one("#answer").focus()
            await it.until(lambda: it.focus == "answer", "the answer's field")
            await it.press("ctrl+r", key, "ctrl+r")
            if it.screen_name != "CaptureScreen":
                costly.append(key)
            await it.press("escape")
            await it.on("HomeScreen")
        assert costly == [], "ctrl+r, one of these keys, ctrl+r: the words are thrown away"


async def test_words_typed_after_one_ctrl_r_are_kept_within_a_second_as_ever(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "cash")
        await it.type("Only in our shops.")
        await it.press("ctrl+r")
        await it.type(" Not at the door.")
        began = time.monotonic()
        await it.until(
            lambda: any("door" in d.answer for d in drafts(it)) or time.monotonic() - began > 5,
            "the draft or 5 seconds",
        )
        assert [d.answer for d in drafts(it)] == ["Only in our shops. Not at the door."]


async def test_escape_after_one_ctrl_r_keeps_the_words(base: Path, never_looks: None) -> None:
    async with window(base) as it:
        await begin(it, "cash")
        await it.type("Only in our shops.")
        it.strike("ctrl+r", "escape")
        await it.on("HomeScreen")
        await it.settled()
        assert [d.answer for d in drafts(it)] == ["Only in our shops."]


async def test_a_draft_thrown_away_is_not_written_again_by_a_look_that_was_late(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "cash")
        await it.type("Only in our shops.")
        it.strike("ctrl+r", "ctrl+r")
        await it.on("HomeScreen")
        await it.settled()
        assert drafts(it) == []


# Tags, pasting, hints


async def test_tags_are_completed_from_those_in_use_also_behind_a_comma(base: Path) -> None:
    write_files(base, MORE)
    async with window(base) as it:
        await begin(it, "cash")
        await it.press("tab", "tab")
        await it.type("ref")
        await it.until(lambda: "refunds" in it.part("#tags"), "the completion")
        await it.press("right")
        assert it.field("tags") == "refunds"
        await it.type(", sig")
        await it.until(lambda: "refunds, sign-in" in it.part("#tags"), "the completion behind the comma")
        await it.press("right")
        assert it.field("tags") == "refunds, sign-in"
        await it.type(",ref")
        await it.settled()
        assert it.part("#tags").count("refunds") == 1, "a tag that stands there already is not offered again"


async def test_tab_takes_the_tag_that_is_offered_and_only_then_leaves(base: Path) -> None:
    write_files(base, MORE)
    async with window(base) as it:
        await begin(it, "cash")
        await it.press("tab", "tab")
        it.strike(*"REF", "tab")  # faster than the offer is painted
        await it.until(lambda: it.field("tags") == "refunds", "the tag, in lower case as in use")
        assert it.focus == "tags", "tab left the field by surprise"
        await it.press("tab")
        assert it.focus == "ticket"


async def test_tab_leaves_where_no_tag_is_offered(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "cash")
        await it.press("tab", "tab")
        for typed in ("", "zebra", ", refunds"):
            it.screen.query_one("#tags").focus()
            await it.settled()
            it.strike(*typed, "tab")
            await it.until(lambda: it.focus == "ticket", "the next field")
        assert it.field("tags") == "zebra, refunds"


async def test_tags_are_typed_in_lower_case_and_those_that_stand_there_stay(base: Path) -> None:
    write_files(base, MORE)
    async with window(base) as it:
        await it.open(DAMAGED)
        await it.press("e")
        await it.on("CaptureScreen")
        it.screen.query_one("#tags").focus()
        await it.settled()
        await it.press("end")
        it.strike(*", PARCELS")
        await it.until(lambda: it.field("tags") == "Refunds, VIP, parcels", "the tag in lower case")


async def test_the_ticket_goes_into_an_event_and_never_into_the_entry(base: Path) -> None:
    """F20."""
    async with window(base) as it:
        await begin(it, "cash")
        await it.type("Only in our shops.")
        await it.fill(ticket="T-4711")
        await it.press("ctrl+s")
        await it.told("Saved: cash")
        await it.settled()
        path = it.knowledge.search("cash").hits[0].card.path  # type: ignore[union-attr]
        noted = [json.loads(line) for line in lines_of(base)]
        assert [(each["ticket"], each["entry"]) for each in noted if each["kind"] == "captured"] == [
            ("T-4711", it.knowledge.get(path).id)
        ]
        assert "4711" not in (base / path).read_text("utf-8")
        assert "4711" not in git(base, "log", "--format=%B")
        assert it.knowledge.counts().used == {}, "writing is no use"


async def test_the_ticket_of_a_change_is_noted_too_and_kept_in_its_draft(base: Path) -> None:
    async with window(base) as it:
        await it.open(OPEN_QUESTION)
        await it.press("a")
        await it.on("CaptureScreen")
        await it.type("No, only with ours.")
        await it.fill(ticket="T-9")
        await it.until(lambda: [d.ticket for d in drafts(it)] == ["T-9"], "the draft")
        await it.press("ctrl+s")
        await it.told("Saved: Can I pay")
        await it.settled()
        assert [json.loads(line)["kind"] for line in lines_of(base)] == ["captured"]


async def test_a_card_number_in_the_ticket_is_refused(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "cash")
        await it.fill(ticket="4111 1111 1111 1111")
        await it.press("ctrl+s")
        await it.seen("Not saved: the ticket holds what looks like a card number")


async def test_a_question_typed_into_the_tickets_field_is_not_lost(base: Path) -> None:
    """Nothing typed can be lost by a key, wherever it was typed."""
    async with window(base) as it:
        await begin(it)
        await it.fill(ticket="do you take cash")
        await it.press("escape")
        await it.told("Kept under “To finish”")
        await it.settled()
        assert [d.ticket for d in drafts(it)] == ["do you take cash"]


TEMPLATE = """
[template]
answer = '''
**Say:**

**Then do:**
'''
internal = "Where it is written:"
"""


def with_template(base: Path) -> None:
    """Give the team a template."""
    with (base / "kb.toml").open("a", encoding="utf-8") as file:
        file.write(TEMPLATE)


async def test_a_new_entry_begins_with_the_teams_template(base: Path) -> None:
    """F14."""
    with_template(base)
    async with window(base) as it:
        await begin(it, "cash")
        assert it.field("answer") == "**Say:**\n\n**Then do:**"
        assert it.field("internal-notes") == "Where it is written:"
        await it.type(" only in our shops.")
        await it.press("ctrl+s")
        await it.told("Saved: cash")
        found = it.knowledge.search("cash")
        assert found is not None
        entry = it.knowledge.get(found.hits[0].card.path)
        assert entry.answer == "**Say:** only in our shops.\n\n**Then do:**"
        assert (entry.state, entry.internal) == (State.NOT_VALIDATED, "")


async def test_nothing_but_the_template_is_an_open_question(base: Path) -> None:
    with_template(base)
    async with window(base) as it:
        await it.search("cash")
        await it.press("ctrl+o", "ctrl+s")
        await it.told("Saved: cash")
        found = it.knowledge.search("cash")
        assert found is not None
        entry = it.knowledge.get(found.hits[0].card.path)
        assert (entry.state, entry.answer, entry.internal) == (State.OPEN, "", "")
        assert git(base, "log", "-1", "--grep=Kb-Save-Id", "--format=%s") == "Ask a question"


async def test_nothing_but_the_template_is_nothing_to_finish(base: Path) -> None:
    with_template(base)
    async with window(base) as it:
        await begin(it)
        await it.press("ctrl+r")
        await it.on("HomeScreen")
        await begin(it)
        await it.press("escape")
        await it.on("HomeScreen")
        await it.settled()
        assert drafts(it) == []
        assert it.home_status != "Kept under “To finish”"


async def test_a_paste_of_two_hundred_lines_lands_as_text(base: Path) -> None:
    """F19."""
    lines = [f"{number}. Say “step {number}”, then [/] wait." for number in range(1, 201)]
    async with window(base) as it:
        await begin(it, "how do I reset the router")
        await it.paste("\n".join(lines))
        await it.until(lambda: it.field("answer") == "\n".join(lines), "the paste")
        assert it.screen_name == "CaptureScreen"
        await it.press("ctrl+s")
        await it.told("Saved: how do I reset the router")
        found = it.knowledge.search("how do I reset the router")
        assert found is not None
        assert it.knowledge.get(found.hits[0].card.path).answer == "\n".join(lines)


async def test_a_paste_of_several_lines_into_a_single_line_loses_no_word(base: Path) -> None:
    """F19: out of a chat, for example; where there is one line only, the words follow each other."""
    async with window(base) as it:
        await it.paste("can I pay\nwith a cheque\n\nor with cash")
        await it.until(lambda: it.query, "the paste")
        assert it.query.split() == ["can", "I", "pay", "with", "a", "cheque", "or", "with", "cash"]
        await it.press("ctrl+o")
        await it.on("CaptureScreen")
        await it.paste(" please\nor by card")
        await it.settled()
        assert it.field("question").split()[-4:] == ["please", "or", "by", "card"]


async def test_tags_pasted_one_a_line_are_as_many_tags(base: Path) -> None:
    """Out of a list, a table or another entry: lines part tags as commas do."""
    async with window(base) as it:
        await begin(it, "cash")
        await it.press("tab", "tab")
        assert it.focus == "tags"
        await it.paste("payment\r\nin shops, cards\n\n delivery,\ncash\n")
        await it.until(lambda: it.field("tags"), "the paste")
        assert it.field("tags") == "payment, in shops, cards, delivery, cash"
        await it.press("ctrl+s")
        await it.told("Saved: cash")
        found = it.knowledge.search("cash")
        assert found is not None
        assert found.hits[0].card.tags == ("payment", "in shops", "cards", "delivery", "cash")


async def test_lines_copied_in_the_answer_are_pasted_into_the_question_as_one(base: Path) -> None:
    """With the keys of the form itself, past the terminal: a question with a line end in it could not be read back."""
    async with window(base) as it:
        await begin(it, "cash")
        await it.paste("or a cheque\n\nor a card\n")
        await it.press("f7", "ctrl+c", "shift+tab")
        assert it.focus == "question"
        await it.press("end", " ", "ctrl+v")
        assert it.field("question") == "cash or a cheque or a card"


async def test_a_paste_with_windows_line_ends_lands_as_text(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "how do I reset the router")
        await it.paste("one\r\ntwo\r\nthree")
        await it.press("ctrl+s")
        await it.told("Saved: ")
        found = it.knowledge.search("how do I reset the router")
        assert found is not None
        assert it.knowledge.get(found.hits[0].card.path).answer == "one\ntwo\nthree"


async def test_a_pasted_heading_of_ours_is_refused_and_the_words_come_back(base: Path) -> None:
    """`## Internal` in an answer would make a part of it internal."""
    async with window(base) as it:
        await begin(it, "cash")
        await it.paste("Only in our shops.\n\n## Internal\n\nnobody reads this out")
        await it.press("ctrl+s")
        await it.seen("would not read back as typed")
        assert it.screen_name == "CaptureScreen"
        assert it.field("question") == "cash"
        assert "nobody reads this out" in it.field("answer")


@pytest.mark.parametrize("field", ["question", "answer"])
async def test_f1_says_what_the_keys_of_the_form_do_and_leaves_the_words_alone(base: Path, field: str) -> None:
    async with window(base) as it:
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        it.screen.query_one(f"#{field}").focus()
        await it.until(lambda: it.focus == field, "the field")
        await it.type("a lamp")
        await it.press("f1")
        await it.on("TextScreen")
        assert "Throw away" in it.words
        assert "Who may decide" in it.words
        await it.press("escape")
        await it.on("CaptureScreen")
        await it.type("s")
        assert it.field(field) == "a lamps"


async def test_two_keys_go_to_the_start_and_the_end_of_the_answer(base: Path) -> None:
    async with window(base) as it:
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        it.screen.query_one("#answer").focus()
        await it.until(lambda: it.focus == "answer", "the field")
        await it.type("Ten euro.\nIn cash.")
        it.strike("ctrl+home", *"Yes: ", "ctrl+end", *" Only.", "ctrl+home", *"> ")
        words = "> Yes: Ten euro.\nIn cash. Only."
        await it.until(lambda: it.field("answer") == words, f"the words, not {it.field('answer')!r}")


async def test_undo_and_redo_in_the_answer(base: Path) -> None:
    """F19."""
    async with window(base) as it:
        await begin(it, "cash")
        await it.paste("Only in our shops.")
        await it.paste(" Not at the door.")
        await it.press("ctrl+z")
        assert it.field("answer") == "Only in our shops."
        await it.press("ctrl+y")
        assert it.field("answer") == "Only in our shops. Not at the door."


async def test_a_long_answer_gets_a_hint_and_is_saved_all_the_same(base: Path) -> None:
    """A soft length hint, never a block (F14)."""
    async with window(base) as it:
        await begin(it, "cash")
        await it.type("Short.")
        await it.settled()
        assert "shorter is easier to say" not in it.words
        await it.paste("word " * (KbtuiApp.soft_length // 5 + 1))
        await it.seen("shorter is easier to say")
        await it.press("ctrl+s")
        await it.told("Saved: cash")


async def test_after_a_change_the_entry_opens_with_the_new_words(base: Path) -> None:
    """FAULTS 6: nobody conflicts with themselves."""
    async with window(base) as it:
        for words in ("Six days. ", "No, seven. "):
            await it.open(REFUND)
            await it.press("e")
            await it.on("CaptureScreen")
            await it.type(words)
            await it.press("ctrl+s")
            await it.told("Saved")
            await it.settled()
            assert "Two versions" not in it.home_status
        assert it.knowledge.get(REFUND).answer.startswith("No, seven. Six days. Five working days")
        assert list(base.rglob("*.variant.md")) == []


async def test_one_entry_after_another(base: Path, person: Person) -> None:
    async with window(base) as it:
        for words in ("first question", "second question"):
            await it.search(words)
            await it.press("ctrl+o", "ctrl+s")
            await it.told(f"Saved: {words}")
            assert it.query == ""
        assert git(base, "log", "--format=%an", "-2").splitlines() == [person.name] * 2
