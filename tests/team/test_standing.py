"""States by evidence and by plain git, over scripted histories: rebase, squash, mailmap, clocks (FAULTS 65-71).

Each story is told with the tools a team has, and asks what everybody sees afterwards.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kbtui.entry.file_format import change
from kbtui.entry.model import EntryChange, Person, State
from kbtui.knowledge import Wanted
from tests.git.saves import save
from tests.helpers import ANA, BEN, LEAD, PASSWORD, REFUND, git, opened, run_kbtui, write_files

CLEO = Person("Cleo Diaz", "cleo@example.com")
DAN = Person("Dan Ek", "dan@example.com")
RULE = "\n[review]\nvalidate_after = 2\n"
CLAIM = ("state: not-validated", "state: validated")


@pytest.fixture
def base(base: Path) -> Path:
    """Return a base in which two people's use is evidence, with an answer that Ana wrote."""
    toml = base / "kb.toml"
    toml.write_text(toml.read_text() + RULE)
    git(base, "commit", "-qam", "rule")
    _answer(base, "Ten working days.", ANA, "anas")
    return base


def _answer(base: Path, answer: str, by: Person, save_id: str) -> None:
    there = (base / REFUND).read_bytes()
    save(base, REFUND, change(there, EntryChange(answer=answer)), there, person=by, save_id=save_id, action="edit")


def _use(base: Path, *people: Person) -> None:
    for person in people:
        with opened(base, {"KBTUI_PERSON": str(person)}) as knowledge:
            knowledge.used(REFUND)
            knowledge.settle_events()


def _state(base: Path) -> State:
    """Return the state that everybody sees, the same from every door."""
    with opened(base) as knowledge:
        knowledge.bring_up_standing()
        entry = knowledge.get(REFUND)
        result = knowledge.search("refund", Wanted(limit=5))
        assert result is not None
        hit = next(hit for hit in result.hits if hit.card.path == REFUND)
        narrowed = knowledge.search(f"state:{entry.state} refund")
        assert narrowed is not None
        assert REFUND in [each.card.path for each in narrowed.hits]
        assert [card.path for card in knowledge.cards(state=entry.state)].count(REFUND) == 1
        assert hit.card.state is entry.state
        return entry.state


def _replace(base: Path, old: str, new: str, by: Person, *message: str) -> None:
    """Change the entry with a text editor and commit it with plain git."""
    text = (base / REFUND).read_text()
    assert old in text
    write_files(base, {REFUND: text.replace(old, new)})
    git(base, "commit", "-qam", message[0] if message else new, by=by)


# Evidence


def test_use_by_two_others_is_evidence_and_is_explained(base: Path) -> None:
    _use(base, BEN)
    assert _state(base) is State.NOT_VALIDATED
    _use(base, CLEO)
    assert _state(base) is State.VALIDATED
    said = run_kbtui("trust", REFUND, "--json", cwd=base).json
    assert said["ground"]["people"] == ["Ben Okoro", "Cleo Diaz"]
    assert "2 different people used exactly these words" in said["reasons"][0]
    assert sorted(use["by"] for use in said["uses"]) == ["Ben Okoro", "Cleo Diaz"]
    assert all(use["event"] in " ".join(said["reasons"]) for use in said["uses"])
    assert git(base, "status", "--porcelain") == ""


def test_the_file_is_not_touched_by_evidence(base: Path) -> None:
    """FAULTS 65: what is derived cannot conflict."""
    before = (base / REFUND).read_bytes()
    _use(base, BEN, CLEO)
    assert _state(base) is State.VALIDATED
    assert (base / REFUND).read_bytes() == before


def test_who_wrote_it_and_who_uses_it_twice_are_no_evidence(base: Path) -> None:
    """Self-use does not count."""
    _use(base, ANA, ANA, BEN, BEN, BEN)
    assert _state(base) is State.NOT_VALIDATED


def test_without_the_rule_use_is_no_evidence(base: Path) -> None:
    _use(base, BEN, CLEO, DAN)
    toml = base / "kb.toml"
    toml.write_text(toml.read_text().replace(RULE, ""))
    assert _state(base) is State.NOT_VALIDATED


