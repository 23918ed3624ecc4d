"""The meeting pack (F47): the same repository gives the same bytes, whatever was done to its history.

The golden page is tests/golden/meeting.md; it is made of a scripted week and is read as a person reads it.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kbtui.entry.event import Event, EventKind, file_of
from kbtui.entry.model import Person
from kbtui.team.meeting import Pack, Row, Section
from kbtui.team.meeting_html import html
from kbtui.team.meeting_markdown import literal, markdown
from kbtui.team.period import Period
from tests.events import NOON, event
from tests.helpers import ANA, BEN, LEAD, PATIENCE, REFUND, git, opened, run_kbtui, write_files

GOLDEN = Path(__file__).parent / "golden" / "meeting.md"
WEEK = ("2026-11-02", "2026-11-08")
DAYS = Period(dt.date(2026, 11, 2), dt.date(2026, 11, 8))
BENNY = Person("benny", "benny@old.example")

CARD = "may-i-refund-maycar22.md"
PARTS = "do-you-sell-parts-partsq22.md"
_CARD = """---
id: maycar22
state: not-validated
authority:
  action: refund
  unit: EUR
  limits:
    rep: {rep}
    shift lead: 250
  boundary: never after 90 days
---
# May I refund a damaged parcel?

Yes, up to your limit.
"""
_QUESTION = "---\nid: partsq22\nstate: {state}\n---\n# Do you sell spare parts?\n{answer}"

EVENTS = (
    *(event(f"used000{n}", at=NOON.replace(day=n), by=BEN) for n in (1, 3, 4)),
    event("used0005", at=NOON.replace(day=4, hour=15)),
    event("used0006", entry="maycar22", at=NOON.replace(day=6)),
    event("used0007", entry="gone2222"),
    event("joined01", EventKind.JOINED, "openqu22", BEN, NOON.replace(day=5)),
    event("miss0001", EventKind.MISS, "", BEN, NOON, "gift card for a refund"),
    event("miss0002", EventKind.MISS, "", ANA, NOON, "gift cards for refunds", refs=("found",)),
    event("miss0003", EventKind.MISS, "", ANA, NOON.replace(day=30), "after that week"),
    event("thanks01", EventKind.THANKS, "partsq22", LEAD, NOON.replace(day=6), "my call", (BENNY.email, ANA.email)),
    event("thanks02", EventKind.THANKS, "partsq22", LEAD, NOON.replace(day=6), "", ("nobody@known.example",)),
    event("idea0001", EventKind.IDEA_RAISED, "", ANA, NOON.replace(month=10), "Say the limit first"),
    event("idea0002", EventKind.IDEA_IN_PRACTICE, "maycar22", LEAD, NOON.replace(day=5), refs=("idea0001",)),
    event("idea0003", EventKind.IDEA_RAISED, "", BENNY, NOON.replace(day=3), "Print <b>labels</b>"),
    event("idea0004", EventKind.IDEA_RAISED, "", ANA, NOON.replace(year=2028), "By a clock two years ahead"),
)


@pytest.fixture
def week(base: Path) -> Path:
    """Return the small base after a scripted week: asked, answered, a limit changed, events of three people."""
    _commit(base, {CARD: _CARD.format(rep=50)}, "2026-10-20", LEAD)
    _commit(base, {PARTS: _QUESTION.format(state="open", answer="")}, "2026-11-02", ANA, "ask", "save0001")
    answered = _QUESTION.format(state="not-validated", answer="\nOnly filters.\n")
    _commit(base, {PARTS: answered}, "2026-11-03", BENNY, "answer", "save0002")
    _commit(base, {PARTS: answered + "\nAnd lamps.\n"}, "2026-11-04", ANA, "edit", "save0003")
    _commit(base, {CARD: _CARD.format(rep=80)}, "2026-11-04", LEAD, reviewer=ANA)
    _commit(base, {REFUND: (base / REFUND).read_text() + "\nMore.\n"}, "2026-11-30", BEN, "edit", "save0004")
    _commit(base, {".mailmap": f"{BEN} <{BENNY.email}>\n"} | _files(EVENTS), "2026-11-30", LEAD)
    return base


def _files(events: tuple[Event, ...]) -> dict[str, str]:
    files: dict[str, str] = {}
    for each in events:
        path = file_of(each, "machin22")
        files[path] = f"{files.get(path, '')}{each.line}\n"
    return files


def _commit(
    base: Path,
    files: Mapping[str, str],
    day: str,
    by: Person,
    action: str = "",
    save: str = "",
    reviewer: Person | None = None,
) -> None:
    write_files(base, files)
    git(base, "add", "-A")
    trailers = [f"Kb-Action: {action}", f"Kb-Save-Id: {save}"] if action else []
    trailers += [f"Reviewed-by: {reviewer}"] if reviewer else []
    dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"{day}T12:00:00Z")
    git(base, "commit", "-qm", "\n\n".join(["words", "\n".join(trailers)]).strip(), by=by, env=dates)


def _pack(base: Path) -> Pack:
    with opened(base) as knowledge:
        return knowledge.meeting(knowledge.period(*WEEK))


def test_the_scripted_week_reads_as_it_should(week: Path) -> None:
    """Where it is meant to change, WRITE_GOLDEN=1 makes the file anew."""
    text = markdown(_pack(week))
    if "WRITE_GOLDEN" in os.environ:
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize("way", ["clone", "rebase", "squash", "amend", "merge"])
def test_two_clones_have_the_same_bytes(week: Path, tmp_path: Path, way: str) -> None:
    """FAULTS 57, 64-67: rewritten, squashed, merged; read step by step in one clone, all at once in the other."""
    first = _pack(week)
    if way == "rebase":
        git(week, "rebase", "-q", "--force-rebase", "HEAD~6")
    elif way == "squash":
        git(week, "reset", "-q", "--soft", "HEAD~4")
        saves = "\n".join(f"Kb-Action: {action}\nKb-Save-Id: save000{n}" for n, action in ((3, "edit"), (4, "edit")))
        date = {"GIT_AUTHOR_DATE": "2026-11-04T12:00:00Z"}
        git(week, "commit", "-qm", f"squashed\n\n{saves}", by=BEN, env=date)
    elif way == "amend":
        git(week, "commit", "-q", "--amend", "-m", "other words", by=LEAD)
    elif way == "merge":
        git(week, "checkout", "-qb", "side", "HEAD~3")
        _commit(week, {"side.md": "# Is it a side?\n\nYes.\n"}, "2026-11-05", BEN, "new", "save0009")
        git(week, "checkout", "-q", "main")
        git(week, "merge", "-q", "--no-ff", "--no-edit", "side", by=LEAD)
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(week), str(other))
    here, there = _pack(week), _pack(other)
    assert markdown(here) == markdown(there)
    assert html(here) == html(there)
    if way in ("clone", "rebase", "amend"):
        assert markdown(here) == markdown(first), "what says the same gives the same"


def test_the_pack_says_nothing_of_the_moment_or_the_computer(week: Path) -> None:
    text = html(_pack(week)) + markdown(_pack(week))
    assert str(week) not in text
    assert "after that week" not in text
    assert "clock two years ahead" not in text


def test_nobody_is_counted_and_no_address_is_shown(week: Path) -> None:
    """F41: names beside what they did; a thank-you has names and no number."""
    pack = _pack(week)
    text = html(pack) + markdown(pack)
    assert "@" not in re.sub(r"@media[^{]*", "", html(pack))
    assert not re.search(rf"({ANA.name}|{BEN.name}|{LEAD.name})\W{{0,3}}\d+\b(?!-)", text)
    (thanks,) = (section for section in pack.sections if section.anchor == "thanks")
    assert thanks.number is None
    assert [row.number for row in thanks.rows] == [None, None]
    assert thanks.rows[0].text == "Lena Lead thanks Ben Okoro, Ana Kovacs", "by .mailmap"


def test_an_entry_that_is_moved_keeps_its_limit_changes(week: Path) -> None:
    (week / "cards").mkdir()
    git(week, "mv", CARD, f"cards/{CARD}")
    dates = {"GIT_AUTHOR_DATE": "2026-11-06T12:00:00Z"}
    git(week, "commit", "-qm", "moved", by=LEAD, env=dates)
    (section,) = (section for section in _pack(week).sections if section.anchor == "authority")
    assert [row.details for row in section.rows] == [("now: rep: 80", "no longer: rep: 50")]


# The page itself


class _Page(HTMLParser):
    """Collects what a page has that could ask for something or lead somewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.policy = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.attributes |= values.keys()
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]


