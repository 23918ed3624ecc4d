"""Names that are chosen once, legal on every platform, and hard to fool."""

from __future__ import annotations

import os
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.entry.file_format import read
from kbtui.entry.identity import (
    file_path,
    id_from_path,
    is_safe_id,
    new_id,
    slug,
    variant_of,
    variant_path,
)
from kbtui.errors import RefusedError
from tests.entry.texts import ENTRY_ID, lines, thorough

_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$|clock\$)(?:\..*)?")
_names = st.one_of(lines, st.text(st.characters(), max_size=200))


def _is_legal_on_windows(name: str) -> bool:
    is_plain = re.fullmatch(r"[^<>:\"/\\|?*\x00-\x1f]+", name) is not None
    return is_plain and name[-1] not in ". " and not _RESERVED.fullmatch(name)


@given(_names)
@thorough
def test_a_slug_is_short_plain_ascii(question: str) -> None:
    """FAULTS 53: at most 60 bytes of ASCII.

    https://github.com/obsidian-tasks-group/obsidian-tasks/issues/2335
    """
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug(question))
    assert len(slug(question).encode()) <= 60


@given(_names)
@thorough
def test_every_form_of_a_question_gives_the_same_slug(question: str) -> None:
    """FAULTS 55: NFC and NFD forms of one name.

    https://github.com/owncloud/client/issues/6338
    https://github.com/libgit2/libgit2/issues/3496
    """
    assert slug(unicodedata.normalize("NFD", question)) == slug(unicodedata.normalize("NFC", question))


@given(_names, _names)
@thorough
def test_a_path_is_legal_on_windows(topic: str, question: str) -> None:
    """FAULTS 52: a question is the title, and the file name is legal on Windows.

    https://github.com/nvaccess/nvda/issues/10663
    https://github.com/rubberduck-vba/Rubberduck/issues/6279
    """
    path = file_path(topic, question, ENTRY_ID)
    folder, name = path.split("/")
    assert _is_legal_on_windows(name)
    assert folder in (slug(topic), f"{slug(topic)}-topic")  # the second where Windows keeps the name for a device
    assert name.endswith(f"-{ENTRY_ID}.md")
    assert path == path.lower()
    assert path.isascii()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ('Refund: how long? "5/7" days…', "refund-how-long-5-7-days"),
        ("a<b>c:d/e\\f|g?h*i", "a-b-c-d-e-f-g-h-i"),
        ("How do I pay?", "how-do-i-pay"),
        ("I can't log in", "i-cant-log-in"),
        ("R&D", "r-and-d"),
    ],
)
def test_slugs_of_questions(question: str, expected: str) -> None:
    """FAULTS 52: a question is the title.

    https://github.com/nvaccess/nvda/issues/10663
    """
    assert slug(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("x" * 240, "x" * 60),
        ("word " * 48, "-".join(["word"] * 12)),
        ("Größe und Straße", "grosse-und-strasse"),
        ("Łódź, Ørsted, Æsir, þorn, İstanbul", "lodz-orsted-aesir-thorn-istanbul"),
        ("😀 emoji", "emoji"),
        ("😀", "entry"),
        ("日本語", "entry"),
        ("", "entry"),
        ("CON", "con"),
        ("..", "entry"),
        (".git", "git"),
        ("-rf", "rf"),
        ("trailing dot.", "trailing-dot"),
        ("trailing space ", "trailing-space"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows", "c-windows"),
        ("a\x00b", "a-b"),
        ("ﬁnd ①", "find-1"),
        ("Acme™ №5", "acmetm-no5"),
    ],
)
def test_slugs_of_hostile_questions(question: str, expected: str) -> None:
    """FAULTS 53: 240 characters, umlauts, emoji, only emoji, CON, .., .git, leading dash, trailing dot or space.

    https://github.com/obsidian-tasks-group/obsidian-tasks/issues/2335
    """
    assert slug(question) == expected
    assert _is_legal_on_windows(file_path("topic", question, ENTRY_ID).split("/")[1])


@pytest.mark.parametrize("topic", ["CON", "nul", "COM¹"])
def test_a_topic_named_like_a_device_is_a_legal_folder(topic: str) -> None:
    """FAULTS 53: `CON` is no legal name on Windows, for a folder neither.

    https://github.com/obsidian-tasks-group/obsidian-tasks/issues/2335
    """
    assert _is_legal_on_windows(file_path(topic, "Question", ENTRY_ID).split("/")[0])


@pytest.mark.parametrize("topic", ["..", "../..", "/etc", "a/../../b", "C:\\", "a\x00b", ""])
def test_a_topic_stays_below_the_base(topic: str) -> None:
    """FAULTS 74: a slug with `../`, an absolute path, NUL, backslash.

    https://github.com/Linbreux/wikmd/issues/80
    """
    assert re.fullmatch(r"[a-z0-9-]+/question-abcdefgh\.md", file_path(topic, "Question", ENTRY_ID))


