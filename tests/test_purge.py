"""After a leak (F60): afterwards no object, no file and no log on this computer holds it, and all else is as it was."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from kbtui.entry.leak import Leak
from kbtui.entry.model import EntryChange, NewEntry
from kbtui.errors import RefusedError
from kbtui.purge import Target, carry_out, examine
from kbtui.store.drafts import Draft
from tests.helpers import ANA, BEN, LEAD, PASSWORD, REFUND, git, run_git, run_kbtui, status, write_files
from tests.team_of import Member, member, remote_of

SECRET = 'Jo "Zapp" Bloggs, 12 Rüttli'
SLUG = b"jo-zapp-bloggs-12-ruttli"
FORMS = (b"Bloggs, 12", rb"R\u00fcttli", "Rüttli".encode(), SLUG)
LOGGED = "%H%x00%an%x00%ae%x00%at%x00%cn%x00%ct%x00%s%x00%(trailers:only,unfold)"


def holding(root: Path) -> list[str]:
    """Return the objects of git's store that hold the secret, asked of plain git."""
    listed = run_git(root, "cat-file", "--batch-check=%(objectname) %(objecttype)", "--batch-all-objects").stdout
    found = []
    for line in listed.decode().splitlines():
        name, kind = line.split()
        data = run_git(root, "cat-file", kind, name).stdout
        if any(form in data for form in FORMS):
            found.append(name)
    return found


def files_holding(*folders: Path) -> list[Path]:
    """Return the plain files that hold it, git's objects aside."""
    return [place for place in _files(*folders) if any(form in place.read_bytes() for form in FORMS)]


def history(root: Path) -> list[list[str]]:
    """Return author, dates, words and trailers of every commit, the ids left out."""
    lines = git(root, "log", "--topo-order", f"--format={LOGGED}%x01", "HEAD").split("\x01")
    return [line.strip().split("\0")[1:] for line in lines if line.strip()]


@pytest.fixture
def lead(base: Path, tmp_path: Path) -> Member:
    """Return a lead's clone in which the secret stands in every place it can come to."""
    remote = remote_of(base, tmp_path / "remote.git")
    folder = tmp_path / "team"
    folder.mkdir()
    lead = member(LEAD, folder, remote)
    root = lead.root
    ana = Member(ANA, root, lead.home)
    ana.change(REFUND, EntryChange(internal=f"Ask {SECRET}.\n\nThen look."))
    Member(BEN, root, lead.home).change(PASSWORD, EntryChange(answer="Ask us."))
    with ana.opened() as knowledge:
        knowledge.refresh()
        knowledge.used(PASSWORD, "sign in")
        knowledge.settle_events()
        name = knowledge.ask(f"Who is {SECRET}?").entry.path
        assert SLUG in name.encode()
    ana.sync()
    ana.change(REFUND, EntryChange(internal="Then look."))
    git(root, "tag", "-a", "v1", "-m", f"with {SECRET}")
    git(root, "branch", "old", "HEAD~1")
    write_files(root, {REFUND: (root / REFUND).read_bytes() + f"\n{SECRET}\n".encode()})
    git(root, "stash")
    write_files(root, {PASSWORD: (root / PASSWORD).read_bytes() + b"\nstashed\n"})
    git(root, "stash")
    git(root, "commit", "-q", "--allow-empty", "-m", f"about {SECRET}")
    git(root, "reset", "-q", "--hard", "HEAD~1")
    write_files(root, {PASSWORD: (root / PASSWORD).read_bytes() + f"\n{SECRET}\n".encode(), "own.txt": "mine\n"})
    git(root, "add", PASSWORD)
    with ana.opened() as knowledge:
        knowledge.refresh()
        knowledge.used(REFUND, f"money of {SECRET}")
        knowledge.drafts.keep(Draft("d1", question="half", answer=f"Call {SECRET}"))
        knowledge.trouble_log.write_text(f"broke on {SECRET}")
    return lead


def _cli(lead: Member, *words: str, text: str = SECRET) -> tuple[int, str]:
    ran = run_kbtui("--kb", lead.root, "purge", *words, env=lead.environment, input=text + "\n")
    assert "Bloggs" not in ran.out + ran.err, "the words themselves are never printed"
    return ran.status, ran.out


