"""Pull requests merged with plain git by a lead who signs the merge: what that stands for (F29).

A merge with `Reviewed-by` is the reviewers' word for the words that it brought in, and for no others.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kbtui.entry.model import Person, State
from tests.helpers import ANA, BEN, ERROR_CODE, LEAD, PASSWORD, REFUND, git, opened, run_kbtui, write_files

SIGNED = f"Merge pull request #7\n\nReviewed-by: {LEAD}\n"
OTHER_LEAD = Person("Lena Lead", "lena@old.example")


def _edit(base: Path, path: str, old: str, new: str, by: Person = ANA, message: str = "") -> None:
    text = (base / path).read_text()
    assert old in text
    write_files(base, {path: text.replace(old, new)})
    git(base, "commit", "-qam", message or new, by=by)


def _pull(base: Path, name: str = "pull", start: str = "main") -> None:
    git(base, "checkout", "-q", "-b", name, start)


def _merge(
    base: Path, *, message: str = SIGNED, name: str = "pull", by: Person = LEAD, options: str = "--no-ff"
) -> str:
    git(base, "checkout", "-q", "main")
    git(base, "merge", "-q", options, "-m", message, name, by=by)
    return git(base, "rev-parse", "HEAD")


def _states(base: Path) -> dict[str, State]:
    with opened(base) as knowledge:
        knowledge.refresh()
        knowledge.bring_up_standing()
        return {card.path: knowledge.get(card.path).state for card in knowledge.cards()}


def _validated(base: Path) -> set[str]:
    return {path for path, state in _states(base).items() if state is State.VALIDATED}


def test_a_signed_merge_stands_for_what_it_brought_in_and_is_named(base: Path) -> None:
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten working")
    _edit(base, PASSWORD, "Choose", "Press")
    commit = _merge(base)
    assert _validated(base) == {REFUND, PASSWORD}
    trust = run_kbtui("trust", REFUND, "--json", cwd=base).json
    assert trust["commit"] == commit
    assert "Lena Lead reviewed exactly these words in git" in trust["reasons"][0]
    assert "Since Lena Lead validated it" not in run_kbtui("diff", REFUND, cwd=base).out
    _edit(base, REFUND, "Ten working", "Twelve working", BEN)
    assert _validated(base) == {PASSWORD}
    said = run_kbtui("diff", REFUND, cwd=base).out
    assert "Lena Lead validated it" in said
    assert "[-Ten-]{+Twelve+} working" in said, "what has changed since the merge that was signed"


def _said_to_confirm(base: Path) -> list[list[dict[str, str]]]:
    """Return who confirmed the refund entry: as its credit says, as the entry says, and as the list of all says."""
    one = run_kbtui("credit", REFUND, "--json", cwd=base).json["credit"]["confirmed"]
    shown = run_kbtui("show", REFUND, "--json", cwd=base).json["credit"]["confirmed"]
    entries = run_kbtui("credit", "--all", "--json", cwd=base).json["entries"]
    of_all = [each["credit"]["confirmed"] for each in entries if each["path"] == REFUND]
    return [one, shown, *of_all]


def test_who_signed_a_merge_is_named_among_those_who_confirmed_it(base: Path) -> None:
    """The view of trust named them, and the entry's "Confirmed by" nobody."""
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten working")
    _merge(base, by=BEN)
    lena = {"name": LEAD.name, "email": LEAD.email}
    assert _said_to_confirm(base) == [[lena]] * 3
    assert f"Confirmed by: {LEAD.name}" in run_kbtui("credit", REFUND, cwd=base).out
    shares = run_kbtui("credit", REFUND, "--json", cwd=base).json["shares"]
    assert [(each["person"], each["share"]) for each in shares if each["part"] == "confirmed"] == [(lena, 0.1)]
    trust = run_kbtui("trust", REFUND, cwd=base).out
    assert "Lena Lead reviewed exactly these words in git" in trust
    assert f"People behind it: {ANA.name}, {LEAD.name}." in trust
    _edit(base, REFUND, "Ten working", "Twelve working", BEN)
    assert _said_to_confirm(base) == [[]] * 3, "of other words she has said nothing"
    assert "Nobody has confirmed these words yet" in run_kbtui("trust", REFUND, cwd=base).out


def test_a_merge_without_a_trailer_signs_nothing(base: Path) -> None:
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten working")
    _merge(base, message="Merge pull request #7\n\nReviewed-by Lena, in words only\n\nThanks.\n")
    assert _validated(base) == set()


