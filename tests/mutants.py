"""Faults put into kbtui itself, one at a time, to see whether a test notices.

    python -m tests.mutants            tries all, and says which test caught which
    python -m tests.mutants push       those whose name has the word
    python -m tests.mutants --sound    takes for granted that the tests pass without a mutant
    python -m tests.mutants --write    also writes the table in docs/reliability.md

Each is made in a copy of the checkout in a temporary folder; the checkout stays as it is. The
tests named with a mutant are run without it first: they must pass there. Not part of the suite.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
PAGE = TOP / "docs" / "reliability.md"
BEGIN, END = "<!-- mutants of sharing -->\n", "<!-- /mutants of sharing -->\n"
COPIED = ("kbtui", "tests", "hooks", "kb", "docs", "pyproject.toml", "README.md")

MERGES = ("tests/git/test_sync_merge.py", "tests/git/test_sync.py")
INVARIANTS = ("tests/git/test_sync_invariants.py",)
SAVES = ("tests/git/test_saver_odd_states.py",)
RUNNER = ("tests/git/test_runner.py",)
HOSTS = ("tests/git/test_sync_ssh.py", "tests/git/test_sync_hosts.py")
IN_THE_WAY = "tests/git/test_sync_in_the_way.py"
MOVED = "tests/git/test_sync_moved_in_the_way.py"
REVIEW = ("tests/git/test_sync_review.py",)
ODD = ("tests/git/test_sync_odd_settings.py", "tests/git/test_sync_histories.py")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: words of a module, which stand there once, and what stands there instead.

    Attributes:
        name: what was made wrong.
        tests: the tests that should notice, the most likely first, and the files of the rest.
    """

    name: str
    module: str
    words: str
    instead: str
    tests: tuple[str, ...]