def test_nothing_on_this_computer_holds_it_afterwards(lead: Member) -> None:
    root = lead.root
    before, credit = history(root), _credits(lead)
    untouched = git(root, "rev-parse", "HEAD~5")
    tree = git(root, "rev-parse", "HEAD^{tree}")
    assert len(holding(root)) > 5
    found, said = _cli(lead, "--text")
    assert found == 0
    assert "Nothing was changed" in said
    assert "git push --force-with-lease=refs/heads/main:" in said
    assert git(root, "rev-parse", "HEAD^{tree}") == tree, "a look changes nothing"
    assert _cli(lead, "--text", "--yes")[0] == 0
    assert holding(root) == []
    assert files_holding(root, lead.home) == []
    assert git(root, "fsck", "--full", "--strict", "--no-dangling") == ""
    assert history(root) == before, "authors, dates, words and trailers stay"
    assert _credits(lead) == credit
    assert git(root, "rev-parse", "HEAD~5") == untouched, "what came before it keeps its ids"
    assert "stashed" in git(root, "stash", "show", "-p", "stash@{0}")
    assert "(removed)" in git(root, "stash", "show", "-p", "stash@{1}")
    assert status(root) == f"M  {PASSWORD}\n?? own.txt", "staged work stays staged"
    assert (root / PASSWORD).read_text().endswith("\nAsk us.\n\n(removed)\n")
    assert git(root, "cat-file", "tag", "v1").endswith("with (removed)")
    with lead.opened() as knowledge:
        assert knowledge.get("refund22").internal == "Then look."
        assert knowledge.drafts.all()[0].answer == "Call (removed)"
        assert knowledge.demand(knowledge.get("refund22")).used == 1
    assert "nowhere" in _cli(lead, "--text")[1], "done again, there is nothing left to do"
    assert '"action": "purge"' in (root / ".git" / "kbtui" / "operations.jsonl").read_text()


def _credits(lead: Member) -> list[tuple[str, object]]:
    with lead.opened() as knowledge:
        knowledge.refresh()
        return [(each.id, each.credit) for each in knowledge.credits()]


def test_nothing_is_shared_until_the_host_has_the_new_history(lead: Member, tmp_path: Path) -> None:
    """FAULTS 34: kbtui never replaces a shared history by itself, and a fetch must not bring the words back."""
    remote = tmp_path / "remote.git"
    git(lead.root, "reset", "-q", "--hard")
    old = git(remote, "rev-parse", "main")
    assert _cli(lead, "--text", "--yes")[0] == 0
    said = lead.sync()
    assert (said.outcome, said.code) == ("lead", "K11")
    assert git(remote, "rev-parse", "main") == old
    assert holding(lead.root) == []
    git(lead.root, "push", "-q", f"--force-with-lease=refs/heads/main:{old}", "origin", "HEAD:refs/heads/main")
    assert lead.sync().words == "Shared"
    assert holding(lead.root) == []
    git(remote, "gc", "-q", "--prune=now")
    assert holding(remote) == []


def test_a_colleague_s_unsent_words_come_on_top_and_the_old_history_does_not(lead: Member, tmp_path: Path) -> None:
    """FAULTS 33: their clone still knows the old history, and does not put it back."""
    remote = tmp_path / "remote.git"
    ben = member(BEN, tmp_path / "team", remote)
    ben.change(PASSWORD, EntryChange(answer="Ben's unsent words."))
    git(lead.root, "reset", "-q", "--hard")
    old = git(remote, "rev-parse", "main")
    assert _cli(lead, "--text", "--yes")[0] == 0
    git(lead.root, "push", "-q", f"--force-with-lease=refs/heads/main:{old}", "origin", "HEAD:refs/heads/main")
    assert ben.sync().words == "Shared"
    git(remote, "gc", "-q", "--prune=now")
    assert holding(remote) == []
    assert lead.sync().code == "K11", "what is there now may be either history"
    assert "shares again" in run_kbtui("--kb", lead.root, "purge", "--done", env=lead.environment).out
    assert lead.sync().words == "Shared"
    assert lead.has("Ben's unsent words.")
    assert holding(lead.root) == []


def test_an_entry_goes_with_every_version(lead: Member) -> None:
    root = lead.root
    git(root, "reset", "-q", "--hard")
    blobs = git(root, "log", "--all", "--format=", "--raw", "--no-abbrev", "--", REFUND).splitlines()
    ids = {line.split()[3] for line in blobs} | {line.split()[2] for line in blobs}
    assert _cli(lead, "refund22", "--yes")[0] == 0
    assert not (root / REFUND).exists()
    assert git(root, "log", "--all", "--format=%H", "--", REFUND) == ""
    assert not [each for each in ids if run_git(root, "cat-file", "-e", each).returncode == 0]
    assert status(root) == "?? own.txt"
    with lead.opened() as knowledge:
        assert "refund22" not in {card.id for card in knowledge.cards()}


def test_an_entry_s_question_stands_in_no_note_afterwards_and_what_others_wrote_is_named(lead: Member) -> None:
    """F60: its path is made of its question; kbtui's own notes forget it, people's words are pointed to."""
    root, question = lead.root, "Was Ulrike Zander rude to us?"
    git(root, "reset", "-q", "--hard")
    with lead.opened() as knowledge:
        knowledge.refresh()
        entry = knowledge.new(NewEntry(question=question, answer="Yes.")).entry
        knowledge.used(entry.id, "the Zander call")
        knowledge.settle_events()
    lead.change(PASSWORD, EntryChange(see_also=f"- [{question}](../{entry.path})"))
    state = lead.parts().state
    (state / "git.old").write_text(entry.path)
    (state / "standing.json").write_text(f'{{"authors": {{"{entry.path}": []}}}}')
    slug = entry.path.rpartition("/")[2].removesuffix(".md").encode()
    log = root / ".git" / "kbtui" / "operations.jsonl"
    others = [line for line in log.read_bytes().splitlines() if slug not in line]
    assert slug in log.read_bytes()
    assert slug in (state / "git.log").read_bytes()
    report = carry_out(root, _environment(lead), Target(entry=entry.id))
    assert report.left == 0
    assert [place for place in _files(root, lead.home) if slug in place.read_bytes()] == [root / PASSWORD]
    assert log.read_bytes().splitlines()[: len(others)] == others, "nothing else is forgotten"
    assert [words.partition(",")[0] for words in report.by_hand] == [f"the file {PASSWORD}", "the events of this entry"]


