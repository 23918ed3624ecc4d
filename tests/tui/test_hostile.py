"""FAULTS 72: nothing but printable text reaches the terminal, and every word is shown as it stands."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from kbtui.entry.decision import Asker
from kbtui.entry.file_format import read
from kbtui.entry.model import Person
from kbtui.entry.text import printable
from kbtui.tui.literal import in_lines, literal, markdown, marked
from kbtui.tui.preview import preview
from tests.helpers import REFUND, git, write_files
from tests.tui.entries import UNREADABLE
from tests.tui.hostile import BROKEN, COMMANDS, ENTRY, HOSTILE, MARKUP, WORDS_OF_THE_WORLD
from tests.tui.window import Window, odd_characters, window

pytestmark = pytest.mark.usefixtures("person")

TALL = (140, 90)
MARKS = MARKUP[:3]
STALL = 8.0
"""Seconds of work for which the window may stand still over a giant entry; for ever is what must not happen."""


def assert_harmless(it: Window) -> None:
    """Nothing on the screen is a command to the terminal, and nothing of an entry is a link or a button."""
    strips = it.screen._compositor.render_strips()
    assert odd_characters("\n".join(strip.text for strip in strips)) == set()
    for segment in (segment for strip in strips[:-1] for segment in strip):
        assert segment.style is None or segment.style.link is None
        assert segment.style is None or "@click" not in segment.style.meta


def assert_all_lines_are_full(it: Window) -> None:
    """Wide and combining characters move nothing out of its column."""
    assert {strip.cell_length for strip in it.screen._compositor.render_strips()} == {80}


@asynccontextmanager
async def heartbeat() -> AsyncIterator[list[float]]:
    """Yield the times, in seconds of this thread's work, for which the window stood still."""
    stalls: list[float] = [0.0]

    async def beat() -> None:
        while True:
            began = time.thread_time()
            await asyncio.sleep(0.01)
            stalls.append(time.thread_time() - began)

    task = asyncio.create_task(beat())
    try:
        yield stalls
    finally:
        task.cancel()


async def test_a_hostile_entry_is_only_words_in_the_list_and_the_preview(base: Path) -> None:
    write_files(base, {HOSTILE: ENTRY})
    async with window(base, size=TALL) as it:
        assert_harmless(it)
        await it.search("hostile question", first=HOSTILE)
        await it.until(lambda: "end of answer" in it.words, "the preview")
        assert_harmless(it)
        assert "[/] [bold]loud[/bold] [@click=app" in it.part("#hits")
        for words in MARKS:
            assert words in it.part("#preview")
        assert "[x] done" in it.part("#preview")
        assert "[ ] not done" in it.part("#preview")
        assert "end of role" in it.words


async def test_a_hostile_entry_is_only_words_on_its_own_screen(base: Path) -> None:
    write_files(base, {HOSTILE: ENTRY})
    git(base, "add", ".")
    git(base, "commit", "-m", COMMANDS.replace("\x00", ""), by=Person("[/] Eve\x1b]52;c;aGk=\x07 [bold]", "e@x.y"))
    async with window(base, size=(140, 200)) as it:
        await it.open(HOSTILE)
        assert_harmless(it)
        said = it.words
        for part in (
            *("question", "answer", "tag", "phrase", "owner", "successor", "internal", "link", "cell", "code"),
            *("action", "role", "Sam", "above", "condition", "boundary"),
        ):
            assert f"end of {part}" in said or part == "successor"
        for words in MARKS:
            assert said.count(words) >= 10
        assert "[x] done" in said
        assert "Asked by [/] Eve [bold]" in said
        await it.press("h")
        await it.on("TextScreen")
        assert "[/] Eve [bold] wrote this entry" in it.words
        assert_harmless(it)
        assert it.app.is_running


async def test_a_hostile_entry_is_only_words_in_every_box(base: Path) -> None:
    """Why trust it, what is flagged, see also, what is new, what to narrow by, and the first screen's sections."""
    write_files(base, {HOSTILE: ENTRY})
    flag = f"{MARKUP[0]} {MARKUP[1]} end of flag"
    async with window(base, size=TALL) as it:
        await it.open(HOSTILE)
        await it.press("f")
        await it.on("LineScreen")
        await it.fill(line=flag)
        await it.press("enter")
        await it.seen("Flagged")
        await it.settled()
        assert flag in it.words
        assert_harmless(it)
        await it.press("w")
        await it.on("TextScreen")
        assert "end of flag" in it.words
        assert_harmless(it)
        await it.press("escape", "u")
        await it.seen("Noted")
        await it.press("l")
        await it.settled()
        assert_harmless(it)
        await it.press("escape", "escape")
        await it.on("HomeScreen")
        for key, box in (
            ("f3", "ChoiceScreen"),
            ("ctrl+r", "NewsScreen"),
            ("f7", "TextScreen"),
            ("f6", "DrillScreen"),
            ("f1", "TextScreen"),
        ):
            await it.press(key)
            await it.on(box)
            assert_harmless(it)
            await it.press("escape")
        await it.settled()
        assert "Pinned" in it.words
        assert_harmless(it)


