"""The line mode of ideas, misses, samples and health, as people type it (F42-F45)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kbtui.errors import ExitCode
from tests.events import kinds_of
from tests.helpers import ANA, BEN, LEAD, REFUND, Ran, git, run_kbtui, status
from tests.team_of import Member


def _kbtui(base: Path, *arguments: str, by: object = ANA) -> Ran:
    return run_kbtui(*arguments, cwd=base, env={"KBTUI_PERSON": str(by)})


def test_an_idea_from_the_floor_into_practice(base: Path) -> None:
    raised = _kbtui(base, "idea", "Say the limit first", "--entry", "refund22")
    assert (raised.status, raised.err) == (0, "")
    name = raised.out.rpartition(" · ")[2].strip()
    assert _kbtui(base, "idea-move", name, "--trying", by=BEN).status == 0
    refused = _kbtui(base, "idea-move", name, "--practice", "no-such-entry", by=LEAD)
    assert refused.status == ExitCode.NOT_FOUND
    assert _kbtui(base, "idea-move", name, "--practice", REFUND, by=LEAD).out.startswith("Idea in practice: Say the")
    ideas = _kbtui(base, "ideas", "--json").json
    assert (ideas["in_practice"], ideas["total"]) == (1, 1)
    (idea,) = ideas["ideas"]
    assert (idea["stage"], idea["from_entry"], idea["changed_entry"]) == ("in-practice", "refund22", "refund22")
    assert [move["person"]["name"] for move in idea["moves"]] == [BEN.name, LEAD.name]
    assert _kbtui(base, "ideas").out.splitlines()[0] == "1 in practice, of 1 idea"
    assert kinds_of(base) == ["idea-raised", "idea-trying", "idea-in-practice"]
    assert status(base) == ""


REFUSED = (
    (("idea", "  "), ExitCode.REFUSED, "needs words"),
    (("idea", "call 4111 1111 1111 1111"), ExitCode.REFUSED, "card number"),
    (("idea", "x" * 501), ExitCode.REFUSED, "500 characters"),
    (("idea-move", "{idea}"), ExitCode.USAGE, "one stage"),
    (("idea-move", "{idea}", "--trying", "--drop", "no"), ExitCode.USAGE, "one stage"),
    (("idea-move", "{idea}", "--drop", "  "), ExitCode.REFUSED, "with a reason"),
    (("idea-move", "nothing", "--trying"), ExitCode.NOT_FOUND, "No idea"),
    (("idea-move", "", "--trying"), ExitCode.NOT_FOUND, "No idea"),
    (("ideas", "--stage", "sung"), ExitCode.USAGE, "no stage"),
    (("sample", "--known", "a", "--new", "b"), ExitCode.USAGE, "either known or new"),
    (("sample", "--unmark", "a", "--new", "b"), ExitCode.USAGE, "--known, --new or --unmark"),
    (("sample", "--known", "nothing"), ExitCode.NOT_FOUND, "No question of these days"),
    (("misses", "--since", "someday"), ExitCode.USAGE, "no day"),
)


def test_what_is_refused_is_said_and_changes_nothing(base: Path) -> None:
    idea = _kbtui(base, "idea", "Say the limit first", "--json").json["idea"]["id"]
    for arguments, code, said in REFUSED:
        ran = _kbtui(base, *(each.format(idea=idea) for each in arguments))
        assert (ran.status, ran.out) == (code, ""), arguments
        assert said in ran.err
        assert "Traceback" not in ran.err
    assert kinds_of(base) == ["idea-raised"]


def test_two_people_who_move_one_idea_apart_see_the_same_after_a_sync(base: Path, tmp_path: Path) -> None:
    """F42: the one that went further counts, here and there; the next move is made on both."""
    host = tmp_path / "host.git"
    git(tmp_path, "clone", "-q", "--bare", str(base), str(host))
    members = []
    for person in (ANA, BEN):
        root = tmp_path / person.name
        git(tmp_path, "clone", "-q", str(host), str(root))
        members.append(Member(person, root, tmp_path / f"home of {person.name}"))
    ana, ben = members

    def ideas(member: Member) -> list[tuple[str, str]]:
        ran = run_kbtui("ideas", "--json", cwd=member.root, env=member.environment)
        return [(each["id"], each["stage"]) for each in ran.json["ideas"]]

    def move(member: Member, *arguments: str) -> None:
        assert run_kbtui("idea-move", *arguments, cwd=member.root, env=member.environment).status == 0

    assert run_kbtui("idea", "Say the limit first", cwd=ana.root, env=ana.environment).status == 0
    assert (ana.sync().words, ben.sync().words) == ("Shared", "Shared")
    ((name, _),) = ideas(ben)
    move(ben, name, "--practice", "refund22")
    move(ana, name, "--drop", "too dear")
    assert ideas(ana) == [(name, "dropped")]
    for member in (ana, ben, ana):
        assert member.sync().words == "Shared"
    assert ideas(ana) == ideas(ben) == [(name, "in-practice")]
    move(ana, name, "--trying")
    for member in (ana, ben):
        assert member.sync().words == "Shared"
    assert ideas(ana) == ideas(ben) == [(name, "trying")]


def test_misses_lead_to_a_question_or_to_more_words(base: Path) -> None:
    for words in ("gift card abroad qqq", "zzyzx xyzzy"):
        assert _kbtui(base, "search", words).status == 0
    assert kinds_of(base) == [], "a script's searches are nobody's misses"
    assert _kbtui(base, "search", "refund", "--note-miss").status == 0
    for words in ("zzyzx xyzzy", "zzyzx xyzzi", "qqqq jjjj"):
        assert _kbtui(base, "search", words, "--note-miss", by=BEN if words.endswith("i") else ANA).status == 0
    assert kinds_of(base) == ["miss", "miss", "miss"]
    report = _kbtui(base, "misses", "--json").json
    assert [(each["heat"], each["misses"]["words"]) for each in report["groups"]] == [
        (2, "zzyzx xyzzi"),
        (1, "qqqq jjjj"),
    ]
    assert "else: kbtui ask 'qqqq jjjj'" in _kbtui(base, "misses").out
    assert _kbtui(base, "ask", "qqqq jjjj").status == 0
    assert _kbtui(base, "same-as", "refund22", "zzyzx xyzzy").status == 0
    report = _kbtui(base, "misses", "--json").json
    assert (report["total"], report["answered"]) == (0, 2)


def test_words_that_only_unrelated_entries_have_some_of_are_a_miss(base: Path) -> None:
    """Nothing was noted: with some words, there is always something (F11, F43)."""
    found = _kbtui(base, "search", "refund for a zebra crossing", "--note-miss")
    assert "-- with some of these words --" in found.out
    assert found.out.splitlines()[-1] == (
        "None has all of the words. Ask the team with: kbtui ask 'refund for a zebra crossing'"
    )
    (group,) = _kbtui(base, "misses", "--json").json["groups"]
    assert (group["misses"]["words"], group["misses"]["nothing"]) == ("refund for a zebra crossing", 1)


def test_new_or_known_by_a_sample_that_somebody_looks_at(base: Path) -> None:
    for _ in range(3):
        _kbtui(base, "used", "refund22")
    _kbtui(base, "ask", "Do you sell parts?")
    _kbtui(base, "join-question", "openqu22")
    _kbtui(base, "search", "qqqq jjjj", "--note-miss")
    first = _kbtui(base, "sample", "--json").json
    assert {each["kind"]: each["verdict"] for each in first["questions"]} == {
        "used": "known",
        "asked": "new",
        "joined": "new",
        "miss": "new",
    }
    assert (first["population"], first["size"], first["known"], first["unsure"]) == (6, 6, 3, 1)
    assert (first["low"], first["high"]) == (0.1876, 0.8124)
    (miss,) = (each["id"] for each in first["questions"] if each["kind"] == "miss")
    looked = _kbtui(base, "sample", "--known", miss, "--json", by=LEAD).json
    assert (looked["known"], looked["unsure"]) == (4, 0)
    assert "4 of 6 were known: 67%, at 95 % between 30% and 90%" in _kbtui(base, "sample").out
    drawn = [_kbtui(base, "sample", "--size", "2", "--seed", "s", "--json", by=by).json for by in (ANA, BEN)]
    assert drawn[0] == drawn[1]


def _looked_at(base: Path, miss: str) -> tuple[str, str]:
    drawn = _kbtui(base, "sample", "--json").json
    (found,) = (each for each in drawn["questions"] if each["id"] == miss)
    return found["verdict"], found["marked_by"]


def _missed(base: Path) -> str:
    _kbtui(base, "search", "qqqq jjjj", "--note-miss")
    (question,) = _kbtui(base, "sample", "--json").json["questions"]
    return str(question["id"])


def test_a_wrong_mark_is_taken_back_with_undo_or_by_its_question(base: Path) -> None:
    miss = _missed(base)
    assert _kbtui(base, "sample", "--unmark", miss, by=BEN).status == ExitCode.REFUSED
    _kbtui(base, "sample", "--new", miss, by=BEN)
    _kbtui(base, "sample", "--known", miss, by=LEAD)
    undone = _kbtui(base, "undo", by=LEAD)
    assert undone.out == "Undone: the mark “known”, it is “new” again (undo again brings it back)\n"
    assert _looked_at(base, miss) == ("new", BEN.name)
    again = _kbtui(base, "sample", "--unmark", miss[:5], by=LEAD)
    assert again.err == "Undone: the undo of the mark, it is “known” again (undo again brings it back)\n"
    assert _looked_at(base, miss) == ("known", LEAD.name)
    stays = _kbtui(base, "sample", "--unmark", miss, by=BEN)
    assert (stays.status, "Somebody else has marked this question since" in stays.err) == (ExitCode.REFUSED, True)
    assert _looked_at(base, miss) == ("known", LEAD.name)
    _kbtui(base, "undo", by=LEAD)
    last = _kbtui(base, "sample", "--unmark", miss, by=BEN)
    assert last.err == "Undone: the mark “new”, it has none now (undo again brings it back)\n"
    assert _looked_at(base, miss) == ("new", ""), "as before anybody had looked"
    assert Counter(kinds_of(base)) == {"miss": 1, "sampled": 2, "taken-back": 4}, "nothing is deleted"
    assert status(base) == ""


def test_undo_is_of_what_was_done_last_of_marks_joins_and_saves(base: Path) -> None:
    """Whatever comes within a second of what."""
    miss = _missed(base)
    _kbtui(base, "sample", "--known", miss)
    _kbtui(base, "join-question", "openqu22")
    _kbtui(base, "owner", "refund22", "Ben Okoro")
    said = [_kbtui(base, "undo", "--json").json for _ in range(2)]
    assert ["the change of its owner" in said[0]["saved"], "the undo by" in said[1]["saved"]] == [True, True]
    _kbtui(base, "join-question", "openqu22")
    _kbtui(base, "sample", "--new", miss)
    assert _kbtui(base, "undo").out.startswith("Undone: the mark “new”, it is “known” again")
    _kbtui(base, "join-question", "openqu22")
    assert _kbtui(base, "undo").out.startswith("Undone: the joining")
    assert _kbtui(base, "undo").out.startswith("Undone: the undo of the joining")
    assert _looked_at(base, miss) == ("known", ANA.name)


def test_health_in_bars_and_in_json_is_the_same(base: Path) -> None:
    _kbtui(base, "flag", "passwd22", "the page has moved")
    report = _kbtui(base, "health", "--json").json
    numbers = {each["name"]: each["number"] for each in report["measures"]}
    assert numbers == {
        "unanswered": 1,
        "flagged": 1,
        "due": 0,
        "unowned": 2,
        "duplicates": 0,
        "broken_links": 0,
    }
    text = _kbtui(base, "health").out
    assert [int(line[24:29]) for line in text.splitlines()[:6]] == [*numbers.values()]
    assert "passwd22  How do I reset my password? · the page has moved" in text
    quick = _kbtui(base, "health", "--quick", "--json").json["measures"]
    assert [each["name"] for each in quick] == ["unanswered", "flagged", "due", "unowned"]


@pytest.mark.parametrize(
    ("file", "said"), [(".", "is a folder"), ("no/where.html", "There is no folder"), ("kb.toml", "lies in the")]
)
def test_the_pack_is_written_over_nothing_of_the_base(base: Path, file: str, said: str) -> None:
    before = (base / "kb.toml").read_bytes()
    ran = run_kbtui("meeting", "--html", file, cwd=base)
    assert (ran.status, said in ran.err) == (ExitCode.REFUSED, True), ran.err
    assert (base / "kb.toml").read_bytes() == before