def test_a_flag_takes_it_back_at_once_and_closing_it_gives_it_back(base: Path) -> None:
    _use(base, BEN, CLEO)
    assert _state(base) is State.VALIDATED
    with opened(base, {"KBTUI_PERSON": str(DAN)}) as knowledge:
        knowledge.flag(REFUND, "twelve by now")
        assert knowledge.get(REFUND).state is State.NOT_VALIDATED, "nothing has to be worked out first"
        knowledge.close_flags(REFUND)
        assert knowledge.get(REFUND).state is State.VALIDATED


@pytest.mark.parametrize("tool", ["kbtui", "git", "uncommitted"])
def test_an_edit_takes_it_back_whatever_tool_makes_it(base: Path, tool: str) -> None:
    """FAULTS 70: https://github.com/decaporg/decap-cms/issues/1500."""
    _use(base, BEN, CLEO)
    assert _state(base) is State.VALIDATED
    if tool == "kbtui":
        _answer(base, "Twelve working days.", DAN, "dans")
    elif tool == "git":
        _replace(base, "Ten working", "Twelve working", DAN)
    else:
        write_files(base, {REFUND: (base / REFUND).read_text().replace("Ten working", "Twelve working")})
    with opened(base) as knowledge:
        assert knowledge.get(REFUND).state is State.NOT_VALIDATED, "nothing has to be worked out first"
    assert _state(base) is State.NOT_VALIDATED
    write_files(base, {REFUND: (base / REFUND).read_text().replace("Twelve working", "Ten working")})
    assert _state(base) is State.VALIDATED, "they are the words that two people used"


def test_use_of_earlier_words_says_nothing_of_the_present_ones(base: Path) -> None:
    _use(base, BEN)
    _answer(base, "Twelve working days.", ANA, "again")
    _use(base, CLEO)
    assert _state(base) is State.NOT_VALIDATED
    _use(base, DAN)
    assert _state(base) is State.VALIDATED


def test_two_addresses_of_one_person_are_one(base: Path) -> None:
    """FAULTS S17: https://github.com/PelicanPlatform/pelican/pull/1334."""
    _use(base, BEN, Person("benny", "benny@old.example"))
    assert _state(base) is State.VALIDATED
    write_files(base, {".mailmap": f"{BEN} <benny@old.example>\n"})
    git(base, "add", ".mailmap")
    git(base, "commit", "-qm", "who is who")
    assert _state(base) is State.NOT_VALIDATED


def test_whoever_mailmap_says_wrote_it_is_no_evidence(base: Path) -> None:
    _use(base, BEN, Person("ana privately", "ana@home.example"))
    write_files(base, {".mailmap": f"{ANA} <ana@home.example>\n"})
    git(base, "add", ".mailmap")
    git(base, "commit", "-qm", "who is who")
    assert _state(base) is State.NOT_VALIDATED


def test_clocks_make_no_difference(base: Path) -> None:
    """FAULTS 57: uses are of words, not of times."""
    early = {"GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2001-01-01T00:00:00Z"}
    _use(base, BEN)
    text = (base / REFUND).read_text()
    write_files(base, {REFUND: text.replace("Ten working", "Twelve working")})
    git(base, "commit", "-qam", "from a computer whose clock stands still", by=DAN, env=early)
    _use(base, CLEO)
    assert _state(base) is State.NOT_VALIDATED
    _use(base, BEN)
    assert _state(base) is State.VALIDATED


def test_a_rebase_and_a_squash_leave_it_as_it_is(base: Path) -> None:
    """FAULTS 66: https://git-scm.com/docs/githooks#_post_rewrite."""
    _answer(base, "Ten working days, at most.", DAN, "dans")
    _use(base, BEN, CLEO)
    assert _state(base) is State.VALIDATED
    git(base, "rebase", "-q", "--force-rebase", "HEAD~3", env={"GIT_COMMITTER_DATE": "2030-01-01T00:00:00Z"})
    assert _state(base) is State.VALIDATED
    git(base, "reset", "-q", "--soft", "HEAD~4")
    message = "All\n\nKb-Action: edit\nKb-Save-Id: anas\nKb-Action: edit\nKb-Save-Id: dans\n"
    git(base, "commit", "-qm", message, by=ANA)
    assert _state(base) is State.VALIDATED
    _use(base, ANA)
    uses = run_kbtui("trust", REFUND, "--json", cwd=base).json["uses"]
    assert sorted(use["counts"] for use in uses) == [False, True, True]


