"""What a terminal does to a program: it closes, it speaks another language, it asks, words begin with a dash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kbtui.bases import find_base
from kbtui.paths import places
from tests.helpers import ANA, REFUND, environment, git, in_head, run_kbtui, write_files

ANAS = {"KBTUI_PERSON": str(ANA)}


# Words


@pytest.mark.parametrize(
    "words", [("-5", "degrees"), ("--weird", "zebra"), ("-x",), ("zebra", "-v"), ("--", "--help", "zebra")]
)
def test_a_caller_s_words_may_begin_with_a_dash(base: Path, words: tuple[str, ...]) -> None:
    said = [word for word in words if word != "--"]
    searched = run_kbtui("search", *words, cwd=base)
    assert searched.status == 0, searched.err
    assert f"Nothing found for: {' '.join(said)}" in searched.out
    asked = run_kbtui("ask", *words, cwd=base, env=ANAS)
    assert asked.status == 0, asked.err
    assert " ".join(said) in asked.out


def test_an_answer_may_be_a_list(base: Path) -> None:
    """Markdown lists begin with a dash, and answers are often lists."""
    ran = run_kbtui("answer", "openqu22", "--", "- Yes\n- at the till", cwd=base, env=ANAS)
    assert ran.status == 0, ran.err
    ran = run_kbtui("edit", "openqu22", "--answer", "- No\n- not here", cwd=base, env=ANAS)
    assert ran.status == 0, ran.err
    assert "- not here" in run_kbtui("show", "openqu22", cwd=base).out


def test_words_of_every_language(base: Path) -> None:
    question = "Où est mon colis ? 退货 😀 «so»"
    asked = run_kbtui("ask", question, "--json", cwd=base, env=ANAS)
    assert asked.status == 0, asked.err
    assert question in run_kbtui("search", "退货", cwd=base).out
    assert question.encode() in (in_head(base, asked.json["path"]) or b"")


# Output


@pytest.mark.parametrize("env", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_a_terminal_that_knows_ascii_only(base: Path, env: dict[str, str]) -> None:
    write_files(base, {"a.md": "# Où est le zèbre ? 😀\n\nLà-bas…\n"})
    for command in (
        ("search", "zebre"),
        ("show", "a.md"),
        ("list",),
        ("show", "nothing–2"),
        ("search", "zebre", "--json"),
    ):
        ran = run_kbtui(*command, cwd=base, env=env)
        assert "Traceback" not in ran.err
        assert "Error" not in ran.err
    assert "est le z" in run_kbtui("show", "a.md", cwd=base, env=env).out


def test_a_reader_that_goes_away_early(base: Path) -> None:
    """`kbtui list | head -1`."""
    write_files(base, {f"n/{number}.md": f"# Question {number}\n\n{'words ' * 50}\n" for number in range(400)})
    assert run_kbtui("reindex", cwd=base).status == 0
    with subprocess.Popen(
        [sys.executable, "-m", "kbtui", "list"],
        cwd=base,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert said == b""
    assert process.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell closes the stream")
@pytest.mark.parametrize("stream", [">&-", "2>&-", "<&-"])
def test_a_stream_that_was_never_open(base: Path, stream: str) -> None:
    """Schedulers and CRM buttons start programs without one of the three."""
    command = f'"$0" -m kbtui search refund {stream}; echo "ended $?" >"$1"'
    report = base.parent / "report"
    ended = subprocess.run(
        ["sh", "-c", command, sys.executable, str(report)],
        cwd=base,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in ended.stderr
    assert report.read_text() == "ended 0\n"


def test_data_on_one_stream_words_on_the_other(base: Path) -> None:
    write_files(base, {"broken.md": "---\na: b\n"})
    ran = run_kbtui("search", "refund", cwd=base)
    assert REFUND.split("/")[0] in ran.out or "refund22" in ran.out
    assert ran.err == ""


# A person at a terminal

pexpect = pytest.importorskip("pexpect", reason="pexpect is for POSIX") if os.name != "nt" else None


@pytest.mark.skipif(os.name == "nt", reason="there is no pseudo-terminal")
def test_the_name_is_asked_for_once(base: Path) -> None:
    """F54, FAULTS 58: https://github.com/tpope/vim-fugitive/issues/113."""
    import pexpect

    def ask(question: str) -> pexpect.spawn[str]:
        arguments = ["-m", "kbtui", "ask", question]
        return pexpect.spawn(
            sys.executable,
            arguments,
            cwd=str(base),
            env=environment(),
            encoding="utf-8",
            timeout=100,
            dimensions=(24, 200),
        )

    with ask("Where is the zebra?") as first:
        first.expect("Your name, as colleagues will see it: ")
        first.sendline("  Zoë  Ångström ")
        first.expect("Thank you, Zoë Ångström")
        first.expect("Saved: Where is the zebra")
        first.expect(pexpect.EOF)
    with ask("Where is the giraffe?") as second:
        second.expect("Saved: Where is the giraffe")
        assert "Your name" not in second.before
        second.expect(pexpect.EOF)
    assert git(base, "log", "-2", "--format=%an") == "Zoë Ångström\nZoë Ångström"
    assert "Zoë Ångström" in places(environment()).config_file.read_text("utf-8")
    assert find_base("", environment(), base) == base


@pytest.mark.skipif(os.name == "nt", reason="there is no pseudo-terminal")
@pytest.mark.parametrize("typed", ["\x04", "\r", "<a@b>\r", "\x03"])
def test_somebody_who_will_not_say(base: Path, typed: str) -> None:
    import pexpect

    def hear_interrupts() -> None:
        """Be as a shell in a terminal starts it, also where these tests run behind a shell's `&`, deaf to ctrl+c."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with pexpect.spawn(
        sys.executable,
        ["-m", "kbtui", "ask", "Where is the zebra?"],
        cwd=str(base),
        env=environment(),
        encoding="utf-8",
        timeout=100,
        preexec_fn=hear_interrupts,
    ) as process:
        process.expect("see it: ")
        process.send(typed)
        process.expect(pexpect.EOF)
        assert "Traceback" not in (process.before or "")
        process.wait()
        assert process.exitstatus or process.signalstatus
    assert not places(environment()).config_file.exists()
    assert git(base, "rev-list", "--count", "HEAD") == "1"


@pytest.mark.skipif(os.name == "nt", reason="there is no pseudo-terminal")
def test_an_editor_of_one_s_own(base: Path, tmp_path: Path) -> None:
    """F19: the external editor; and one that fails changes nothing."""
    import pexpect

    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\nsed -i "s/Five working/Six working/" "$1"\n')
    editor.chmod(0o755)
    for command, code, words in ((f"'{editor}'", 0, b"Six working"), ("false", 10, b"Six working")):
        with pexpect.spawn(
            sys.executable,
            ["-m", "kbtui", "edit", "refund22"],
            cwd=str(base),
            env=environment(ANAS | {"EDITOR": command}),
            encoding="utf-8",
            timeout=100,
        ) as process:
            process.expect(pexpect.EOF)
            process.wait()
            assert process.exitstatus == code, process.before
        assert words in (in_head(base, REFUND) or b"")
