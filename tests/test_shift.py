"""One's own shift through the facade: news, must-reads, who knows, the drill; over real histories."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange, Person
from kbtui.errors import NoSuchEntryError, RefusedError
from kbtui.knowledge import Knowledge
from kbtui.open import OpenBase
from kbtui.paths import places
from kbtui.team.drill import Grade
from tests.events import event
from tests.helpers import ANA, BEN, ERROR_CODE, LEAD, OPEN_QUESTION, PASSWORD, REFUND, environment, git, write_files
from tests.team.test_gaming import note

OLD_ANA = Person("akovacs", "ana@old.example")
CARD = "authority:\n  action: refund\n  limits: {rep: 50}\n"
LIMITS = f"---\nid: limits22\ntags: [must-read]\n{CARD}---\n# May I refund?\n\nYes.\n"
SKEWED = ("2020-01-01T00:00:00Z", "2031-01-01T00:00:00Z")
"""By clocks that are years wrong, in either direction."""


@contextmanager
def by(base: Path, person: Person, ahead: dt.timedelta = dt.timedelta(0)) -> Iterator[Knowledge]:
    """Open a base as somebody, now or some time ahead."""
    env = environment({"KBTUI_PERSON": str(person)})
    clock = lambda: dt.datetime.now(dt.UTC) + ahead  # noqa: E731
    with closing(Knowledge(OpenBase(base, env, places(env), clock=clock))) as knowledge:
        knowledge.refresh()
        yield knowledge


def plain(base: Path, files: dict[str, str], message: str = "x", person: Person = BEN, at: str = "") -> None:
    write_files(base, files)
    git(base, "add", "-A")
    dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at} if at else {}
    git(base, "commit", "-qm", message, by=person, env=dates)


def question(number: int) -> dict[str, str]:
    return {f"q{number}.md": f"---\nid: quest{number}22\n---\n# Question {number}?\n\nAnswer.\n"}


def told(base: Path, person: Person = ANA) -> dict[str, list[str]]:
    """Return what a person's news say, by section."""
    with by(base, person) as knowledge:
        news = knowledge.news()
    parts = ("answers_to_me", "answers", "limits", "must_reads", "sent", "notes", "thanks")
    return {name: [each.question for each in getattr(news, name)] for name in parts if getattr(news, name)}


def look(base: Path, person: Person = ANA) -> None:
    with by(base, person) as knowledge:
        knowledge.mark_seen(knowledge.news())


# News


@pytest.mark.parametrize("at", SKEWED)
def test_golden_news_follow_the_commits_and_no_clock(base: Path, at: str) -> None:
    """F48, FAULTS 57: from the last commit that was seen, whatever any clock says."""
    look(base)
    assert told(base) == {}
    asked = {"mine.md": "---\nid: mine2222\nstate: open\n---\n# Mine?\n"}
    plain(base, asked, "asked\n\nKb-Action: ask\nKb-Save-Id: one", ANA, at)
    plain(base, {"mine.md": asked["mine.md"].replace("open", "not-validated") + "\nYes.\n"},
          "answered\n\nKb-Action: answer\nKb-Save-Id: two", BEN, at)  # fmt: skip
    plain(base, question(1), person=BEN, at=at)
    plain(base, {"limits.md": LIMITS}, person=LEAD, at=at)
    assert told(base) == {
        "answers_to_me": ["Mine?"],
        "answers": ["May I refund?", "Question 1?"],
        "limits": ["May I refund?"],
        "must_reads": ["May I refund?"],
    }
    look(base)
    assert told(base) == {"must_reads": ["May I refund?"]}, "until it is acknowledged"


def test_news_after_the_history_was_rewritten_are_those_of_seven_days(base: Path) -> None:
    """FAULTS 66: a mark that is gone says nothing; better twice than never."""
    git(
        base,
        "commit",
        "-q",
        "--amend",
        "--no-edit",
        "--reset-author",
        env={"GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"},
    )
    plain(base, question(1))
    look(base)
    plain(base, question(2))
    assert told(base) == {"answers": ["Question 2?"]}
    git(base, "rebase", "-q", "--force-rebase", "HEAD~2", env={"GIT_COMMITTER_NAME": "Somebody Else"})
    assert told(base) == {"answers": ["Question 1?", "Question 2?"]}