def test_two_clones_see_the_same(base: Path, tmp_path: Path) -> None:
    _use(base, BEN, CLEO)
    other = Path(shutil.copytree(base, tmp_path / "other", ignore=shutil.ignore_patterns("kbtui")))
    assert _state(base) is _state(other) is State.VALIDATED


# Plain git


def test_a_reviewed_by_trailer_stands_for_the_words_of_its_commit(base: Path) -> None:
    _replace(base, "Ten working", "Eleven working", ANA, f"eleven\n\nReviewed-by: {LEAD}\n")
    assert _state(base) is State.VALIDATED
    reasons = run_kbtui("trust", REFUND, cwd=base).out
    assert "Lena Lead reviewed exactly these words in git" in reasons
    assert git(base, "rev-parse", "HEAD")[:10] in reasons
    _replace(base, "Eleven working", "Twelve working", ANA)
    assert _state(base) is State.NOT_VALIDATED


def test_a_flag_does_not_take_back_what_a_person_signed(base: Path) -> None:
    """A flag is a place in the queue; only evidence by use is taken back by it, as with a confirmation in kbtui."""
    _replace(base, "Ten working", "Eleven working", ANA, f"eleven\n\nReviewed-by: {LEAD}\n")
    with opened(base, {"KBTUI_PERSON": str(DAN)}) as knowledge:
        knowledge.flag(REFUND, "twelve by now")
    assert _state(base) is State.VALIDATED


def test_a_state_set_by_hand_is_its_author_s_word_for_the_words_that_are_there(base: Path) -> None:
    _replace(base, *CLAIM, LEAD)
    assert _state(base) is State.VALIDATED
    _replace(base, "Ten working", "Eleven working", BEN)
    assert _state(base) is State.NOT_VALIDATED
    _replace(base, "Eleven working", "Ten working", BEN)
    assert _state(base) is State.VALIDATED, "the words that Lena has signed"


def test_words_changed_in_the_commit_that_sets_the_state_are_those_that_are_signed(base: Path) -> None:
    write_files(base, {REFUND: (base / REFUND).read_text().replace(*CLAIM).replace("Ten working", "Nine working")})
    git(base, "commit", "-qam", "nine, and right", by=LEAD)
    assert _state(base) is State.VALIDATED


def test_a_state_set_by_hand_and_not_committed_is_nobody_s_word(base: Path) -> None:
    write_files(base, {REFUND: (base / REFUND).read_text().replace(*CLAIM)})
    assert _state(base) is State.NOT_VALIDATED


def test_what_a_starter_base_or_an_import_claims_nobody_here_has_looked_at(tmp_path: Path) -> None:
    write_files(tmp_path / "kb", {REFUND: "---\nid: refund22\nstate: validated\n---\n# Refund?\n\nYes.\n"})
    assert run_kbtui("init", tmp_path / "kb").status == 0
    with opened(tmp_path / "kb") as knowledge:
        knowledge.bring_up_standing()
        assert knowledge.get(REFUND).state is State.NOT_VALIDATED


def test_an_undo_in_kbtui_that_brings_back_a_state_set_by_hand_signs_nothing(base: Path) -> None:
    _replace(base, *CLAIM, LEAD)
    _answer(base, "Eleven working days.", BEN, "bens")
    with opened(base, {"KBTUI_PERSON": str(DAN)}) as knowledge:
        knowledge.validate(REFUND)
        assert knowledge.get(REFUND).state is State.VALIDATED
        knowledge.undo(REFUND)
    assert _state(base) is State.NOT_VALIDATED


