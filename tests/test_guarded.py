"""No card number gets in, whichever door it comes through, and nothing else unasked (F18)."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kbtui import editor
from kbtui.entry.alarm import Consent, Kind
from kbtui.entry.guard import card_numbers
from kbtui.entry.model import EntryChange, NewEntry, Person, Severity
from kbtui.errors import PersonalDataError, RefusedError
from kbtui.knowledge import Knowledge
from kbtui.open import remember_person
from kbtui.store.drafts import Draft
from tests.helpers import (
    OPEN_QUESTION,
    REFUND,
    commits,
    environment,
    git,
    in_head,
    journal_of,
    opened,
    parts_of,
    run_git,
    run_kbtui,
    write_files,
)
from tests.tui.window import window

pytestmark = pytest.mark.usefixtures("person")

CARD = "4111 1111 1111 1111"
BARE = "4111111111111111"
MASKED = "411111xxxxxx1111"
ADDRESS = "jo.bloggs@gmail.com"


def _guard_trailer(base: Path) -> str:
    return git(base, "log", "-1", "--format=%(trailers:key=Kb-Guard,valueonly)").strip()


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (NewEntry(CARD), "the question holds"),
        (NewEntry("q", answer=f"one\ntwo {CARD}"), "the answer, line 2, holds"),
        (NewEntry("q", answer="a", internal=CARD), "the internal notes, line 1, holds"),
        (NewEntry("q", tags=("a", BARE)), "the tags, line 2, holds"),
        (NewEntry("q", asked_as=("a", "b", CARD)), "“also asked as”, line 3, holds"),
        (NewEntry("q", owner=CARD), "the owner holds"),
        (NewEntry("q", topic="4111-1111-1111-1111"), "the name of its file holds"),
        (NewEntry("q 4111 1111", answer="1111 1111"), "the file, line 5, holds"),
    ],
)
def test_a_card_number_is_refused_wherever_it_stands(
    knowledge: Knowledge, base: Path, words: NewEntry, where: str
) -> None:
    before = commits(base)
    with pytest.raises(PersonalDataError) as caught:
        knowledge.with_consent(Consent(allowed=frozenset(Kind))).new(words)
    assert f"Not saved: {where} what looks like a card number ({MASKED})." == caught.value.message
    assert not caught.value.can_stay
    assert (commits(base), journal_of(base).pending()) == (before, [])


def test_a_card_number_hidden_by_yaml_is_refused(knowledge: Knowledge) -> None:
    """What is read from a file is indexed, so it counts beside what stands in it."""
    source = (knowledge.root / REFUND).read_bytes()
    hidden = source.replace(b"where is my money", rb'"4111\x201111\x201111\x201111"')
    with pytest.raises(PersonalDataError, match="also asked as"):
        knowledge.change_source(REFUND, hidden, source)


def test_every_saving_verb_is_guarded(knowledge: Knowledge, base: Path) -> None:
    before = commits(base)
    source = (base / REFUND).read_bytes()
    saves: tuple[Callable[[], object], ...] = (
        lambda: knowledge.ask(CARD),
        lambda: knowledge.answer(OPEN_QUESTION, CARD),
        lambda: knowledge.change(REFUND, EntryChange(internal=CARD), source),
        lambda: knowledge.change_source(REFUND, source + CARD.encode(), source),
    )
    for save in saves:
        with pytest.raises(PersonalDataError):
            save()
    assert commits(base) == before


def test_masking_saves_the_first_six_and_the_last_four(knowledge: Knowledge, base: Path) -> None:
    masking = knowledge.with_consent(Consent(mask=True))
    saved = masking.new(NewEntry(f"Is {CARD} yours?", answer=f"Write to {ADDRESS}", owner=ADDRESS)).entry
    assert saved.question == f"Is {MASKED} yours?"
    assert saved.answer == "Write to (e-mail address)"
    assert saved.owner == "(e-mail address)"
    assert "4111-1111" not in saved.path
    assert _guard_trailer(base) == ""


def test_a_card_number_that_was_committed_by_hand_can_be_masked(knowledge: Knowledge, base: Path) -> None:
    write_files(base, {REFUND: (base / REFUND).read_text() + f"\n{CARD}\n"})
    git(base, "commit", "--quiet", "--all", "--message", "by hand")
    source = (base / REFUND).read_bytes()
    with pytest.raises(PersonalDataError):
        knowledge.change(REFUND, EntryChange(tags=("a",)), source)
    knowledge.with_consent(Consent(mask=True)).change(REFUND, EntryChange(tags=("a",)), source)
    assert MASKED in (base / REFUND).read_text()


def test_what_is_let_stay_is_recorded_in_fixed_words(knowledge: Knowledge, base: Path) -> None:
    with pytest.raises(PersonalDataError) as caught:
        knowledge.ask(f"Is {ADDRESS} right?")
    assert caught.value.can_stay
    allowing = knowledge.with_consent(Consent(allowed=frozenset({Kind.EMAIL, Kind.PHONE})))
    saved = allowing.ask(f"Is {ADDRESS} right, or +44 20 7946 0958?")
    assert saved.is_committed
    assert _guard_trailer(base) == "email, phone"


def test_only_the_kinds_that_were_asked_about_may_stay(knowledge: Knowledge) -> None:
    with pytest.raises(PersonalDataError, match="phone number"):
        knowledge.with_consent(Consent(allowed=frozenset({Kind.EMAIL}))).ask(f"{ADDRESS} or +44 20 7946 0958")


def test_what_stood_there_before_is_not_asked_about(knowledge: Knowledge, base: Path) -> None:
    allowing = knowledge.with_consent(Consent(allowed=frozenset({Kind.EMAIL})))
    path = allowing.new(NewEntry("Whom do I write to?", answer=ADDRESS)).entry.path
    assert knowledge.change(path, EntryChange(tags=("mail",)), (base / path).read_bytes()).is_committed
    assert _guard_trailer(base) == ""
    assert knowledge.validate(path).is_committed


def test_the_team_says_what_is_fine_and_what_else_is_not(base: Path) -> None:
    more = '\n[guard]\nregion = "GB"\nallow = ["@gmail.com"]\n[[guard.extra]]\npattern = "POL-[0-9]{6}"\n'
    write_files(base, {"kb.toml": (base / "kb.toml").read_text() + more + 'words = "a policy number"\n'})
    with opened(base) as knowledge:
        assert knowledge.ask(f"Is {ADDRESS} right?").is_committed
        with pytest.raises(PersonalDataError, match="the question holds what looks like a policy number"):
            knowledge.ask("Is POL-123456 paid?")
        with pytest.raises(PersonalDataError, match="a phone number"):
            knowledge.ask("Is 020 7946 0958 right?")


def test_line_mode_refuses_masks_and_allows(base: Path) -> None:
    refused = run_kbtui("--kb", base, "ask", "is", CARD, "paid")
    assert (refused.status, refused.out) == (10, "")
    assert f"the question holds what looks like a card number ({MASKED})" in refused.err
    assert "--mask" in refused.err
    assert "--allow-personal" not in refused.err
    assert run_kbtui("--kb", base, "ask", "--allow-personal", "is", CARD, "paid").status == 10
    assert commits(base) == 1
    masked = run_kbtui("--kb", base, "ask", "--mask", "is", CARD, "paid")
    assert (masked.status, MASKED in masked.out) == (0, True)
    warned = run_kbtui("--kb", base, "new", "whom to ask", "--answer", ADDRESS)
    assert warned.status == 10
    assert "--allow-personal" in warned.err
    allowed = run_kbtui("--kb", base, "new", "whom to ask", "--answer", ADDRESS, "--allow-personal", "--json")
    assert allowed.status == 0
    assert _guard_trailer(base) == "email"
    assert run_kbtui("--kb", base, "answer", "openqu22", f"call {CARD}").status == 10
    assert run_kbtui("--kb", base, "answer", "openqu22", f"call {CARD}", "--mask").status == 0
    assert run_kbtui("--kb", base, "edit", "refund22", "--internal", CARD).status == 10
    assert run_kbtui("--kb", base, "edit", "refund22", "--internal", CARD, "--mask").status == 0
    assert MASKED.encode() in (in_head(base, REFUND) or b"")


@pytest.mark.skipif(os.name == "nt", reason="the editor is a shell script")
@pytest.mark.parametrize("mends", [True, False])
def test_words_refused_come_back_into_the_editor(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mends: bool
) -> None:
    """Nothing written in an editor is lost because of a card number in it."""
    from kbtui.cli.writing import _edited

    script = tmp_path / "editor"
    then = f"sed -i 's/{CARD}/gone/' \"$1\"" if mends else "true"
    script.write_text(f'#!/bin/sh\nif grep -q 4111 "$1"; then {then}; else echo "{CARD} kept" >> "$1"; fi\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    with opened(base) as knowledge:
        source = (base / REFUND).read_bytes()
        if mends:
            assert "gone kept" in _edited(knowledge, REFUND, source, {"EDITOR": str(script)}).entry.internal
        else:
            with pytest.raises(PersonalDataError):
                _edited(knowledge, REFUND, source, {"EDITOR": str(script)})
    assert editor.editor_command({"EDITOR": "vi"}) == ["vi"]


def test_a_name_is_no_card_number() -> None:
    with pytest.raises(RefusedError, match="card number"):
        remember_person(f"Ana {CARD}", environment())


def test_check_names_file_and_line(knowledge: Knowledge, base: Path) -> None:
    write_files(base, {REFUND: (base / REFUND).read_text() + f"\n{CARD}\n{ADDRESS}\n"})
    lines = (base / REFUND).read_text().splitlines()
    private = [(f.path, f.line, f.reason, f.severity) for f in knowledge.check() if "looks like" in f.reason]
    assert private == [
        (REFUND, lines.index(CARD) + 1, "looks like a card number", Severity.ERROR),
        (REFUND, lines.index(ADDRESS) + 1, "looks like an e-mail address", Severity.NOTE),
    ]
    ran = run_kbtui("--kb", base, "check")
    assert ran.status == 5
    assert f"{REFUND}:{lines.index(CARD) + 1}: error: looks like a card number" in ran.out
    assert BARE not in ran.out.replace(" ", "")


@pytest.mark.skipif(os.name == "nt", reason="git runs hooks with its own shell there")
def test_the_commit_hook_stops_cards_and_names_the_rest(base: Path) -> None:
    write_files(base, {"a.md": f"# A\n\nfine\n\n{CARD}\n"})
    git(base, "add", "--all")
    stopped = run_git(base, "commit", "--message", "by hand", hooks=True)
    assert stopped.returncode != 0
    assert "a.md:5: error: looks like a card number" in stopped.stderr.decode()
    write_files(base, {"a.md": f"# A\n\n{ADDRESS}\n"})
    git(base, "add", "--all")
    noted = run_git(base, "commit", "--message", "by hand", hooks=True)
    assert noted.returncode == 0
    assert "a.md:3: note: looks like an e-mail address" in noted.stderr.decode()


def test_a_draft_is_kept_without_the_card_number(knowledge: Knowledge) -> None:
    kept = knowledge.drafts.keep(Draft("one", question=CARD, answer=f"a {CARD} b", asked_as=CARD, tags=BARE))
    assert kept == knowledge.drafts.all()[0]
    assert (kept.question, kept.answer, kept.asked_as, kept.tags) == (MASKED, f"a {MASKED} b", MASKED, MASKED)


# Afterwards nothing holds one

_NUMBERS = (
    CARD,
    BARE,
    "5555-5555-5555-4444",
    "3782 822463 10005",
    "6011.1111.1111.1117",
    "４１１１１１１１１１１１１１１１",
)


def _kept_bytes(base: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every git object, uncompressed, and every file of the base, of its repository and of the user."""
    ended = subprocess.run(
        ["git", "cat-file", "--batch-all-objects", "--batch", "--unordered"], cwd=base, capture_output=True, check=True
    )
    yield "git objects", ended.stdout
    for top in (base, Path.home()):
        for path in top.rglob("*"):
            if path.is_file() and ".git/objects" not in path.as_posix():
                yield str(path), path.name.encode() + b"\n" + path.read_bytes()