def test_words_in_the_middle_of_a_message_are_nobody_s_trailer(base: Path) -> None:
    """FAULTS 69."""
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten working")
    _merge(base, message=f"Merge\n\nReviewed-by: {LEAD}\n\nIt was not, in the end.\n")
    assert _validated(base) == set()


def test_a_new_entry_and_one_that_was_moved_are_brought_in_by_their_words(base: Path) -> None:
    new = "letters/may-i-letter22.md"
    _pull(base)
    write_files(base, {new: "---\nid: letter22\n---\n# May I?\n\nYes.\n"})
    git(base, "add", ".")
    git(base, "commit", "-qm", "new", by=ANA)
    git(base, "mv", PASSWORD, "moved.md")
    git(base, "commit", "-qm", "moved", by=ANA)
    _merge(base)
    assert _validated(base) == {new}, "of what was only moved no word came in"
    git(base, "mv", new, "letters/elsewhere.md")
    git(base, "commit", "-qm", "moved", by=BEN)
    assert _validated(base) == {"letters/elsewhere.md"}


def test_words_that_were_on_the_other_side_already_are_not_signed(base: Path) -> None:
    """Somebody's unsigned edit on the team's branch, beside the pull request: the merge did not bring it in."""
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten working")
    git(base, "checkout", "-q", "main")
    _edit(base, PASSWORD, "Choose", "Press", BEN)
    _merge(base)
    assert _validated(base) == {REFUND}


def test_of_tags_that_were_brought_in_no_word_is_signed(base: Path) -> None:
    """The pull request changed the header, somebody else the words: those nobody has reviewed."""
    _pull(base)
    _edit(base, REFUND, "tags: [refunds, returns]", "tags: [refunds]")
    git(base, "checkout", "-q", "main")
    _edit(base, REFUND, "Shall I look where yours is?", "Shall I look?", BEN)
    _merge(base)
    text = (base / REFUND).read_text()
    assert "tags: [refunds]" in text
    assert "Shall I look?" in text
    assert _validated(base) == set()


def test_words_put_together_from_both_sides_nobody_has_been_shown(base: Path) -> None:
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten working")
    git(base, "checkout", "-q", "main")
    _edit(base, REFUND, "Shall I look where yours is?", "Shall I look?", BEN)
    _merge(base)
    text = (base / REFUND).read_text()
    assert "Ten working" in text
    assert "Shall I look?" in text
    assert _validated(base) == set()


def test_what_the_lead_types_while_merging_is_theirs(base: Path) -> None:
    """A slip mended in the merge commit itself: the lead's own words, over what the pull request brought."""
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten wroking")
    git(base, "checkout", "-q", "main")
    git(base, "merge", "-q", "--no-ff", "--no-commit", "pull")
    write_files(base, {REFUND: (base / REFUND).read_text().replace("wroking", "working")})
    git(base, "commit", "-qam", SIGNED)
    assert _validated(base) == {REFUND}


def test_a_pull_request_brought_up_from_the_team_s_branch_signs_its_own_words_only(base: Path) -> None:
    """The usual way on a host: main is merged into the pull request, unsigned, and then that into main, signed."""
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten working")
    git(base, "checkout", "-q", "main")
    _edit(base, PASSWORD, "Choose", "Press", BEN)
    git(base, "checkout", "-q", "pull")
    git(base, "merge", "-q", "--no-ff", "-m", "Merge main", "main", by=ANA)
    _merge(base)
    assert _validated(base) == {REFUND}


def test_a_pull_request_that_was_squashed_instead_signs_the_same(base: Path) -> None:
    """FAULTS 71."""
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten working")
    git(base, "checkout", "-q", "main")
    git(base, "merge", "-q", "--squash", "pull")
    git(base, "commit", "-qm", f"Ten (#7)\n\nReviewed-by: {LEAD}\n", by=ANA)
    assert _validated(base) == {REFUND}


def test_a_rebase_that_keeps_merges_keeps_the_signature_and_one_that_flattens_them_takes_it(base: Path) -> None:
    """FAULTS 66."""
    root = git(base, "rev-parse", "HEAD")
    _edit(base, ERROR_CODE, "declined", "refused", BEN)
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten working")
    _merge(base)
    assert _validated(base) == {REFUND}
    git(
        base, "rebase", "-q", "--rebase-merges", "--force-rebase", root, env={"GIT_COMMITTER_DATE": "2030-01-01T00:00Z"}
    )
    assert git(base, "rev-list", "--count", "--merges", "HEAD") == "1"
    assert _validated(base) == {REFUND}
    git(base, "rebase", "-q", "--no-rebase-merges", "--force-rebase", root)
    assert git(base, "rev-list", "--count", "--merges", "HEAD") == "0"
    assert _validated(base) == set()
    git(base, "reset", "-q", "--hard", "HEAD@{1}")