async def test_a_hostile_entry_is_only_words_in_the_form_and_in_the_status_line(base: Path) -> None:
    write_files(base, {HOSTILE: ENTRY})
    async with window(base, size=TALL) as it:
        await it.open(HOSTILE)
        await it.press("e")
        await it.on("CaptureScreen")
        await it.settled()
        assert_harmless(it)
        assert all(words in it.field("answer") for words in MARKS)
        await it.type("Hello. ")
        await it.press("escape")
        await it.settled()
        await it.press("escape")
        await it.on("HomeScreen")
        await it.press("ctrl+f")
        await it.on("DraftsScreen")
        assert_harmless(it)
        assert "[/] [bold]loud" in it.words
        await it.press("enter")
        await it.on("CaptureScreen")
        await it.press("ctrl+s")
        await it.told("Saved: hostile question")
        assert_harmless(it)
        assert "[/] [bold]loud[/bold]" in it.home_status


async def test_a_hostile_entry_is_only_words_below_the_question_and_beside_it(base: Path) -> None:
    write_files(base, {HOSTILE: ENTRY})
    async with window(base, size=TALL) as it:
        question = it.knowledge.get(HOSTILE).question
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        await it.fill(question=question)
        await it.until(lambda: MARKS[0] in it.part("#already-asked"), "the row")
        assert_harmless(it)
        await it.press("f2")
        await it.on("CompareScreen")
        await it.until(lambda: all(words in it.part("#other-words") for words in MARKS), "the entry")
        assert_harmless(it)
        await it.press("s")
        await it.on("HomeScreen")
        await it.settled()
        assert_harmless(it)


async def test_a_hostile_file_that_does_not_parse_is_only_words(base: Path) -> None:
    write_files(base, {UNREADABLE: BROKEN})
    async with window(base, size=TALL) as it:
        await it.search("unreadable", first=UNREADABLE)
        assert_harmless(it)
        await it.open(UNREADABLE)
        assert_harmless(it)
        assert "[/]" in it.words
        assert "end of unreadable" in it.words


async def test_a_hostile_name_of_the_base_is_only_words(base: Path) -> None:
    settings_file = base / "kb.toml"
    settings_file.write_text('name = "[/] [bold] \\u001b]52;c;aGk=\\u0007 \\u202ebase"\n', "utf-8")
    async with window(base) as it:
        await it.seen("[/] [bold] base")
        assert_harmless(it)


async def test_hostile_words_typed_and_not_found_are_only_words(base: Path) -> None:
    async with window(base) as it:
        await it.search("zeppelin [/] [bold]x[/bold] [@click=app.quit]x[/]")
        await it.seen("Nobody has written about “zeppelin [/] [bold]x[/bold] [@click=app.quit]x[/]” yet.")
        assert_harmless(it)


async def test_hostile_words_pasted_into_the_query_line_are_only_words(base: Path) -> None:
    """Out of a customer's mail, for example."""
    async with window(base) as it:
        await it.paste(f"zeppelin {COMMANDS.replace(chr(0), '')} end")
        await it.until(lambda: it.query, "the paste")
        await it.settled()
        assert odd_characters(it.part("#query")) == set(), "the query line hands commands to the terminal"
        assert odd_characters(it.part("#hint")) == set(), "the hint hands commands to the terminal"


async def test_hostile_words_pasted_into_the_form_are_only_words(base: Path) -> None:
    async with window(base) as it:
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        await it.paste(f"question {COMMANDS.replace(chr(0), '')} end")
        await it.press("tab")
        await it.paste(f"answer {COMMANDS.replace(chr(0), '')} end")
        await it.settled()
        assert odd_characters(it.part("#form")) == set(), "the form hands commands to the terminal"


async def test_hostile_words_pasted_and_saved_are_only_words(base: Path) -> None:
    async with window(base) as it:
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        await it.fill(question=f"zeppelin {COMMANDS} end", answer=f"answer {COMMANDS} end")
        await it.press("ctrl+s")
        await it.told("Saved: zeppelin")
        await it.settled()
        assert_harmless(it)
        (path,) = base.rglob("*zeppelin*.md")
        assert odd_characters(path.read_text("utf-8")) == set()


