"""How sharing stands, in PRODUCT.md's words and no others (F51)."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from kbtui.git.outcome import stays
from kbtui.verbs.sharing import WAITING, SharingStatus
from kbtui.verbs.sharing_line import ago, explained, standing

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
LAST = NOW - dt.timedelta(minutes=2)
SIGN_IN = "Sign-in needed, tell your lead"
LEAD = "Needs your lead (code K05)"

AWAY = "The folder /mnt/stick/kb of the team's copy is not there just now; connect its disk or network."

CASES = {
    "shared": (SharingStatus("Shared", "shared", last_shared=LAST), "Shared · last shared 2 min ago", False),
    "saved since": (SharingStatus("Shared", "shared", "", "", LAST, 3), "3 waiting · last shared 2 min ago", False),
    "offline": (SharingStatus(WAITING, "waiting", "", "", LAST, 3), f"3 waiting · {WAITING}", True),
    "offline, nothing waits": (SharingStatus(WAITING, "waiting"), WAITING, True),
    "away": (SharingStatus(WAITING, "waiting", "", AWAY, LAST, 1), f"1 waiting · {WAITING}", True),
    "in the way": (
        SharingStatus("Shared", "shared", "", stays(["a.md"]), LAST),
        "Shared · last shared 2 min ago",
        False,
    ),
    "review": (
        SharingStatus("Sent for review", "review", "", "", LAST, 2),
        "Sent for review · last shared 2 min ago",
        False,
    ),
    "sign-in": (SharingStatus(SIGN_IN, "sign-in", waiting=1), f"1 waiting · {SIGN_IN}", True),
    "lead": (SharingStatus(LEAD, "lead", "K05"), LEAD, True),
    "variants": (
        SharingStatus("Two versions kept, a lead will choose", "shared", last_shared=LAST),
        "Two versions kept, a lead will choose · last shared 2 min ago",
        False,
    ),
}

GIT_WORDS = re.compile(
    r"\b(git|commit|push|pull|fetch|merge|rebase|branch|remote|repository|conflict|HEAD)", re.IGNORECASE
)


@pytest.mark.parametrize("case", CASES)
def test_the_line_says_it_in_the_words_of_the_product(case: str) -> None:
    status, words, is_trouble = CASES[case]
    found = standing(status, NOW)
    assert (found.forms[0], found.is_trouble) == (words, is_trouble)


@pytest.mark.parametrize("case", CASES)
def test_there_is_a_form_for_narrow_windows_and_each_is_shorter(case: str) -> None:
    lengths = [*map(len, standing(CASES[case][0], NOW).forms)]
    assert lengths == sorted(set(lengths), reverse=True)
    assert lengths[-1] <= 26


def test_a_base_that_nobody_else_has_makes_no_noise() -> None:
    assert standing(SharingStatus("Saved", "alone"), NOW).forms == ()


@pytest.mark.parametrize("case", CASES)
def test_no_git_word_is_said_to_a_rep(case: str) -> None:
    assert not GIT_WORDS.search("\n".join(explained(CASES[case][0], NOW)))


def test_it_is_explained_why_and_what_to_do() -> None:
    offline = "\n".join(explained(CASES["offline"][0], NOW))
    assert "3 saves wait on this computer. Nothing is lost." in offline
    assert "There is nothing else to do" in offline
    lead = "\n".join(explained(CASES["lead"][0], NOW))
    assert "tell your lead the code K05" in lead
    assert AWAY in "\n".join(explained(CASES["away"][0], NOW))
    assert "a.md" in "\n".join(explained(CASES["in the way"][0], NOW))


def test_how_long_ago() -> None:
    waits = (0, 59, 60, 3599, 3600, 47 * 3600, 48 * 3600, -5)
    said = [ago(NOW - dt.timedelta(seconds=each), NOW) for each in waits]
    expected = ["just now", "just now", "1 min ago", "59 min ago", "1 h ago", "47 h ago", "2 days ago", "just now"]
    assert said == expected