MUTANTS = (
    Mutant(
        "`-X ours`: of contested words the other version is dropped",
        "kbtui/entry/joining.py",
        "return Joined(merged.content, merged.variant)",
        "return Joined(merged.content)",
        ("tests/git/test_sync.py::test_two_answers_are_both_kept", *MERGES),
    ),
    Mutant(
        "`-s ours`: of a file that both changed ours stays",
        "kbtui/git/tree_merge.py",
        "        content, beside = self._joined(contest)\n",
        "        content, beside = self._trees.blobs([ours.blob])[ours.blob], None\n",
        ("tests/git/test_sync.py::test_two_answers_are_both_kept", *MERGES),
    ),
    Mutant(
        "union merge: an entry's lines of both sides, one after the other",
        "kbtui/entry/joining.py",
        "    first, second = sorted((one, other), key=lambda version: _rank(base, version))\n    merged",
        "    return Joined(join_lines(base or b'', one, other))\n    first, second = one, other\n    merged",
        ("tests/git/test_sync.py::test_two_answers_are_both_kept", *MERGES),
    ),
    Mutant(
        "the merge depends on whose side is whose",
        "kbtui/entry/joining.py",
        "    first, second = sorted((one, other), key=lambda version: _rank(base, version))\n    merged",
        "    first, second = one, other\n    merged",
        ("tests/git/test_sync_merge.py::test_commutative", *MERGES),
    ),
    Mutant(
        "no index repair after a commit through a private index",
        "kbtui/git/commits.py",
        "        full = [self._repository.layout.prefix + path for path in paths]\n        wanted",
        "        return True\n        full = [self._repository.layout.prefix + path for path in paths]\n        wanted",
        ("tests/git/test_saver_odd_states.py::test_a_lead_who_commits_before_the_index_is_repaired", *SAVES),
    ),
    Mutant(
        "push's exit code is trusted",
        "kbtui/git/remote.py",
        "        trouble = trouble_of(pushed)\n        seen = self.look(branch)\n",
        "        trouble = trouble_of(pushed)\n        seen = Answer(trouble, commit if pushed.is_ok else '')\n",
        (
            "tests/git/test_sync.py::test_a_push_that_only_says_it_worked_is_not_believed",
            "tests/git/test_sync.py",
        ),
    ),
    Mutant(
        "SIGKILL for SIGTERM",
        "kbtui/git/runner.py",
        "signal.SIGTERM if polite else signal.SIGKILL",
        "signal.SIGKILL",
        RUNNER,
    ),
    Mutant(
        "git alone is ended, not what it has started",
        "kbtui/git/runner.py",
        "os.killpg(process.pid,",
        "os.kill(process.pid,",
        (
            "tests/git/test_runner.py::test_a_git_that_does_not_listen_is_killed_with_its_children_after_a_while",
            *RUNNER,
            *HOSTS,
        ),
    ),
    Mutant(
        "invariant 1 is off: what we did not touch",
        "kbtui/git/invariants.py",
        "(1, _elsewhere(from_theirs, ours, new))",
        "(1, [])",
        INVARIANTS,
    ),
    Mutant(
        "invariant 2 is off: what the team did not touch",
        "kbtui/git/invariants.py",
        "(2, _elsewhere(from_ours, theirs, new))",
        "(2, [])",
        INVARIANTS,
    ),
    Mutant(
        "invariant 3 is off: lines that are lost",
        "kbtui/git/invariants.py",
        "(3, self._lost_lines(merged, ours, theirs))",
        "(3, [])",
        INVARIANTS,
    ),
    Mutant(
        "invariant 4 is off: conflict markers",
        "kbtui/git/invariants.py",
        "(4, self._marked(merged))",
        "(4, [])",
        INVARIANTS,
    ),
    Mutant(
        "invariant 5 is off: what parsed parses",
        "kbtui/git/invariants.py",
        "(5, self._unreadable(merged))",
        "(5, [])",
        INVARIANTS,
    ),
    Mutant(
        "invariant 6 is off: masses that vanish",
        "kbtui/git/uniting.py",
        "        if united.target and not may_delete and self._loses_entries(united):",
        "        if False:",
        (
            "tests/git/test_sync.py::test_a_mass_deletion_is_held_back",
            "tests/git/test_sync.py",
        ),
    ),
    Mutant(
        "invariant 3 asks for words that the other side took away",
        "kbtui/git/invariants.py",
        "known = words | set(_TOKEN.findall(before))",
        "known = words",
        ("tests/git/test_sync_histories.py::test_tags_of_both", *ODD, "tests/git/test_sync_merge.py"),
    ),
    Mutant(
        "a rejected share is merged on top of its last merge",
        "kbtui/git/exchange.py",
        "        if pushed.trouble is Trouble.REJECTED:\n            return None\n",
        "        if pushed.trouble is Trouble.REJECTED:\n            self._landing.move(united.tip, united.target)\n"
        "            return None\n",
        (
            "tests/git/test_sync.py::test_a_retry_piles_up_no_merges",
            "tests/git/test_sync.py",
        ),
    ),
    Mutant(
        "a push is forced",
        "kbtui/git/remote.py",
        'flags = ("--porcelain", "--no-verify", "--no-signed"',
        'flags = ("--force", "--porcelain", "--no-verify", "--no-signed"',
        (
            "tests/git/test_sync.py::test_a_shared_branch_is_never_forced",
            "tests/git/test_sync.py",
        ),
    ),
    Mutant(
        "the user's ssh command is replaced",
        "kbtui/git/remote.py",
        'command = own or "ssh"',
        'command = "ssh"',
        ("tests/git/test_sync_ssh.py::test_a_key_without_a_passphrase", *HOSTS),
    ),
    Mutant(
        "a host nobody knows is believed",
        "kbtui/git/remote.py",
        '"-o BatchMode=yes -o',
        '"-o BatchMode=yes -o StrictHostKeyChecking=no -o',
        ("tests/git/test_sync_ssh.py::test_a_host_nobody_knows", *HOSTS),
    ),
    Mutant(
        "any way to a remote is allowed",
        "kbtui/git/runner.py",
        '    "GIT_ALLOW_PROTOCOL": "https:ssh:file",\n',
        "",
        ("tests/git/test_sync_hosts.py::test_a_way_that_is_not_allowed_is_not_taken", *HOSTS, *RUNNER),
    ),
    Mutant(
        "an older version of ours, taken over by the team, is a second opinion",
        "kbtui/git/uniting.py",
        "if not 0 < len(both) <= _MOST_LOOKED_UP:",
        "if both or not both:",
        ("tests/git/test_sync_review.py::test_more_was_written_meanwhile", *REVIEW),
    ),
    Mutant(
        "what a lead changed in a review does not come back",
        "kbtui/git/review.py",
        'return there if is_newer else ""',
        'return ""',
        ("tests/git/test_sync_review.py::test_a_lead_edits_what_waits_for_review", *REVIEW),
    ),
    Mutant(
        "two entries at one path are two versions of one",
        "kbtui/entry/joining.py",
        "    if base is not None:\n        return None\n    first, second",
        "    if base is not base or True:\n        return None\n    first, second",
        ("tests/git/test_sync_histories.py::test_two_entries_at_one_path", *ODD),
    ),
    Mutant(
        "signed pushes as the user has them",
        "kbtui/git/remote.py",
        '"--no-signed", "--no-follow-tags"',
        '"--no-follow-tags"',
        ("tests/git/test_sync_odd_settings.py::test_a_lead_s_many_settings", *ODD),
    ),
    Mutant(
        "work that was in the way is shared as it was committed",
        "kbtui/git/uniting.py",
        "        if not over:\n",
        "        if over or not over:\n",
        (f"{IN_THE_WAY}::test_work_that_is_committed_is_merged_with_what_the_team_wrote", IN_THE_WAY),
    ),
    Mutant(
        "of a file in the way git's index has the old version",
        "kbtui/git/landing.py",
        "        return self._tell_index(told, new)\n",
        "        return result\n",
        (f"{IN_THE_WAY}::test_only_the_path_is_held_up", IN_THE_WAY),
    ),
    Mutant(
        "of a file that stays in the way, what it was made from is forgotten",
        "kbtui/git/landing.py",
        "            bases[path] = known[path].before if path in known and known[path].after == before else before\n",
        "            bases[path] = before\n",
        (f"{IN_THE_WAY}::test_work_that_is_committed_is_merged_with_what_the_team_wrote", IN_THE_WAY),
    ),
    Mutant(
        "an interrupted landing around a file in the way leaves git's index as it is",
        "kbtui/git/landing.py",
        "self._left_alone(head, target, arrived) | arrived",
        "arrived",
        (f"{IN_THE_WAY}::test_killed_in_the_middle", IN_THE_WAY),
    ),
    Mutant(
        "work on an entry that was moved stays in its old place",
        "kbtui/git/uniting.py",
        "target, done = self._taken_along(tip, hold)",
        "target, done = tip, TreeMerge()",
        (f"{MOVED}::test_work_on_an_entry_that_was_moved_comes_to_its_new_place", MOVED),
    ),
    Mutant(
        "what was put over an entry in its new place by hand takes the team's words back",
        "kbtui/git/landing.py",
        "paths |= {place: change} if change.after not in (None, change.before) else {}",
        "paths |= {}",
        (f"{MOVED}::test_work_on_an_entry_that_was_moved_comes_to_its_new_place", MOVED),
    ),
    Mutant(
        "a git that does not say what HEAD has says that it has nothing",
        "kbtui/git/commits.py",
        "        if not wanted.is_ok:\n            return False\n",
        "",
        (
            "tests/git/test_event_saver.py::test_a_git_that_does_not_say_what_head_has_takes_nothing_out_of_the_index",
            *SAVES,
        ),
    ),
    Mutant(
        "what was refused once is never offered again",
        "kbtui/git/exchange.py",
        "if is_sent and not (self._options.is_asked or self._review.may_be_over()):",
        "if is_sent:",
        ("tests/git/test_sync_review.py::test_a_refusal_that_was_for_the_moment", *REVIEW),
    ),
    Mutant(
        "a folder that is gone for the moment is no base",
        "kbtui/git/remote.py",
        "if trouble is Trouble.NO_REPOSITORY and (place := self._missing_folder()):",
        "if (place := self._missing_folder()) and not place:",
        ("tests/git/test_sync.py::test_a_folder_that_is_gone_for_the_moment", "tests/git/test_sync.py"),
    ),
)