@pytest.mark.parametrize("entry_id", ["/../../../x", "a\\b", "a\x00b"])
def test_an_unsafe_id_makes_no_path(entry_id: str) -> None:
    """FAULTS 74: an id with `../`, an absolute path, NUL, backslash: refused.

    https://github.com/Linbreux/wikmd/issues/80
    """
    with pytest.raises(RefusedError):
        file_path("topic", "Question", entry_id)


@pytest.mark.parametrize("text", ["abcdefgh", "A", "0", "a-b_c", "x" * 64, "13870453088924"])
def test_safe_ids(text: str) -> None:
    assert is_safe_id(text)


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "../x", "/x", "a/b", "a\\b", "a.b", "-a", "_a", "a b", "a\n", "é", "x" * 65, "a\x00", "a:b", "١"],
)
def test_unsafe_ids(text: str) -> None:
    """FAULTS 74: slug or id with `../`, absolute path, NUL, backslash.

    https://github.com/Linbreux/wikmd/issues/80
    """
    assert not is_safe_id(text)


@pytest.mark.parametrize("written", ["../x", "/etc/passwd", "'a\\b'", '"a\\0b"', "[a]", "{a: b}", "a b", "''", "-x"])
def test_an_unsafe_id_in_a_file_is_not_taken(written: str) -> None:
    """FAULTS 74.

    https://github.com/Linbreux/wikmd/issues/80
    """
    entry = read("a/b.md", f"---\nid: {written}\n---\nWords.\n".encode())
    assert entry.id == id_from_path("a/b.md")


def test_ids_of_files() -> None:
    assert read("t/a-abcdefg2.md", b"---\nid: Other-1\n---\n").id == "Other-1"
    assert read("t/a-abcdefg2.md", b"Words.").id == id_from_path("t/a-abcdefg2.md")
    assert read("t/a.md", b"Words.").id == id_from_path("t/a.md") != read("u/a.md", b"Words.").id
    assert read("t/a.md", b"---\nid: 13870453088924\n---\n").id == "13870453088924"


def test_two_files_without_an_id_are_two_entries() -> None:
    """Names of other bases end in words of eight letters: `password` is no id."""
    first, second = read("account/master-password.md", b"Words."), read("account/forgot-master-password.md", b"Other.")
    assert first.id != second.id


@given(st.binary(min_size=5, max_size=5))
@thorough
def test_a_new_id_is_safe_and_ends_the_name(random: bytes) -> None:
    entry_id = new_id(lambda count: random[:count])
    assert re.fullmatch(r"[a-z2-7]{8}", entry_id)
    assert is_safe_id(entry_id)
    assert file_path("topic", "Question", entry_id) == f"topic/question-{entry_id}.md"


def test_new_ids_use_all_their_bits() -> None:
    assert len({new_id(os.urandom) for _ in range(200)}) == 200
    assert new_id(lambda count: b"\x00" * count) != new_id(lambda count: b"\x00" * (count - 1) + b"\x01")


@given(_names.filter(lambda path: not any("\ud800" <= character <= "\udfff" for character in path)))
@thorough
def test_an_id_from_a_path_lasts(path: str) -> None:
    assert id_from_path(path) == id_from_path(path)
    assert re.fullmatch(r"[a-z2-7]{8}", id_from_path(path))


def test_names_that_differ_in_case_alone_are_never_made() -> None:
    """FAULTS 54: `Refund.md` and `refund.md`: never both made; names are lower case and end in an id.

    https://github.com/patriciogonzalezvivo/glslViewer/issues/389
    """
    assert file_path("Topic", "Refund", "abcdefgh") == file_path("topic", "refund", "abcdefgh")
    assert file_path("topic", "Refund", "abcdefgh").casefold() != file_path("topic", "refund", "bcdefghi").casefold()


@given(st.text("abc-./ é", min_size=1, max_size=20).map(lambda stem: f"{stem}.md"), st.binary(max_size=20))
@thorough
def test_a_variant_knows_its_entry(path: str, content: bytes) -> None:
    variant = variant_path(path, content)
    assert variant_of(variant) == path
    assert variant_path(path, content) == variant
    assert variant_path(path, content + b"x") != variant


def test_a_variant_of_a_name_with_a_newline_knows_its_entry() -> None:
    assert variant_of(variant_path("a\nb.md", b"x")) == "a\nb.md"


@pytest.mark.parametrize(
    "path", ["a.md", "a.variant.md", "a.0123456789ab.md", "a.0123456789AB.variant.md", ".variant.md"]
)
def test_other_files_are_no_variants(path: str) -> None:
    assert variant_of(path) == ""


def test_a_variant_has_an_identity_of_its_own() -> None:
    data = b"---\nid: abcdefgh\n---\n# Question\n"
    variant = read(variant_path("t/a-abcdefgh.md", data), data)
    assert (variant.variant_of, variant.question) == ("t/a-abcdefgh.md", "Question")
    assert variant.id != "abcdefgh"