def test_a_squash_tells_each_answer_once(base: Path) -> None:
    look(base)
    plain(base, {**question(1), **question(2)}, "all\n\nKb-Action: new\nKb-Save-Id: a\nKb-Action: new\nKb-Save-Id: b")
    assert told(base) == {"answers": ["Question 1?", "Question 2?"]}


def test_an_answer_under_a_name_the_file_no_longer_has_is_news(base: Path) -> None:
    """Somebody answered beside the move; the file's name now was in no new commit."""
    name = "a/asked-mine2222.md"
    plain(base, {name: "---\nid: mine2222\nstate: open\n---\n# Mine?\n"}, "q\n\nKb-Action: ask\nKb-Save-Id: one", ANA)
    git(base, "branch", "side")
    (base / "b").mkdir()
    git(base, "mv", name, "b/asked-mine2222.md")
    git(base, "commit", "-qm", "moved", by=LEAD)
    look(base)
    git(base, "checkout", "-q", "side")
    plain(base, {name: "---\nid: mine2222\n---\n# Mine?\n\nYes.\n"}, "a\n\nKb-Action: answer\nKb-Save-Id: two", BEN)
    git(base, "checkout", "-q", "main")
    git(base, "merge", "-q", "--no-edit", "side", by=LEAD)
    assert told(base) == {"answers_to_me": ["Mine?"]}


def test_ones_old_address_is_oneself(base: Path) -> None:
    """FAULTS S17: what I wrote under it is no news to me, and what was sent to it is for me."""
    write_files(base, {".mailmap": f"{ANA} <{OLD_ANA.email}>\n"})
    look(base)
    plain(base, question(1), person=OLD_ANA)
    plain(base, question(2), person=BEN)
    note(
        base,
        [event("t1", "thanks", by=BEN, refs=(OLD_ANA.email,)), event("t2", "thanks", by=OLD_ANA, refs=(ANA.email,))],
    )
    assert told(base) == {"answers": ["Question 2?"], "thanks": ["How long does a refund take?"]}
    with by(base, ANA) as knowledge:
        assert [each.event for each in knowledge.news().thanks] == ["t1"], "nobody thanks themselves"


def test_a_limit_that_changed_is_said_in_ones_own_words(base: Path) -> None:
    plain(base, {"limits.md": LIMITS})
    look(base)
    plain(base, {"limits.md": LIMITS.replace("50", "80")})
    with by(base, ANA) as knowledge:
        (limit,) = knowledge.news().limits
    assert limit.change == "refund: you may now decide up to 80 (was 50)"


@pytest.mark.parametrize("has_looked", [False, True])
def test_other_words_beside_a_limit_that_came_with_the_base_change_no_limit(base: Path, has_looked: bool) -> None:
    """What a starter base or an import brings is nobody's news; a change of its words is none of its limits."""
    if has_looked:
        look(base)
    plain(base, {"limits.md": LIMITS}, "x\n\nKb-Action: start")
    plain(base, {"limits.md": LIMITS.replace("Yes.", "Yes, mostly.")})
    assert "limits" not in told(base)
    plain(base, {"limits.md": LIMITS.replace("50", "80")})
    with by(base, ANA) as knowledge:
        (limit,) = knowledge.news().limits
    assert limit.change == "refund: you may now decide up to 80 (was 50)"


def test_a_limit_that_has_expired_since_is_news_without_a_commit(base: Path) -> None:
    tomorrow = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).date()
    plain(base, {"limits.md": LIMITS.replace("  limits", f"  valid_until: {tomorrow}\n  limits")})
    look(base)
    assert "limits" not in told(base)
    with by(base, ANA, dt.timedelta(days=3)) as knowledge:
        (limit,) = knowledge.news().limits
    assert limit.change == f"refund: This card expired on {tomorrow}. Ask."


def test_a_note_of_a_lead_reaches_whom_it_is_for_and_is_told_once(base: Path) -> None:
    """F32: the kind `coached`, with the writer's address."""
    look(base)
    note(base, [event("c1", "coached", by=LEAD, words="Say the day, not “soon”.", refs=(ANA.email,))])
    with by(base, ANA) as knowledge:
        (said,) = knowledge.news().notes
    assert (said.person, said.words, said.path) == (LEAD, "Say the day, not “soon”.", REFUND)
    assert "notes" not in told(base, BEN)
    look(base)
    assert "notes" not in told(base)