HOSTILE = '</li></style><script>alert(1)</script><img src="http://evil.example/x.png" onerror="x()">" onload="y'


def _hostile() -> Pack:
    """Return a pack whose every word is hostile."""
    row = Row("used-x", HOSTILE, 3, (HOSTILE, "https://evil.example"), (HOSTILE, HOSTILE))
    with_chart = Section("reused", HOSTILE, 3, HOSTILE, (row,), 1, HOSTILE, has_chart=True)
    return Pack(HOSTILE, DAYS, (with_chart, Section("changed", "Changed", 0, "x", (), 0, HOSTILE)))


def test_the_page_asks_for_nothing_and_every_number_leads_somewhere(week: Path) -> None:
    for text in (html(_pack(week)), html(_hostile())):
        page = _Page(text)
        assert page.tags <= {
            *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ul", "li", "a", "section", "code"),
            *("svg", "text", "rect", "line"),
        }
        assert page.attributes <= {
            *("lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "viewbox", "role"),
            *("aria-label", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "rx"),
        }, "nothing that loads, runs or styles by itself"
        assert page.policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in page.policy
        assert "url(" not in text
        assert "@import" not in text
        assert len(page.ids) == len(set(page.ids))
        assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
        assert all(link.startswith("#") for link in page.links)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("[x](http://evil.example)", "\\[x\\](http&#58;//evil.example)"),
        ("<script>*", "\\<script\\>\\*"),
        ("1. one", "1\\. one"),
        ("- [ ] box", "\\- \\[ \\] box"),
        ("ask @lena at www.x.example", "ask &#64;lena at www&#46;x.example"),
        ("two\n\n# lines", "two \\# lines"),
    ],
)
def test_words_stay_words_in_markdown(words: str, shown: str) -> None:
    assert literal(words) == shown


