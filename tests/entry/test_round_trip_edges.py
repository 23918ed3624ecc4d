"""Headers in which a key's lines are not where one would look for them: what is not the key's own must stay."""

from __future__ import annotations

import pytest

from kbtui.entry.file_format import change, read
from kbtui.entry.model import EntryChange
from kbtui.errors import RefusedError

OWNER = EntryChange(owner="Ann")


def _changed(header: str, wanted: EntryChange) -> str:
    """Return the header after the change, or as it was where the change is refused."""
    try:
        result = change(f"---\n{header}---\nWords.\n".encode(), wanted)
    except RefusedError:
        return header
    return result.decode().removeprefix("---\n").removesuffix("---\nWords.\n")


def test_the_first_of_two_equal_keys_stays() -> None:
    """FAULTS 50: every other line is byte-identical, also one whose key is there again further down.

    https://github.com/cyanheads/obsidian-mcp-server/issues/89
    """
    assert "layout: one\n" in _changed("owner: Bo\nlayout: one\ntitle: Q\nlayout: two\n", OWNER)


@pytest.mark.parametrize("key", ["my key", '"quoted"', "2fa", "path/to"])
def test_an_odd_key_stays_in_a_header_that_is_not_strict(key: str) -> None:
    """FAULTS 50: an unknown key below the changed one, in a header with an unquoted colon.

    https://github.com/estruyf/vscode-front-matter/issues/384
    """
    assert f"{key}: x\n" in _changed(f"owner: Bo\n{key}: x\ntitle: Error: Q\n", OWNER)


@pytest.mark.parametrize(
    "header", ["owner: Bo\n  # about titles\ntitle: Q\n", "owner: Bo\n\n  # about titles\n\ntitle: Q\n"]
)
def test_an_indented_comment_stays(header: str) -> None:
    """FAULTS 50: a comment between two keys, however far it is indented.

    https://github.com/cyanheads/obsidian-mcp-server/issues/89
    """
    assert "  # about titles\n" in _changed(header, OWNER)


@pytest.mark.parametrize("wanted", [OWNER, EntryChange(tags=("a",)), EntryChange(pinned=True)])
def test_a_header_that_is_indented_as_a_whole_keeps_its_values(wanted: EntryChange) -> None:
    """FAULTS 50: nothing else changes its meaning when a key is added.

    https://github.com/cyanheads/obsidian-mcp-server/issues/89
    """
    header = "  id: abc\n  title: How long?\n  layout: x\n"
    entry = read("a.md", f"---\n{_changed(header, wanted)}---\nWords.\n".encode())
    assert (entry.id, entry.question, entry.problems) == ("abc", "How long?", ())


def test_a_key_written_on_a_line_of_its_own_stays_whole() -> None:
    """FAULTS 50: YAML's `?` form, below the changed key.

    https://github.com/estruyf/vscode-front-matter/issues/384
    """
    assert "?\n  layout\n: x\n" in _changed("owner: Bo\n?\n  layout\n: x\n", OWNER)


OWNERS = ["Bo", "'Bo'", "|\n  Bo", "|+\n  Bo\n\n  Lee", ">-\n  Bo\n  Lee", "Bo\n  Lee", '"Bo\n\n  Lee"', "\n  Bo", ""]


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("is_strict", [True, False])
def test_comments_around_a_changed_key_stay(owner: str, *, is_strict: bool) -> None:
    """FAULTS 50: comments and blank lines belong to nobody, however the value above them is written.

    https://github.com/cyanheads/obsidian-mcp-server/issues/89
    """
    rest = "# b\n\n# c\n\ntitle: Q\n# d\n" if is_strict else "# b\n\n# c\n\ntitle: Error: Q\n# d\n"
    assert _changed(f"# a\nowner: {owner}\n{rest}", OWNER) == f"# a\nowner: Ann\n{rest}"


@pytest.mark.parametrize("owner", [owner for owner in OWNERS if not owner.startswith("|+")])
def test_blank_lines_below_a_changed_key_stay(owner: str) -> None:
    """FAULTS 50: a blank line below the changed key.

    https://github.com/cyanheads/obsidian-mcp-server/issues/89
    """
    assert _changed(f"owner: {owner}\n\n\ntitle: Q\n", OWNER) == "owner: Ann\n\n\ntitle: Q\n"


@pytest.mark.parametrize("written", ['"Ann"', "Ann # who", "|\n  Ann", "\n    Ann"])
def test_a_value_that_is_there_already_keeps_its_lines(written: str) -> None:
    """FAULTS 50: saving without a change is no change.

    https://github.com/cyanheads/obsidian-mcp-server/issues/89
    """
    header = f"title: Q\nowner: {written}\nx: y\n"
    assert _changed(header, OWNER) == header


def test_a_key_that_is_new_stands_last() -> None:
    header = "title: Q\nnotes: |\n  a\n\n  # b\n# c\n\n"
    assert _changed(header, OWNER) == header + "owner: Ann\n"


@pytest.mark.parametrize("header", ["", "# only a comment\n", "\n"])
def test_an_empty_header_gets_its_first_key(header: str) -> None:
    assert _changed(header, OWNER) == header + "owner: Ann\n"


@pytest.mark.parametrize("key", ["labels", "categories", "category", "keywords"])
def test_tags_of_another_base_are_replaced_or_kept(key: str) -> None:
    header = f"title: Q\n{key}: [a, b]\n"
    data = f"---\n{_changed(header, EntryChange(tags=('a', 'c')))}---\nWords.\n".encode()
    assert read("a.md", data).tags == ("a", "c")
    assert f"{key}: [a, b]\n".encode() in data