# What everybody must read


def test_who_has_not_read_it_yet_by_name(base: Path) -> None:
    """F48: those whose work the history has; the tool and the starter base are nobody."""
    plain(base, {"limits.md": LIMITS, ".mailmap": f"{ANA} <{OLD_ANA.email}>\n"}, person=LEAD)
    plain(base, question(1), person=OLD_ANA)
    plain(base, question(2), person=ANA)
    plain(base, question(3), person=BEN)
    with by(base, OLD_ANA) as knowledge:
        assert [person.name for person in knowledge.unread()[0].people] == [ANA.name, BEN.name, LEAD.name]
        knowledge.acknowledge("limits22")
        assert [person.name for person in knowledge.unread("limits22")[0].people] == [BEN.name, LEAD.name]
    with by(base, ANA) as knowledge:
        assert knowledge.has_read("limits22"), "under either address"


@pytest.mark.parametrize(
    ("change", "is_read"),
    [
        (EntryChange(answer="Yes, you may."), False),
        (EntryChange(internal="Look in Admin first."), False),
        (EntryChange(answer="YES."), True),
        (EntryChange(tags=("must-read", "refunds")), True),
    ],
)
def test_reading_holds_for_these_very_words(base: Path, change: EntryChange, is_read: bool) -> None:
    plain(base, {"limits.md": LIMITS})
    with by(base, ANA) as knowledge:
        knowledge.acknowledge("limits22")
        entry, opened = knowledge.opened("limits22")
        knowledge.change(entry.path, change, opened)
        assert knowledge.has_read("limits22") is is_read


def test_another_limit_has_to_be_read_again(base: Path) -> None:
    plain(base, {"limits.md": LIMITS})
    with by(base, ANA) as knowledge:
        knowledge.acknowledge("limits22")
    plain(base, {"limits.md": LIMITS.replace("50", "80")})
    with by(base, ANA) as knowledge:
        assert not knowledge.has_read("limits22")


# Who knows


def test_who_answered_what_is_alike_or_has_the_same_tag(base: Path) -> None:
    """F50."""
    plain(base, {"v.md": "---\nid: vouch222\n---\n# Can I pay with a voucher from this shop?\n\nYes.\n"}, person=BEN)
    plain(base, {"t.md": "---\nid: tagged22\ntags: [abroad]\n---\n# Customs?\n\nYes.\n"}, person=LEAD)
    with by(base, ANA) as knowledge:
        assert [each.person for each in knowledge.who_knows("openqu22")] == [BEN]
        entry, opened = knowledge.opened("openqu22")
        knowledge.change(entry.path, EntryChange(tags=("Abroad",)), opened)
        found = knowledge.who_knows("openqu22")
    assert [(each.person, each.because) for each in found] == [
        (BEN, "answered “Can I pay with a voucher from this shop?”"),
        (LEAD, "answered “Customs?”, about Abroad too"),
    ]


def test_a_question_sent_is_in_their_news_until_it_is_answered(base: Path) -> None:
    plain(base, question(1), person=BEN)
    with by(base, ANA) as knowledge:
        assert knowledge.send("openqu22", "ben", "You had one last week.").words == "Sent to Ben Okoro"
        knowledge.settle_events()
    with by(base, BEN) as knowledge:
        (sent,) = knowledge.news().sent
        assert (sent.person, sent.words, sent.path) == (ANA, "You had one last week.", OPEN_QUESTION)
        knowledge.answer("openqu22", "No.")
        assert knowledge.news().sent == ()