async def test_a_character_written_as_a_markdown_entity_is_harmless_too(base: Path) -> None:
    """`&#x202E;` becomes a bidi override only when Markdown is rendered, after the text was made printable."""
    body = "begin &#x202E;gnp.exe&#x202C; &rlm;&lrm; &#x2066;x&#x2069; &#27;]52;c;aGk=&#7; &#x9b;31m end"
    write_files(base, {HOSTILE: f"---\nid: hostil22\n---\n# entity question\n\n{body}\n\n## Internal\n\n{body}\n"})
    async with window(base) as it:
        await it.search("entity question", first=HOSTILE)
        await it.seen("begin")
        in_preview = odd_characters(it.picture)
        await it.open(HOSTILE)
        assert (in_preview, odd_characters(it.picture)) == (set(), set())


async def test_an_entity_put_together_by_the_cleaning_itself_is_harmless_too(base: Path) -> None:
    """Where something is taken out, what stood around it comes together: `&#x20&rlm;2e;` becomes `&#x202e;`."""
    body = "begin &#x20&rlm;2e;gnp.exe &#x20\u202e2e;b &#x20\x002e;c &#x20\x1b[31m2e;d end"
    write_files(base, {HOSTILE: f"---\nid: hostil22\n---\n# entity question\n\n{body}\n"})
    async with window(base) as it:
        await it.search("entity question", first=HOSTILE)
        await it.until(lambda: "begin" in it.part("#preview"), "the preview")
        assert odd_characters(it.picture) == set()


async def test_words_in_angle_brackets_are_shown(base: Path) -> None:
    """Reps write "Dear <name>": what is typed must be read, not taken for HTML and left out."""
    async with window(base) as it:
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        text = "Dear <customer name>, your <b>money</b> is back.\n\n<div>\nCall 0800 123.\n</div>"
        await it.fill(question="what do I write", answer=text)
        await it.press("ctrl+s")
        await it.told("Saved: what do I write")
        await it.search("what do i write")
        await it.until(lambda: "Dear" in it.part("#preview"), "the preview")
        shown = it.part("#preview")
        assert "<customer name>" in shown
        assert "Call 0800 123." in shown


async def test_html_that_only_closes_does_not_end_the_program(base: Path) -> None:
    text = "---\nid: hostil22\n---\n# kbd question\n\nPress </kbd> then </kbd> and </kbd>.\n"
    write_files(base, {HOSTILE: text})
    async with window(base) as it:
        await it.search("kbd question")
        await it.settled()
        await it.open(HOSTILE)
        assert it.app.is_running
        assert "Press" in it.words


async def test_words_of_the_whole_world(base: Path) -> None:
    paths = {f"world/w{number}-worldw2{number}.md": words for number, words in enumerate(WORDS_OF_THE_WORLD, start=2)}
    for path, words in paths.items():
        text = f"---\nid: {path[-11:-3]}\ntags: ['{words}']\n---\n# {words}\n\n{words}\n\n## Internal\n\n{words}\n"
        write_files(base, {path: text})
    async with window(base) as it:
        for path, words in paths.items():
            await it.paste(words)
            await it.until(lambda path=path: it.marked == path, "the hit")  # type: ignore[misc]
            await it.settled()
            assert words in it.part("#hits")
            assert words in it.part("#preview")
            assert_all_lines_are_full(it)
            await it.press("escape")
        for path, words in list(paths.items())[::2]:
            await it.open(path)
            assert it.words.count(words) == 4
            assert_all_lines_are_full(it)
            await it.press("e")
            await it.on("CaptureScreen")
            await it.settled()
            assert it.field("question") == it.field("answer") == it.field("internal-notes") == words
            assert_all_lines_are_full(it)
            await it.press("escape", "escape")


GIANTS = {
    "a line of 200,000 letters": "x" * 200_000,
    "200 KB of paragraphs": "Say this, then wait for it.\n\n" * 7_000,
}


@pytest.mark.parametrize("name", GIANTS)
async def test_a_giant_entry_is_read_and_left_in_bounded_time(base: Path, name: str) -> None:
    body = GIANTS[name]
    write_files(base, {HOSTILE: f"---\nid: hostil22\n---\n# giant question\n\n{body}\n\n## Internal\n\nlast words\n"})
    async with window(base) as it, heartbeat() as stalls:
        await it.search("giant question", first=HOSTILE)
        await it.until(lambda: len(it.part("#preview").split()) > 3, "the preview")
        await it.open(HOSTILE)
        await it.press("end")
        await it.seen("last words")
        await it.press("e")
        await it.on("CaptureScreen")
        await it.type("Hello. ")
        assert max(stalls) < STALL