def test_the_command_writes_both(week: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    page, text = out / "pack.html", out / "pack.md"
    days = ("--since", WEEK[0], "--until", WEEK[1])
    nowhere = run_kbtui("meeting", *days, "--html", page, cwd=week)
    assert (nowhere.status, "no folder" in nowhere.err) == (10, True)
    out.mkdir()
    ran = run_kbtui("meeting", *days, "--html", page, "--markdown", text, cwd=week)
    assert (ran.status, ran.err) == (0, "")
    assert f"{WEEK[0]} to {WEEK[1]}" in ran.out
    assert text.read_text("utf-8") == markdown(_pack(week)) == run_kbtui("meeting", *days, cwd=week).out
    assert page.read_text("utf-8") == html(_pack(week))
    wrong = run_kbtui("meeting", "--since", "someday", cwd=week)
    assert wrong.status == 2
    assert "no day" in wrong.err


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_a_browser_shows_the_page_and_asks_nobody(week: Path, tmp_path: Path) -> None:
    """Every host name would go through a proxy that does not answer; the net log has whatever was asked for."""
    assert CHROMIUM is not None
    file, log = tmp_path / "pack.html", tmp_path / "net.json"
    file.write_text(html(_pack(week)).replace("</body>", '<p id="end">the end</p></body>'), "utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", f"--log-net-log={log}")
    own = (f"--user-data-dir={tmp_path / 'profile'}", "--no-first-run", "--disable-component-update")
    ended = subprocess.run(
        [CHROMIUM, *options, *own, "--dump-dom", file.as_uri()], capture_output=True, check=False, timeout=PATIENCE
    )
    assert b"the end" in ended.stdout, ended.stderr[-2000:]
    assert b"Refused to" not in ended.stderr, "the policy allows its own style"
    asked = set(re.findall(r'"url":"(?:https?|wss?)://([^/"]+)', log.read_text("utf-8", "replace")))
    assert not {host for host in asked if not host.endswith((".google.com", ".googleapis.com", ".gvt1.com"))}