def main(arguments: Sequence[str]) -> int:
    """Try the mutants; return 1 where one is noticed by no test."""
    words = [word for word in arguments if not word.startswith("-")]
    chosen = [mutant for mutant in MUTANTS if all(word in mutant.name for word in words)]
    with tempfile.TemporaryDirectory() as folder:
        copy = _copied(Path(folder) / "kbtui")
        tests = tuple(dict.fromkeys(file.partition("::")[0] for mutant in chosen for file in mutant.tests))
        if "--sound" not in arguments and (failed := _failing(copy, tests, "-n2")):
            sys.stdout.write(f"These fail without any mutant: {', '.join(failed)}\n")
            return 2
        rows = [_row(mutant, _caught_by(copy, mutant)) for mutant in chosen]
    if "--write" in arguments:
        _write(rows)
    return any("**nothing**" in row for row in rows)


def _copied(target: Path) -> Path:
    target.mkdir()
    for name in COPIED:
        source = TOP / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / name)
    return target


def _caught_by(copy: Path, mutant: Mutant) -> list[str]:
    """Return the tests that fail with a fault: the likeliest are run alone, and only then all."""
    module = copy / mutant.module
    sound = module.read_text("utf-8")
    if sound.count(mutant.words) != 1:
        raise SystemExit(f"{mutant.name}: its words stand {sound.count(mutant.words)} times in {mutant.module}")
    module.write_text(sound.replace(mutant.words, mutant.instead), "utf-8")
    try:
        likely = [test for test in mutant.tests if "::" in test]
        caught = _failing(copy, likely) if likely else []
        return caught or _failing(copy, [test for test in mutant.tests if test not in likely])
    finally:
        module.write_text(sound, "utf-8")


def _failing(copy: Path, tests: Sequence[str], *flags: str) -> list[str]:
    """Return the first test that fails; more than one where several end at once."""
    ended = subprocess.run(
        [
            sys.executable,
            "-B",
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            f"--basetemp={copy.parent / 'tests'}",
            *flags,
            *tests,
        ],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+?)(?:\[.*?\])?(?: - .*)?$", ended.stdout, re.MULTILINE)
    if ended.returncode and not failed:
        raise SystemExit(ended.stdout + ended.stderr)
    return list(dict.fromkeys(failed))


def _row(mutant: Mutant, caught: Sequence[str]) -> str:
    file, _, name = caught[0].partition("::") if caught else ("", "", "")
    words = name.removeprefix("test_").replace("_s_", "'s_").replace("_", " ")
    told = f"[{words or file}](../{file})" if caught else "**nothing**"
    row = f"| {mutant.name} | {told} |"
    sys.stdout.write(f"{row}\n")
    sys.stdout.flush()
    return row


def _write(rows: Sequence[str]) -> None:
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    table = "".join(f"{row}\n" for row in ("| what was made wrong | caught by |", "|---|---|", *rows))
    PAGE.write_text(f"{before}{BEGIN}{table}{END}{after}", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