async def test_a_giant_question_and_giant_tags_are_cut_off_and_nothing_else(base: Path) -> None:
    words = "refund money " * 1_100
    text = f"---\nid: hostil22\ntags: [{'t' * 5_000}]\n---\n# {words}\n\nAnswer.\n"
    write_files(base, {HOSTILE: text, UNREADABLE: "# " + "y" * 200_000 + "\n\nAnswer.\n"})
    async with window(base) as it, heartbeat() as stalls:
        await it.search("refund money")
        assert HOSTILE in it.hits
        assert REFUND in it.hits
        assert "How long does a refund take?" in it.part("#hits")
        await it.open(HOSTILE)
        await it.press("end")
        await it.press("e")
        await it.on("CaptureScreen")
        await it.press("escape", "escape")
        await it.open(UNREADABLE)
        await it.press("escape")
        assert max(stalls) < STALL


SMALL = ((80, 24), (40, 12), (4, 5))
WIDE = "".join(f"{words} {COMMANDS} " for words in WORDS_OF_THE_WORLD)
LONG = f"{WIDE * 14}\n\n" + f"{WIDE}\n\n" * 128
"""200 KB of commands between wide and combining characters, the first line a giant one."""


@pytest.mark.parametrize("size", SMALL, ids=str)
@pytest.mark.parametrize("kind", ["hostile", "long"])
async def test_hostile_words_are_harmless_in_every_screen_at_every_size(
    base: Path, kind: str, size: tuple[int, int]
) -> None:
    entry = (
        ENTRY if kind == "hostile" else f"---\nid: hostil22\n---\n# hostile question\n\n{LONG}\n\n## Internal\n\n{LONG}"
    )
    write_files(base, {HOSTILE: entry})
    async with window(base, size=size) as it:
        await it.search("hostile question", first=HOSTILE)
        assert_harmless(it)
        for key, there in (("h", "TextScreen"), ("w", "TextScreen"), ("f", "LineScreen"), ("e", "CaptureScreen")):
            await it.open(HOSTILE)
            assert_harmless(it)
            await it.press(key)
            await it.on(there)
            await it.settled()
            assert_harmless(it)
            if there == "CaptureScreen":
                await it.type("x")
            await it.press("escape")
            await it.on("EntryScreen")
            await it.press("end")
            assert_harmless(it)
            await it.press("escape")
            await it.on("HomeScreen")
        for key, there in (("ctrl+f", "DraftsScreen"), ("f3", "ChoiceScreen"), ("ctrl+r", "NewsScreen")):
            await it.press(key)
            await it.on(there)
            assert_harmless(it)
            await it.press("escape")
        assert it.app.is_running


# Without a window: any text at all

_HTML = ("</kbd>", "<kbd>", "<b>", "</b>", "<!--", "-->", "&#x202E;", "&amp;")
_SIGNS = ("[", "](x)", "![", "```", "- [x] ", "# ", "> ", "1. ", "~~", "**", "_", "`", "\\", "|", "|-|-|", "[/]")
_SPACE = ("\n", "\n\n", "    ", "\t")
_PIECES = st.sampled_from((*_HTML, *_SIGNS, *_SPACE, "[@click=app.quit]"))
_TEXTS = st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=25).map("".join)
_quick = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def on_a_terminal(renderable: object) -> str:
    """Return what Rich writes to a terminal of 40 columns."""
    out = io.StringIO()
    Console(file=out, width=40, force_terminal=False, color_system=None).print(renderable)
    return out.getvalue()


@_quick
@given(text=_TEXTS)
@example(text="a </kbd> b </kbd> c </kbd>")
@example(text="# a </kbd> </kbd>")
def test_any_answer_can_be_shown(text: str) -> None:
    on_a_terminal(markdown(printable(text)))
    asker = Asker("rep", ("rep", "lead"), "2026-01-01")
    on_a_terminal(preview(read("x.md", text.encode("utf-8", "replace")), asker, text))


@_quick
@given(text=_TEXTS)
@example(text="&#x202E;")
def test_no_answer_becomes_a_command_by_being_rendered(text: str) -> None:
    try:
        shown = on_a_terminal(markdown(printable(text)))
    except IndexError:
        return  # the test above says so
    assert odd_characters(shown) == set()


@_quick
@given(text=_TEXTS, marks=st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=4))
def test_marking_words_changes_none(text: str, marks: list[tuple[int, int]]) -> None:
    shown = printable(text)
    assert "".join(piece for piece, _ in marked(shown, marks)) == shown
    assert in_lines([marked(shown, marks)]).plain == shown
    assert literal(shown).plain == shown
