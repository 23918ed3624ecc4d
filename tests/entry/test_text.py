"""Words from outside are made harmless once, and lose nothing a person could see."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kbtui.entry.file_format import read
from kbtui.entry.text import age, clipped, counted, normal, one_line, printable
from tests.entry.texts import HOSTILE, blocks, is_harmless, thorough

_characters = st.one_of(st.characters(), st.sampled_from("\x1b\x9b\x9d\x90\x07\x9c\\[]P;0mhH\n\r\t \u202e\u200d"))
_any = st.one_of(blocks, st.text(_characters, max_size=60))
_payload = st.text("ABCDEFGHabcdefgh0123456789+/=", min_size=4, max_size=40)


@given(_any)
@example("\x1b\x1b]52;c;AAAA\x07")
@example("\x1b\u200b]52;c;AAAA\x07")
@example("\ud800\udc00")
@thorough
def test_nothing_but_printable_characters_survives(text: str) -> None:
    """FAULTS 72: nothing but printable text, newline and tab reaches the terminal or clipboard.

    https://github.com/tui-cs/Terminal.Gui/issues/5217
    https://github.com/vercel/ai/pull/20052
    https://github.com/sindresorhus/np/issues/804
    https://github.com/gitgitgadget/git/pull/1853
    """
    shown = printable(text)
    assert is_harmless(shown)
    assert "\x1b" not in shown
    shown.encode()


def test_every_single_character_is_printable_or_goes() -> None:
    """FAULTS 72, for each of Unicode's characters.

    https://github.com/tui-cs/Terminal.Gui/issues/5217
    """
    bad = [hex(code) for code in range(0x110000) if not is_harmless(printable(chr(code)))]
    assert bad == []


@given(_any)
@thorough
def test_the_number_of_newlines_never_changes(text: str) -> None:
    assert printable(text).count("\n") == text.count("\n")


@given(_any)
@example("&#x20\u200b2e;")
@example("&#x20&shy;2e;")
@thorough
def test_what_is_printable_stays_as_it_is(text: str) -> None:
    once = printable(text)
    assert printable(once) == once


@pytest.mark.parametrize("reference", ["&#x202e;", "&#8238;", "&rlm;", "&shy;", "&ZeroWidthSpace;", "&#x2028;"])
def test_a_reference_to_what_is_invisible_goes(reference: str) -> None:
    """FAULTS 72.

    https://github.com/tui-cs/Terminal.Gui/issues/5217
    """
    assert is_harmless(MarkdownIt().render(printable(f"a {reference} b &amp; &#x20ac;")))


@given(_any)
@example("&#x20\u200b2e;")
@example("&#x20&shy;2e;")
@thorough
def test_markdown_makes_nothing_else_of_what_is_printable(text: str) -> None:
    """FAULTS 72: no reader of Markdown turns a loaded text into one that reverses or hides.

    https://github.com/tui-cs/Terminal.Gui/issues/5217
    """
    assert is_harmless(MarkdownIt().render(printable(text)))


@given(st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \n\t\u200c\u200d\u00a0")))
@thorough
def test_visible_text_is_not_touched(text: str) -> None:
    assert printable(text) == text


@given(
    before=st.text("ab \n", max_size=5),
    opening=st.sampled_from(["\x1b]52;c;", "\x9d52;c;", "\x1b]52;p;", "\x1b]0;", "\x1b]8;;", "\x1bP", "\x1b_", "\x90"]),
    payload=_payload,
    end=st.sampled_from(["\x07", "\x1b\\", "\x9c"]),
    after=st.text("cd \n", max_size=5),
)
@thorough
def test_the_payload_of_a_sequence_goes_with_it(before: str, opening: str, payload: str, end: str, after: str) -> None:
    """FAULTS 72: OSC 52 writes the clipboard, OSC 8 hides a link; whole sequences go, not just their first byte.

    https://github.com/tui-cs/Terminal.Gui/issues/5217
    """
    if end == "\x07" and opening in ("\x1bP", "\x1b_", "\x90"):
        end = "\x9c"  # BEL ends an OSC only
    assert printable(f"{before}{opening}{payload}{end}{after}") == before + after


@given(_payload)
def test_a_sequence_without_an_end_goes_to_the_end_of_its_line(payload: str) -> None:
    """FAULTS 72.

    https://github.com/vercel/ai/pull/20052
    """
    assert printable(f"a\x1b]52;c;{payload}\nb") == "a\nb"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[?25l\x1b[2J\x1b[1;1Hx", "x"),
        ("\x9b31mred", "red"),
        ("\x1b]8;;http://evil\x1b\\click\x1b]8;;\x1b\\", "click"),
        ("\x1b(0x\x1b(B", "x"),
        ("\x1bc", ""),
        ("a\x85b\u2028c\u2029d\ve\ff\rg", "a b c d e f g"),
        ("a\r\nb\rc\r\r\nd", "a\nb c \nd"),
        ("\u202eabc\u202c\u2066d\u2069\u200e\u061c", "abcd"),
        ("so\u00adft \u200b\ufeffx\u2060", "soft x"),
        ("می\u200cخواهم 👩\u200d👧", "می\u200cخواهم 👩\u200d👧"),
        ("\U000e0041\U000e007f\U0001d173", ""),
        ("a\ud800b\udfffc", "a\ufffdb\ufffdc"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(_any)
@thorough
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert is_harmless(line)
    assert line == line.strip()
    assert not any(character in line for character in "\n\r\t\v\f\u00a0\u2028")
    assert "  " not in line
    assert line.split() == printable(text).split()


@given(_any)
@thorough
def test_texts_are_compared_without_form_and_white_space(text: str) -> None:
    shown = printable(text)
    assert normal(unicodedata.normalize("NFD", shown)) == normal(unicodedata.normalize("NFC", shown))
    assert normal(f"\n {text}\t ") == normal(text)


@given(_any, st.integers(1, 30))
def test_a_clipped_text_is_no_longer_than_asked(text: str, width: int) -> None:
    cut = clipped(text, width)
    assert len(cut) <= width
    assert cut == text if len(text) <= width else cut.endswith("…")


@pytest.mark.parametrize("hostile", [text for text in HOSTILE if text != "\r\n"])
def test_a_hostile_value_reaches_no_part_of_an_entry(hostile: str) -> None:
    """FAULTS 72: ESC, OSC 52, C1, bidi overrides in title, tag, body, owner.

    https://github.com/tui-cs/Terminal.Gui/issues/5217
    """
    text = f"a{hostile}b"
    header = f"title: {text}\ntags: [{text}]\nowner: '{text}'\nvalidated:\n  by: {text}\n  text: '{text}'\n"
    data = f"---\n{header}---\n{text}\n\n## Internal\n\n{text} [{text}](http://x)\n".encode("utf-8", "surrogatepass")

    entry = read("a.md", data)

    for shown in (entry.question, entry.answer, entry.internal, entry.owner, entry.plain, *entry.tags):
        assert is_harmless(shown)
        assert "ZXZpbA==" not in shown


@pytest.mark.parametrize(
    "escape", [r"\e]52;c;ZXZpbA==\a", r"\x1b[2J", r"\u202e", r"\0", r"\N", r"\L", r"\x9b2J", r"\ufeff"]
)
def test_what_yaml_escapes_stand_for_is_made_harmless(escape: str) -> None:
    """FAULTS 72: a double-quoted header value can spell any character.

    https://github.com/tui-cs/Terminal.Gui/issues/5217
    """
    card = f'  action: "a{escape}"\n  limits:\n    "r{escape}": 5\n  boundary: "c{escape}"\n'
    header = f'title: "t{escape}"\ntags: ["g{escape}"]\nowner: "o{escape}"\nstate: "s{escape}"\nauthority:\n{card}'
    entry = read("a.md", f"---\n{header}---\nWords.\n".encode())
    assert entry.authority is not None
    card_texts = [entry.authority.action, entry.authority.boundary, *(limit.role for limit in entry.authority.limits)]
    shown = [entry.question, *entry.tags, entry.owner, *card_texts]
    assert all(map(is_harmless, [*shown, *(problem.reason for problem in entry.problems)]))
    assert "ZXZpbA==" not in "".join(shown)


@pytest.mark.parametrize("reference", ["&#x202e;", "&rlm;"])
@pytest.mark.parametrize("body", ["a {} b", "[a {} b](http://x)", "<div>a {} b</div>", "# a {} b"])
def test_what_character_references_stand_for_is_made_harmless(body: str, reference: str) -> None:
    """FAULTS 72: Markdown's `&#x202e;` is a bidi override as well; `plain` and the links are shown in lists.

    https://github.com/tui-cs/Terminal.Gui/issues/5217
    """
    entry = read("a.md", body.format(reference).encode())
    assert all(map(is_harmless, [entry.question, entry.plain, entry.excerpt, *(link.text for link in entry.links)]))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-3, "today"), (0, "today"), (1, "yesterday"), (2, "2 days"), (6, "6 days"), (7, "a week"), (13, "a week"),
        (14, "2 weeks"), (30, "a month"), (364, "12 months"), (365, "a year"), (729, "a year"), (730, "2 years"),
    ],
)  # fmt: skip
def test_how_long_ago_in_a_few_letters(days: int, words: str) -> None:
    assert age(days * 86_400) == words


@pytest.mark.parametrize(
    ("number", "one", "many", "said"),
    [
        (0, "entry", "", "0 entries"),
        (1, "entry", "", "1 entry"),
        (2, "entry", "", "2 entries"),
        (1, "error", "", "1 error"),
        (3, "error", "", "3 errors"),
        (2, "day", "", "2 days"),
        (1, "caller waits", "callers wait", "1 caller waits"),
        (2, "caller waits", "callers wait", "2 callers wait"),
    ],
)
def test_what_is_counted_agrees_with_its_number(number: int, one: str, many: str, said: str) -> None:
    assert counted(number, one, many) == said
