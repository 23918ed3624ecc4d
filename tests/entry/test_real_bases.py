"""Five real knowledge bases and a folder of files that broke parsers: each file is an entry that shows its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kbtui.entry.file_format import change, read
from kbtui.entry.model import Entry, EntryChange, Severity
from kbtui.entry.text import one_line, printable
from kbtui.errors import RefusedError
from tests.data import data_or_skip
from tests.entry.texts import is_harmless, within

BASES = ("arduino", "bitwarden", "datatalks-faq", "duckduckgo", "tldr")
SEND_TAGS = ("bitwarden send", "send", "create a send", "how to", "ephemeral sharing")
_HEADER = re.compile(r"\A\s*---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*.md")):
        yield file.relative_to(folder).as_posix(), file.read_bytes()


@cache
def _entries(base: str) -> list[tuple[str, bytes, Entry]]:
    files = _files(data_or_skip(f"markdown_kbs/{base}/files"))
    return [(path, data, read(path, data)) for path, data in files]


def _lines_below_the_header(data: bytes) -> list[str]:
    text = _HEADER.sub("", printable(data.decode("utf-8", "replace")))
    return [line for line in text.split("\n") if line.strip()]


def _missing(entry: Entry, data: bytes) -> list[str]:
    """Return the lines of the file that the entry does not show; headings that divide it do not count."""
    shown = set("\n".join([entry.answer, entry.internal, entry.see_also]).split("\n"))
    lost = [line for line in _lines_below_the_header(data) if line not in shown]
    return [line for line in lost if not re.match(r" {0,3}(?:# |## (?:internal|see also))", line, re.IGNORECASE)]


@pytest.mark.parametrize("base", BASES)
def test_every_file_has_a_question_and_shows_its_text(base: str) -> None:
    with within(60.0):
        for path, data, entry in _entries(base):
            assert entry.question == one_line(entry.question) != ""
            assert entry.readable, path
            assert _missing(entry, data) == [], path
            assert is_harmless(entry.question + entry.answer + entry.plain), path
            assert bool(entry.plain) == bool(entry.answer or entry.internal or entry.see_also), path


@pytest.mark.parametrize("base", BASES)
def test_every_file_has_an_id_of_its_own(base: str) -> None:
    """`master-password.md` and `forgot-master-password.md` are two entries, not both the entry `password`."""
    paths: dict[str, list[str]] = {}
    for path, _, entry in _entries(base):
        paths.setdefault(entry.id, []).append(path)
    assert [group for group in paths.values() if len(group) > 1] == []


@pytest.mark.parametrize(
    ("base", "path", "question", "tags"),
    [
        ("bitwarden", "_categories/import-export.md", "Import &amp; Export", ()),
        ("bitwarden", "_articles/send/send-ios.md", "Send from iOS Extension", SEND_TAGS),
        ("duckduckgo", "_docs/duckai/chat-models.md", "What AI chat models are available?", ("Duck.ai",)),
        ("tldr", "pages/common/3d-ascii-viewer.md", "3d-ascii-viewer", ()),
    ],
)
def test_questions_of_other_bases(base: str, path: str, question: str, tags: tuple[str, ...]) -> None:
    file = data_or_skip(f"markdown_kbs/{base}/files") / path
    entry = read(path, file.read_bytes())
    assert (entry.question, entry.tags) == (question, tags)


@pytest.mark.parametrize("base", BASES)
def test_an_added_tag_changes_no_other_line(base: str) -> None:
    """FAULTS 50: in headers that real people wrote, every other line is byte-identical.

    https://github.com/cyanheads/obsidian-mcp-server/issues/89
    """
    for path, data, before in _entries(base)[::25]:
        result = change(data, EntryChange(tags=(*before.tags, "added by kbtui")))

        after = read(path, result)
        assert after.tags == (*before.tags, "added by kbtui"), path
        assert (after.question, after.answer, after.id) == (before.question, before.answer, before.id), path
        old = data.splitlines(keepends=True)
        kept = [line for line in result.splitlines(keepends=True) if line in old]
        lost = [line for line in old if line not in kept]
        assert all(re.match(rb"tags:|[ \t]*- ", line) for line in lost), path


def _malformed(name: str) -> Entry:
    folder = data_or_skip("markdown_kbs/malformed")
    return read(name, (folder / name).read_bytes())


def test_every_malformed_file_has_a_question_and_shows_its_text() -> None:
    """FAULTS 49: an entry that does not parse is shown as text.

    https://github.com/prose/prose/issues/597
    """
    for path, data in _files(data_or_skip("markdown_kbs/malformed")):
        entry = read(path, data)
        assert entry.question, path
        assert _missing(entry, data) == [], path
        assert is_harmless(entry.question + entry.answer), path


def test_changing_nothing_in_a_malformed_file_keeps_its_bytes() -> None:
    """FAULTS 49: its bytes are untouched until someone saves.

    https://github.com/prose/prose/issues/597
    """
    for path, data in _files(data_or_skip("markdown_kbs/malformed")):
        try:
            assert change(data, EntryChange()) == data, path
        except RefusedError:
            assert not read(path, data).readable, path


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("front_matter_not_a_map/obsidian-baa9aedf.md", 2),
        ("front_matter_not_closed/adobe-commerce-2ab2d65a.md", 1),
    ],
)
def test_a_header_that_cannot_be_read_is_an_error(name: str, line: int) -> None:
    """FAULTS 49: bad YAML, missing fence.

    https://github.com/prose/prose/issues/597
    """
    entry = _malformed(name)
    assert [(problem.line, problem.severity) for problem in entry.problems] == [(line, Severity.ERROR)]
    assert not entry.readable


@pytest.mark.parametrize(
    ("name", "line", "question"),
    [
        ("duplicate_key/bitwarden-31bf61ce.md", 11, "Bitwarden Security Whitepaper"),
        (
            "yaml_error/adobe-commerce-5e5145df.md",
            2,
            'MDVA-43718: "consumer isn\'t authorized to access resources" error',
        ),
        (
            "yaml_error/adobe-commerce-609d9b69.md",
            2,
            'MDVA-43718: "consumer isn\'t authorized to access resources." err',
        ),
        ("yaml_error/adobe-commerce-c7d5c3a4.md", 2, '`MDVA-43718: "consumer isn\'t authorized to access resources"'),
        ("yaml_error/arduino-041b0877.md", 2, "FAQ: Arduino Opta"),
        ("yaml_error/arduino-56e5525b.md", 2, 'If you get a "The device found is not compatible" error'),
        ("yaml_error/arduino-6e25ade5.md", 2, "avrdude: ser_open(): can't set com-state for COMn"),
        ("yaml_error/arduino-ccc7d495.md", 2, "FAQ: Arduino Portenta X8"),
        ("yaml_error/bitwarden-d48ef031.md", 10, "Sync with OneLogin"),
        ("yaml_error/datatalks-faq-3a475141.md", 3, "Invalid data types after Ingesting FHV data"),
        ("yaml_error/datatalks-faq-64a40dc4.md", 4, "GCP BQ - Caution in using bigquery:no"),
        ("yaml_error/datatalks-faq-a5c9d687.md", 3, "BigQuery adapter: 404 Not found: Dataset was not found"),
        ("yaml_error/datatalks-faq-d6be47fa.md", 4, "Jupyter Notebook or SparkUI not loading properly"),
        ("yaml_error/duckduckgo-a1b248ee.md", 2, "&t="),
    ],
)
def test_a_header_that_is_not_strict_is_read_and_noted(name: str, line: int, question: str) -> None:
    """FAULTS 49: bad YAML is read where its meaning is plain, and the line to mend is named.

    https://github.com/prose/prose/issues/597
    """
    entry = _malformed(name)
    assert entry.question.startswith(question)
    assert [(problem.line, problem.severity) for problem in entry.problems] == [(line, Severity.NOTE)]
    assert entry.readable


@pytest.mark.parametrize("name", ["duckduckgo-33702645.md", "duckduckgo-7ea7554a.md", "duckduckgo-cc6e9397.md"])
def test_a_title_with_an_exclamation_mark_is_a_title(name: str) -> None:
    """`title: !Bangs`, refused by YAML's safe_load as a tag: every scalar stays the text that was typed."""
    assert _malformed(f"yaml_error/{name}").question == "!Bangs"


@pytest.mark.parametrize(
    "name", ["obsidian-1ca57641.md", "obsidian-40c47f67.md", "obsidian-9290685b.md", "obsidian-dea5039d.md"]
)
def test_a_rule_above_the_text_is_no_header(name: str) -> None:
    """FAULTS 49: `---` in the body.

    https://github.com/prose/prose/issues/597
    """
    entry = _malformed(f"front_matter_not_closed/{name}")
    assert entry.problems == ()
    assert entry.answer.startswith("---\n")