def test_mailmap_says_who_signed(base: Path) -> None:
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten working")
    _merge(base, message=f"Merge\n\nReviewed-by: lena <{OTHER_LEAD.email}>\n")
    write_files(base, {".mailmap": f"{LEAD} <{OTHER_LEAD.email}>\n"})
    git(base, "add", ".mailmap")
    git(base, "commit", "-qm", "who is who")
    assert _validated(base) == {REFUND}
    assert run_kbtui("trust", REFUND, "--json", cwd=base).json["ground"]["people"] == ["Lena Lead"]


def test_the_last_signature_counts_by_the_history_whatever_the_clocks_say(base: Path) -> None:
    """FAULTS 57: words that were signed, then others that were: going back to the first is no signature."""
    late = {"GIT_AUTHOR_DATE": "2040-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2040-01-01T00:00:00Z"}
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten working")
    git(base, "checkout", "-q", "main")
    git(base, "merge", "-q", "--no-ff", "-m", SIGNED, "pull", env=late)
    _edit(base, REFUND, "Ten working", "Twelve working", ANA, f"twelve\n\nReviewed-by: {LEAD}\n")
    assert _validated(base) == {REFUND}
    _edit(base, REFUND, "Twelve working", "Ten working", BEN)
    assert _validated(base) == set()
    _pull(base, "again")
    _edit(base, REFUND, "Ten working", "Nine working")
    _merge(base, name="again")
    assert _validated(base) == {REFUND}, "the merge is the last one now"


@pytest.mark.parametrize("way", ["reset", "amend"])
def test_a_merge_that_is_gone_or_signed_no_longer_stands_for_nothing(base: Path, way: str) -> None:
    _pull(base)
    _edit(base, REFUND, "Five working", "Ten working")
    _merge(base)
    assert _validated(base) == {REFUND}
    if way == "amend":
        git(base, "commit", "-q", "--amend", "-m", "Merge, unsigned")
    else:
        git(base, "reset", "-q", "--hard", "HEAD^1")
        git(base, "merge", "-q", "--ff-only", "pull")
    assert (base / REFUND).read_text().count("Ten working") == 1
    assert _validated(base) == set()


def test_what_is_read_bit_by_bit_is_what_is_read_at_once(base: Path, tmp_path: Path) -> None:
    """FAULTS 64: a clone that learns of three merges one by one, and one that sees them all for the first time."""
    for number, path in enumerate((REFUND, PASSWORD, ERROR_CODE)):
        _pull(base, f"pull{number}")
        _edit(base, path, "\n---\n#", "\n---\n# Now:")
        _merge(base, name=f"pull{number}")
        assert len(_validated(base)) == number + 1
    fresh = Path(shutil.copytree(base, tmp_path / "fresh", ignore=shutil.ignore_patterns("kbtui")))
    assert _validated(fresh) == _validated(base) == {REFUND, PASSWORD, ERROR_CODE}


def test_three_at_once_sign_each_theirs(base: Path) -> None:
    """An octopus: words that one of those merged has are brought in."""
    for number, path in enumerate((REFUND, PASSWORD)):
        _pull(base, f"pull{number}")
        _edit(base, path, "\n---\n#", "\n---\n# Now:")
    git(base, "checkout", "-q", "main")
    _edit(base, ERROR_CODE, "declined", "refused", BEN)
    git(base, "merge", "-q", "--no-ff", "-m", SIGNED, "pull0", "pull1")
    assert len(git(base, "log", "-1", "--format=%P").split()) == 3
    assert _validated(base) == {REFUND, PASSWORD}


def test_a_base_in_a_folder_of_its_repository(base: Path) -> None:
    (base / "sub").mkdir()
    for name in ("refunds", "kb.toml"):
        git(base, "mv", name, f"sub/{name}")
    git(base, "commit", "-qm", "into a folder")
    _pull(base)
    _edit(base, f"sub/{REFUND}", "Five working", "Ten working")
    _merge(base)
    assert _validated(base / "sub") == {REFUND}