def _holds_a_card(data: bytes) -> bool:
    """Whether bytes hold one of the numbers; in texts, whether the guard finds any at all."""
    text = data.decode("utf-8", "replace")
    bare = re.sub(r"[^\d]", "", text) if len(text) < 4_000 else re.sub(r"[ .-]", "", text)
    known = (re.sub(r"[ .-]", "", number) for number in _NUMBERS)
    return any(number in bare for number in known) or ("\x00" not in text and card_numbers(text) != ())


async def test_after_every_door_was_tried_nothing_on_the_disk_holds_a_card_number(base: Path) -> None:
    """Item 4: every git object, draft, journal, index and log file is searched."""
    commands: list[tuple[str, ...]] = []
    for number in _NUMBERS:
        commands += [
            ("ask", "is", number, "paid"),
            ("ask", "--mask", "is", number, "paid"),
            ("new", "how", "--answer", number),
            ("new", "how", "--answer", number, "--mask", "--allow-personal"),
            ("new", "how", "--topic", number.replace(" ", "-"), "--owner", number, "--tag", number),
            ("answer", "openqu22", number),
            ("edit", "refund22", "--internal", number, "--asked-as", number),
            ("edit", "refund22", "--internal", number, "--mask"),
            ("search", number),
            ("me", number),
        ]
    with_source = (base / REFUND).read_text() + f"\n{CARD}\n"
    for command in commands[:20]:
        run_kbtui("--kb", base, *command)
    for command in commands[20:]:
        if "--mask" in command or command[0] == "me":
            run_kbtui("--kb", base, *command)
    run_kbtui("--kb", base, "edit", "refund22", input=with_source)
    run_kbtui("--kb", base, "edit", "refund22", "--mask", input=with_source)
    async with window(base) as it:
        await it.search("paid twice")
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        await it.type(f"He paid with {CARD}")
        await it.press("ctrl+s")
        await it.seen("Not saved")
        await it.fill(internal_notes=_NUMBERS[2], tags=BARE)
        await it.seen("kept as you type, the card number masked")
        await it.press("escape")
        await it.on("HomeScreen")
    with pytest.raises(PersonalDataError), opened(base) as knowledge:
        knowledge.change(REFUND, EntryChange(answer=CARD), (base / REFUND).read_bytes())
    assert commits(base) > 3
    assert any("drafts" in name for name, _ in _kept_bytes(base))
    assert parts_of(base).journal.pending() == []
    assert [name for name, data in _kept_bytes(base) if _holds_a_card(data)] == []