@pytest.mark.parametrize(
    ("entry", "person", "words"),
    [
        ("openqu22", "Zoe", "Nobody of this team is called 'Zoe'."),
        ("openqu22", "", "Nobody of this team is called ''."),
        ("openqu22", "Okoro", "Several people are called 'Okoro'."),
        ("openqu22", "ana@example.com", "That is you."),
        ("refund22", "ben", "This is no open question."),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_is_noted(base: Path, entry: str, person: str, words: str) -> None:
    for number, each in enumerate((ANA, BEN, Person("Ida Okoro", "ida@example.com"))):
        plain(base, question(number), person=each)
    with by(base, ANA) as knowledge:
        with pytest.raises(RefusedError) as refused:
            knowledge.send(entry, person)
        assert refused.value.message == words
        assert knowledge.settle_events().done == 0


# Drill


def due(knowledge: Knowledge) -> list[tuple[str, str]]:
    return [(card.id, card.why) for card in knowledge.drill()]


def test_what_is_asked_authority_missed_most_used(base: Path) -> None:
    """F49. One card for an entry; open and archived ones have nothing to learn."""
    plain(base, {"limits.md": LIMITS})
    with by(base, ANA) as knowledge:
        for name in (PASSWORD, PASSWORD, REFUND, OPEN_QUESTION, "archiv22"):
            knowledge.used(name)
        knowledge.missed("err-4012")
        knowledge.missed("nothing like this at all")
        assert due(knowledge) == [
            ("limits22", "authority"),
            ("errcod22", "missed"),
            ("passwd22", "most used"),
            ("refund22", "most used"),
        ]
        assert knowledge.drill()[1].question == "A caller asks: err-4012"
        knowledge.settle_events()
        assert ("errcod22", "missed") in due(knowledge), "from the history as well"
    with by(base, BEN) as knowledge:
        assert "errcod22" not in dict(due(knowledge)), "another's miss"
    with by(base, ANA, dt.timedelta(days=90)) as knowledge:
        assert "errcod22" not in dict(due(knowledge)), "long ago"


def test_what_one_knows_comes_back_and_what_changed_comes_at_once(base: Path) -> None:
    with by(base, ANA) as knowledge:
        knowledge.used(PASSWORD)
        again = knowledge.grade("passwd22", Grade.EASY)
        assert again.due is not None
        assert due(knowledge) == []
    with by(base, ANA, dt.timedelta(days=60)) as knowledge:
        assert due(knowledge) == [("passwd22", "most used")]
    with by(base, ANA) as knowledge:
        opened = knowledge.opened(PASSWORD)[1]
        knowledge.change(PASSWORD, EntryChange(answer="Press “Forgot it?”."), opened)
        assert due(knowledge) == [("passwd22", "most used")]
        knowledge.grade("passwd22", Grade.EASY)
        assert due(knowledge) == []


def test_scores_are_ones_own_and_stay_on_this_computer(base: Path, tmp_path: Path) -> None:
    with by(base, ANA) as knowledge:
        knowledge.used(PASSWORD)
        knowledge.settle_events()
        head = git(base, "rev-parse", "HEAD")
        knowledge.grade("passwd22", Grade.EASY)
        assert (knowledge.settle_events().done, git(base, "rev-parse", "HEAD")) == (0, head)
    assert git(base, "status", "--porcelain", "--ignored") == ""
    with by(base, BEN) as knowledge:
        assert due(knowledge) == [("passwd22", "most used")]
    git(tmp_path, "clone", "-q", str(base), "clone")
    with by(tmp_path / "clone", ANA) as knowledge:
        assert due(knowledge) == [("passwd22", "most used")]


@pytest.mark.parametrize(
    "damage", [b"", b"[]", b"\xff", b'{"passwd22": {"due": "never"}}', b'{"passwd22": 7}', b"[" * 10_000]
)
def test_damaged_scores_know_nothing_and_are_written_anew(base: Path, damage: bytes) -> None:
    with by(base, ANA) as knowledge:
        knowledge.used(PASSWORD)
        knowledge.grade("passwd22", Grade.EASY)
        (file,) = Path.home().parent.rglob("drill-*.json")
        file.write_bytes(damage)
        assert due(knowledge) == [("passwd22", "most used")]
        knowledge.grade("passwd22", Grade.EASY)
        assert due(knowledge) == []


def test_what_is_not_there_cannot_be_graded(base: Path) -> None:
    with by(base, ANA) as knowledge:
        for name in ("nope", "openqu22", ERROR_CODE.replace("22", "23")):
            with pytest.raises(NoSuchEntryError):
                knowledge.grade(name, Grade.GOOD)
    assert not [*Path.home().parent.rglob("drill-*.json")]