def _files(*folders: Path) -> list[Path]:
    places = (place for folder in folders for place in folder.rglob("*") if place.is_file())
    return [place for place in places if "objects" not in place.parts]


def test_what_unfinished_work_was_made_from_goes_too(base: Path, tmp_path: Path) -> None:
    """FAULTS S2: a file in the way of the team's version is remembered with the version before it."""
    remote = remote_of(base, tmp_path / "remote.git")
    ana, lead = member(ANA, tmp_path, remote), member(LEAD, tmp_path, remote)
    ana.change(PASSWORD, EntryChange(internal=f"Ask {SECRET}."))
    for each in (ana, lead):
        each.sync()
    ana.change(PASSWORD, EntryChange(internal="", answer="Ask us."))
    ana.sync()
    write_files(lead.root, {PASSWORD: (lead.root / PASSWORD).read_bytes() + b"\nHalf a thought.\n"})
    assert lead.sync().in_the_way == (PASSWORD,)
    assert _cli(lead, "--text", "--yes")[0] == 0
    assert holding(lead.root) == []
    assert files_holding(lead.root, lead.home) == []
    tip = git(lead.root, "rev-parse", "HEAD")
    git(lead.root, "push", "-q", "--force", "origin", "HEAD:main")
    assert _cli(lead, "--done")[0] == 0
    assert lead.sync().in_the_way == (PASSWORD,)
    assert git(lead.root, "rev-parse", "HEAD") == tip
    lead.commit()
    assert lead.sync().reason == ""
    assert lead.has("Half a thought.")
    assert lead.has("Ask us.")


def test_a_backup_holds_what_was(lead: Member, tmp_path: Path) -> None:
    bundle = tmp_path / "before.bundle"
    head = git(lead.root, "rev-parse", "HEAD")
    assert _cli(lead, "--text", "--yes", "--backup", str(bundle))[0] == 0
    assert head in git(tmp_path, "bundle", "list-heads", str(bundle))
    assert _cli(lead, "--text", "--yes", "--backup", str(bundle))[0] == 10


def test_it_waits_for_an_open_merge(lead: Member, base: Path) -> None:
    git(lead.root, "reset", "-q", "--hard")
    git(lead.root, "checkout", "-q", "-b", "side", "HEAD~1")
    git(lead.root, "merge", "--no-ff", "--no-commit", "main")
    with pytest.raises(RefusedError, match="a merge"):
        examine(lead.root, subprocess.os.environ, Target(text=SECRET))  # type: ignore[attr-defined]


def test_words_too_short_to_be_told_are_refused() -> None:
    with pytest.raises(RefusedError, match="too short"):
        Leak(" ab ")
    assert "Bloggs" not in repr(Leak(SECRET))


def test_an_interrupted_purge_is_finished_by_the_next(lead: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    from kbtui.git.purging import Purge

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Purge, "_clean_index", broken)
        with pytest.raises(KeyboardInterrupt):
            carry_out(lead.root, _environment(lead), Target(text=SECRET))
    assert carry_out(lead.root, _environment(lead), Target(text=SECRET)).left == 0
    assert holding(lead.root) == []
    assert re.fullmatch(rf"M  {PASSWORD}\n\?\? own.txt", status(lead.root))


@pytest.mark.parametrize("at", ["stash", "gc"])
def test_a_crash_before_the_stashes_are_back_loses_none(lead: Member, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """The reflog that stashes stand in is emptied before they are stored again."""
    from kbtui.git.purging import Purge

    before = git(lead.root, "stash", "list", "--format=%gs").splitlines()
    assert len(before) == 2
    real = Purge._must

    def dies(self: Purge, *arguments: str, given: bytes | None = None, writes: bool = False) -> str:
        if arguments[0] == at:
            raise KeyboardInterrupt
        return real(self, *arguments, given=given, writes=writes)

    with monkeypatch.context() as patch:
        patch.setattr(Purge, "_must", dies)
        with pytest.raises(KeyboardInterrupt):
            carry_out(lead.root, _environment(lead), Target(text=SECRET))
    git(lead.root, "gc", "-q", "--prune=now")
    assert carry_out(lead.root, _environment(lead), Target(text=SECRET)).left == 0
    assert "stashed" in git(lead.root, "stash", "show", "-p", "stash@{0}")
    assert "(removed)" in git(lead.root, "stash", "show", "-p", "stash@{1}")
    assert git(lead.root, "stash", "list", "--format=%gs").splitlines() == before
    assert git(lead.root, "for-each-ref", "refs/kbtui/purge-stash") == ""


def _environment(lead: Member) -> dict[str, str]:
    from tests.helpers import environment

    return environment(lead.environment)