async def test_the_search_for_card_numbers_would_find_one(base: Path, person: Person) -> None:
    write_files(base, {"a.md": f"# A\n\n{CARD}\n"})
    git(base, "add", "--all")
    git(base, "commit", "--quiet", "--message", "by hand")
    (base / "a.md").unlink()
    assert [name for name, data in _kept_bytes(base) if _holds_a_card(data)] == ["git objects"]


@pytest.mark.parametrize("command", ["merge", "same-question"])
@pytest.mark.parametrize("where", ["the question", "a phrasing", "a tag", "a link", "the internal notes"])
@pytest.mark.parametrize(("said", "kind"), [(CARD, "card number"), (ADDRESS, "e-mail address")])
def test_a_merge_brings_nothing_past_the_guard(base: Path, command: str, where: str, said: str, kind: str) -> None:
    """Words that plain git has brought in are looked at when a merge or a join puts them into another entry."""
    stays, goes = ("lorikt33", "lorikt22") if command == "merge" else ("lorikt22", "lorikt33")
    write_files(
        base,
        {
            "stays.md": _with_words("Where is my lorikeet?", stays, where, ""),
            "goes.md": _with_words("Lorikeet whereabouts?", goes, where, said),
        },
    )
    git(base, "add", "-A")
    git(base, "commit", "--quiet", "--message", "by hand")
    before, env = commits(base), {"KBTUI_PERSON": "Lena Lead"}
    is_taken_over = where != ("the internal notes" if command == "merge" else "a link")
    ran = run_kbtui(command, goes, stays, cwd=base, env=env)
    if kind == "card number" or is_taken_over:
        assert (ran.status, kind in ran.err, commits(base)) == (10, True, before), ran.out + ran.err
        ran = run_kbtui(command, goes, stays, "--mask", cwd=base, env=env)
    assert ran.status == 0, ran.err
    assert said.encode() not in (in_head(base, "stays.md") or b"")
    if kind == "card number":
        assert said.encode() not in (in_head(base, "goes.md") or b"")


def _with_words(question: str, name: str, where: str, said: str) -> str:
    """Return an open question's file with some words in one of its places."""
    put = {where: said} if said else {}
    phrasing, tag = put.get("a phrasing", "bird"), put.get("a tag", "birds")
    header = f'id: {name}\nstate: open\ntags: ["{tag}"]\nasked_as: ["{phrasing}"]'
    internal = f"\n## Internal notes\n\n{put['the internal notes']}\n" if "the internal notes" in put else ""
    see_also = f"\n## See also\n\n- [{put['a link']}](refund.md)\n" if "a link" in put else ""
    return f"---\n{header}\n---\n# {put.get('the question', '')} {question}\n{internal}{see_also}"
