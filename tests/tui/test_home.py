"""The home screen: what a rep sees while a customer is talking (F1, F2, F6, F7)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui.entry.model import Person
from kbtui.knowledge import Knowledge, Wanted
from tests.helpers import ARCHIVED, ERROR_CODE, OPEN_QUESTION, PASSWORD, REFUND, write_files
from tests.tui.entries import CHEQUE, DAMAGED, MONEY_BOX, MORE, many
from tests.tui.window import Held, window

Hold = Callable[[type, str], Held]


@pytest.fixture(autouse=True)
def _more(base: Path, person: Person) -> None:
    write_files(base, MORE)


async def test_the_query_line_takes_keys_before_the_base_is_open(base: Path, hold: Hold) -> None:
    recover = hold(Knowledge, "recover")
    async with window(base, is_ready=False) as it:
        await it.type("refund")
        assert it.query == "refund"
        assert it.home_status == "Opening …"
        recover.let_go()
        await it.until(lambda: it.marked == REFUND, "the hit")


async def test_typing_shows_hits_with_the_exact_question_first(base: Path) -> None:
    async with window(base) as it:
        await it.search("where is my money", first=REFUND)
        assert MONEY_BOX in it.hits
        await it.press("escape")
        await it.search("where is my money box, my money order and all of my money?", first=MONEY_BOX)


async def test_a_row_says_the_state_in_a_sign_and_a_word_and_whose_it_is(base: Path) -> None:
    """State never by colour alone (F7); and the hits follow every word typed."""
    async with window(base) as it:
        await it.search("refund")
        rows = it.part("#hits")
        assert "~ How long does a refund take?" in rows
        assert "not validated · today · refunds, returns · Mateo Ruiz" in rows
        assert "who may decide · Refunds, VIP · Sam Poole" in rows
        assert "× How do I fax my order?" in rows
        assert "archived" in rows
        assert it.hits[-1] == ARCHIVED
        assert PASSWORD not in it.hits
        await it.type(" password err-4012")
        await it.until(lambda: {PASSWORD, ERROR_CODE} <= set(it.hits), "the other words' entries")


async def test_arrows_move_the_mark_while_the_cursor_stays_in_the_query_line(base: Path) -> None:
    async with window(base) as it:
        await it.search("refund")
        first, second, third = it.hits[:3]
        assert it.marked == first
        for key, marked in (("down", second), ("down", third), ("up", second)):
            await it.press(key)
            assert (it.marked, it.focus) == (marked, "query")
        await it.type(" parcel")
        assert it.query == "refund parcel"
        await it.settled()
        assert it.marked == it.hits[0], "new words, and the best hit is the marked one again"


async def test_the_preview_follows_the_mark(base: Path) -> None:
    async with window(base) as it:
        await it.search("refund")
        answers = {
            REFUND: "Five working days after your parcel",
            DAMAGED: "I am sorry that it came broken.",
            CHEQUE: "by card or by transfer",
            ARCHIVED: "Nobody faxes a refund",
        }
        for _ in it.hits:
            assert it.marked in answers
            await it.until(lambda: answers[it.marked] in it.part("#preview"), f"the answer of {it.marked}")
            await it.press("down")


async def test_the_preview_of_an_open_question_and_of_internal_notes(base: Path) -> None:
    """What is internal must not be read out by mistake (F22)."""
    async with window(base, size=(120, 40)) as it:
        await it.search("damaged parcel", first=DAMAGED)
        await it.until(lambda: "Internal notes: open to read." in it.part("#preview"), "the preview")
        assert "photograph" not in it.part("#preview").replace("there is a photograph", "")
        assert "You may: refund a damaged parcel up to 50 EUR." in it.part("#preview")
        await it.press("escape")
        await it.search("voucher", first=OPEN_QUESTION)
        await it.until(lambda: "Nobody has answered this yet." in it.part("#preview"), "the preview")


async def test_enter_opens_the_marked_entry(base: Path) -> None:
    async with window(base) as it:
        await it.search("refund")
        await it.press("down")
        await it.press("down")
        marked = it.marked
        await it.press("enter")
        await it.on("EntryScreen")
        await it.until(lambda: marked in it.picture, f"{marked} to be open")


async def test_enter_never_opens_what_does_not_answer_the_words_on_the_line(base: Path, hold: Hold) -> None:
    """A rep types and presses enter at once; the list on the screen is still that of other words."""
    async with window(base) as it:
        assert it.marked == CHEQUE, "pinned, and marked as long as nothing is typed"
        search = hold(Knowledge, "search")
        await it.type("password")
        await it.until(lambda: search.begun, "the search to begin")
        await it.press("enter")
        search.let_go()
        await it.until(lambda: it.screen_name == "EntryScreen" or it.marked == PASSWORD, "an answer")
        await it.settled()
        opened = it.picture if it.screen_name == "EntryScreen" else ""
        assert CHEQUE not in opened, "opened an entry that has nothing to do with the words typed"


async def test_escape_clears_the_query_line_and_the_list_of_the_beginning_is_back(base: Path) -> None:
    async with window(base) as it:
        before = it.hits
        await it.search("password", first=PASSWORD)
        await it.press("escape")
        await it.until(lambda: it.hits == before, "the list of the beginning")
        assert it.query == ""
        await it.press("escape")
        assert (it.query, it.screen_name) == ("", "HomeScreen")


async def test_an_empty_query_shows_pinned_entries_then_open_questions(base: Path) -> None:
    async with window(base) as it:
        assert it.hits == [CHEQUE, OPEN_QUESTION]
        assert "not validated · pinned" in it.part("#hits")
        await it.until(lambda: "by card or by transfer" in it.part("#preview"), "the preview of the first row")


async def test_nothing_found_says_what_to_do(base: Path) -> None:
    async with window(base) as it:
        await it.search("zeppelin")
        assert it.hits == []
        hint = " ".join(it.part("#hint").split())
        assert "Nobody has written about “zeppelin” yet." in hint
        assert "If you don't know this, someone else probably doesn't either." in hint
        assert "ctrl+o asks the team" in hint
        assert "ctrl+n writes the question together with its answer" in hint
        assert it.status == "Nothing found"
        await it.press("enter")
        assert it.screen_name == "HomeScreen"
        await it.press("escape")
        await it.until(lambda: CHEQUE in it.hits, "the list again")
        assert "zeppelin" not in it.picture


async def test_the_first_letter_finds_nothing_and_nothing_is_made_of_it(base: Path) -> None:
    async with window(base) as it:
        await it.search("q")
        assert it.hits == []
        assert "Nobody has written" not in it.words
        assert "Nothing found" not in it.words
        assert "Type the caller's words" in it.words
        await it.type("zeppelin")
        await it.seen("Nobody has written about “qzeppelin” yet.")


async def test_nothing_is_cut_off_in_silence(base: Path) -> None:
    """50 rows are shown of 60 found, and the status line says so."""
    write_files(base, many(60))
    async with window(base) as it:
        await it.search("parcel shelf")
        await it.told("50 of 62")
        assert len(it.hits) == 50


async def test_the_status_line_says_how_many_hits_have_all_words(base: Path) -> None:
    async with window(base) as it:
        for words, said in (
            ("refund", "4 of 4"),
            ("refund damaged", "4 of 4, 1 with all words"),
            ("voucher err-4012", "2 of 2, with some of these words"),
        ):
            await it.search(words)
            await it.told(said)
            await it.press("escape")


async def test_only_the_latest_search_is_shown_although_an_older_one_answers_later(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Knowledge.search
    old = Held(whole)

    def search(self: Knowledge, text: str, wanted: Wanted, cancelled: Callable[[], bool]) -> object:
        return old(self, text, wanted) if text == "refund" else whole(self, text, wanted, cancelled)

    monkeypatch.setattr(Knowledge, "search", search)
    async with window(base) as it:
        await it.type("refund")
        await it.until(lambda: old.begun, "the slow search to begin")
        await it.press("escape")
        await it.type("password")
        await it.until(lambda: it.hits == [PASSWORD], "the newer answer")
        old.let_go()
        await it.until(lambda: old.ended, "the slow search to end")
        await it.settled()
        assert it.hits == [PASSWORD]
        assert it.status == "1 of 1"


@pytest.mark.usefixtures("person")
async def test_a_question_that_other_words_have_found_is_not_joined(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        await it.type("voucher")
        await it.until(lambda: it.hits == [OPEN_QUESTION], "the open question")
        search = hold(Knowledge, "search")
        await it.type(" password")
        await it.until(lambda: search.begun, "the search to begin")
        await it.press("ctrl+t")
        assert "Not joined" in it.status
        search.let_go()
        await it.settled()
        assert it.knowledge.counts().joined == {}


async def test_a_search_that_answers_after_the_line_was_cleared_is_not_shown(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        before = it.hits
        search = hold(Knowledge, "search")
        await it.type("password")
        await it.until(lambda: search.begun, "the search to begin")
        serial = it.app.desk._latest_search
        await it.press("escape")
        await it.until(lambda: it.app.desk._latest_search > serial, "the list of the beginning to be asked for")
        search.let_go()
        await it.settled()
        assert it.hits == before


async def test_an_older_preview_that_comes_later_is_not_shown(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Knowledge.get
    old = Held(whole)

    def get(self: Knowledge, name: str) -> object:
        return old(self, name) if name == REFUND else whole(self, name)

    monkeypatch.setattr(Knowledge, "get", get)
    async with window(base) as it:
        await it.type("how long does a refund take")
        await it.until(lambda: old.begun, "the slow preview to begin")
        await it.until(lambda: it.app.home.shown_for == "how long does a refund take", "the hits of all the words")
        await it.press("down")
        other = it.marked
        assert other != REFUND
        question = next(each.question for each in it.knowledge.cards() if each.path == other)
        await it.until(lambda: question in it.part("#preview"), "the other preview")
        old.let_go()
        await it.until(lambda: old.ended == old.begun, "the slow preview to end")
        await it.settled()
        assert question in it.part("#preview")


async def test_any_words_are_only_words(base: Path) -> None:
    """No query syntax is needed, and no typed text can break the search (F4)."""
    async with window(base) as it:
        for text in ('" AND title:* ((( a\\', "[/] [@click=app.quit]x[/] …"):
            await it.search(text)
            assert it.query == text
            assert it.screen_name == "HomeScreen"
            await it.press("escape")


async def test_a_query_of_ten_thousand_characters(base: Path) -> None:
    async with window(base) as it:
        await it.paste("refund " * 1_500)
        await it.until(lambda: REFUND in it.hits, "hits")