def test_a_signature_follows_a_file_that_was_moved(base: Path) -> None:
    _replace(base, "Ten working", "Eleven working", ANA, f"eleven\n\nReviewed-by: {LEAD}\n")
    git(base, "mv", REFUND, "refunds/moved.md")
    git(base, "commit", "-qm", "moved", by=BEN)
    with opened(base) as knowledge:
        knowledge.bring_up_standing()
        assert knowledge.get("refunds/moved.md").state is State.VALIDATED


def test_a_signature_that_was_rebased_or_squashed_still_stands_and_one_that_is_gone_does_not(base: Path) -> None:
    before = git(base, "rev-parse", "HEAD")
    _replace(base, "Ten working", "Eleven working", ANA, f"eleven\n\nReviewed-by: {LEAD}\n")
    assert _state(base) is State.VALIDATED
    git(base, "commit", "-q", "--amend", "--no-edit", "--reset-author", by=DAN)
    assert _state(base) is State.VALIDATED
    git(base, "reset", "-q", "--soft", before)
    git(base, "commit", "-qm", "eleven, without a reviewer", by=ANA)
    assert _state(base) is State.NOT_VALIDATED


def test_the_last_signature_counts_by_the_order_of_the_history_and_not_by_a_clock(base: Path) -> None:
    """FAULTS 57."""
    late, early = (
        {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        for date in ("2040-01-01T00:00:00Z", "2001-01-01T00:00:00Z")
    )
    text = (base / REFUND).read_text()
    for words, date in (("Eleven", late), ("Twelve", early)):
        write_files(base, {REFUND: text.replace("Ten", words)})
        git(base, "commit", "-qam", f"{words}\n\nReviewed-by: {LEAD}\n", by=ANA, env=date)
    assert _state(base) is State.VALIDATED
    write_files(base, {REFUND: text.replace("Ten", "Eleven")})
    git(base, "commit", "-qam", "back", by=BEN)
    assert _state(base) is State.NOT_VALIDATED


def test_a_squash_merged_pull_request_signs_every_entry_in_it(base: Path) -> None:
    """FAULTS 71, and a lead who works on the host."""
    git(base, "checkout", "-q", "-b", "pull")
    _replace(base, "Ten working", "Eleven working", ANA)
    write_files(base, {PASSWORD: (base / PASSWORD).read_text() + "\nOr ask us.\n"})
    git(base, "commit", "-qam", "password", by=ANA)
    git(base, "checkout", "-q", "main")
    git(base, "merge", "-q", "--squash", "pull")
    git(base, "commit", "-qm", f"Eleven (#12)\n\nReviewed-by: {LEAD}\n", by=ANA)
    with opened(base) as knowledge:
        knowledge.bring_up_standing()
        assert {knowledge.get(path).state for path in (REFUND, PASSWORD)} == {State.VALIDATED}


# What is remembered


def test_a_cache_that_is_damaged_or_gone_changes_nothing(base: Path) -> None:
    _use(base, BEN, CLEO)
    with opened(base) as knowledge:
        file = knowledge.trouble_log.with_name("standing.json")
        knowledge.bring_up_standing()
    for damage in (b"", b"{", b'{"layout": 1, "grounds": [], "head": 3}', b"\xff"):
        file.write_bytes(damage)
        assert _state(base) is State.VALIDATED
    file.unlink()
    assert _state(base) is State.VALIDATED


def test_validated_by_use_stands_above_not_validated(base: Path) -> None:
    """F3: validated above not-validated at equal relevance."""
    twin = REFUND.replace("refund22", "aaaaaa22")
    write_files(base, {twin: (base / REFUND).read_text().replace("refund22", "aaaaaa22")})
    git(base, "add", "-A")
    git(base, "commit", "-qm", "twin")
    _use(base, BEN, CLEO)
    with opened(base) as knowledge:
        knowledge.bring_up_standing()
        usual = knowledge.search("where is the refund", Wanted(uses={"none": 1}))
        proven = knowledge.search("where is the refund", Wanted(uses={"none": 1}, proven=knowledge.proven()))
        assert usual is not None
        assert proven is not None
        first = [each.hits[0].card.path for each in (usual, proven)]
        assert set(first) <= {REFUND, twin}
        assert first[1] == REFUND
