"""Running git so that it never asks, never hangs and never takes a stranger's settings.

Every call of git that writes or may wait goes through `GitRunner.run`: an argument list, a
closed standard input, a session of its own, a deadline, and an environment in which git
cannot prompt. A call that is late gets SIGTERM, so that git removes its own locks, and
SIGKILL only three seconds after (FAULTS 15, 26). Each call is logged with its time.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from kbtui.entry.model import Person
from kbtui.entry.text import printable
from kbtui.errors import GitTroubleError
from kbtui.git.surroundings import LOCAL_VARIABLES

QUICK = 30.0
"""Seconds that a call on this computer's disk may take."""

LONG = 900.0
"""Seconds that reading a whole history may take."""

_GRACE = 3.0
_LOOK = 0.1
"""Seconds between two looks whether a call is still wanted."""

_CHUNK = 1 << 16
_LOG_BYTES = 1024 * 1024

_UNATTENDED = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_PAGER": "cat",
    "GIT_EDITOR": ":",
    "GIT_MERGE_AUTOEDIT": "no",
    "GIT_ASK_YESNO": "false",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "GIT_ALLOW_PROTOCOL": "https:ssh:file",
}
_SETTINGS = ("gc.auto=0", "credential.interactive=false", "commit.gpgSign=false", "core.quotePath=false")


class GitResult(NamedTuple):
    """What one call of git came to.

    Attributes:
        status: git's exit code; -1 where it was ended for being late, or because nobody wants it any more.
        output: standard output, as bytes.
        complaint: standard error, printable.
    """

    status: int
    output: bytes
    complaint: str

    @property
    def is_ok(self) -> bool:
        """Whether git says that it worked."""
        return self.status == 0

    @property
    def text(self) -> str:
        """Standard output as text, without the last line end. Paths keep odd bytes as surrogates."""
        return self.output.decode("utf-8", "surrogateescape").rstrip("\n")


class GitRunner:
    """Runs git in one folder.

    Args:
        folder: where git is run.
        environment: the user's environment, without which ssh and proxies would not work.
        log: file that gets one JSON line for each call, or None.
        index_file: the index git is about to commit, told to a hook by its environment.
        variables: further variables for git, which outrank everything else.
        cancelled: asked now and then whether nobody wants what git is doing any more.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        log: Path | None = None,
        index_file: str = "",
        variables: Mapping[str, str] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self.folder = folder
        self._cancelled = cancelled
        self._variables = dict(variables or {}) | ({"GIT_INDEX_FILE": index_file} if index_file else {})
        self._environment = environment
        self._log = log

    def with_index(self, file: Path) -> GitRunner:
        """Return a runner of the same folder whose git uses `file` as its index and leaves the real one alone."""
        return GitRunner(self.folder, self._environment, self._log, str(file))

    def at(self, folder: Path) -> GitRunner:
        """Return a runner of another folder of the same repository."""
        return GitRunner(folder, self._environment, self._log, variables=self._variables)

    def with_variables(self, variables: Mapping[str, str]) -> GitRunner:
        """Return a runner of the same folder whose git has these variables as well."""
        both = self._variables | dict(variables)
        return GitRunner(self.folder, self._environment, self._log, variables=both, cancelled=self._cancelled)

    def with_cancel(self, cancelled: Callable[[], bool]) -> GitRunner:
        """Return a runner of the same folder whose calls end, politely, once nobody wants them any more."""
        variables = self._variables
        return GitRunner(self.folder, self._environment, self._log, variables=variables, cancelled=cancelled)

    def variable(self, name: str) -> str:
        """Return a variable of the user's environment, or nothing."""
        return self._environment.get(name, "")

    def run(
        self,
        *arguments: str,
        writes: bool = False,
        person: Person | None = None,
        given: bytes | None = None,
        deadline: float = QUICK,
        settings: Sequence[str] = (),
    ) -> GitResult:
        """Run git and wait for it.

        Args:
            arguments: what comes after `git`; paths must follow a `--`.
            writes: whether git may take locks for its own convenience.
            person: author and committer of what is written.
            given: bytes for git's standard input, which is otherwise closed.
            deadline: seconds after which git is told to stop.
            settings: further `key=value` settings for this call.

        Raises:
            GitTroubleError: git is not installed.
        """
        command = _command(arguments, settings)
        started = time.monotonic()
        result = self._finished(self._started(command, writes, person, given), given, deadline)
        self._note(arguments, result.status, time.monotonic() - started)
        return result

    def must(self, *arguments: str, trouble: str, hint: str = "Ask your lead to run `kbtui doctor`.") -> GitResult:
        """Run a git call that only reads, and insist that it works.

        Raises:
            GitTroubleError: with the sentence `trouble`, if git refuses.
        """
        result = self.run(*arguments)
        if not result.is_ok:
            raise GitTroubleError(trouble, hint, result.complaint)
        return result

    @contextmanager
    def stream(
        self, *arguments: str, trouble: str, given: bytes = b"", deadline: float = LONG, settings: Sequence[str] = ()
    ) -> Iterator[Iterator[bytes]]:
        """Run a git call that only reads, and hand over what it writes piece by piece, while it writes.

        Args:
            arguments: as in `run`.
            trouble: the sentence for a git that refuses.
            given: bytes for its standard input, which it must have read before it answers.
            deadline: seconds after which it is told to stop.
            settings: as in `run`.

        Raises:
            GitTroubleError: git refuses, or is late; raised when the pieces are at an end.
        """
        import tempfile  # takes longer to load than git takes to say where things are

        started = time.monotonic()
        with tempfile.TemporaryFile() as complaints:
            process = self._started(_command(arguments, settings), False, None, given or None, complaints)
            watch = threading.Timer(deadline, _end, (process,))
            watch.start()
            try:
                yield _pieces(process, given)
                status = process.wait()
            finally:
                watch.cancel()
                _end(process)
                _close(process)
            self._note(arguments, status, time.monotonic() - started)
            if status:
                complaints.seek(0)
                said = printable(complaints.read().decode("utf-8", "replace")).strip()
                raise GitTroubleError(trouble, "Run `kbtui doctor`.", said)

    def _started(
        self,
        command: list[str],
        writes: bool,
        person: Person | None,
        given: bytes | None,
        complaints: int | IO[bytes] = subprocess.PIPE,
    ) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env=unattended(self._environment, writes=writes, person=person) | self._variables,
                stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                start_new_session=os.name != "nt",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except FileNotFoundError as error:
            if not self.folder.is_dir():
                raise GitTroubleError(f"The folder {self.folder} is gone.", "Look where it went.") from error
            raise GitTroubleError("git is not installed on this computer.", "Ask your lead to install git.") from error

    def _finished(self, process: subprocess.Popen[bytes], given: bytes | None, deadline: float) -> GitResult:
        with process:
            try:
                output, complaint = self._collected(process, given, deadline)
            except subprocess.TimeoutExpired:
                output, complaint = _stopped(process)
                return GitResult(-1, output, f"git did not answer within {deadline:.0f} seconds")
            except BaseException:  # Ctrl+C does not reach a git that has a session of its own
                _end(process)
                raise
        return GitResult(process.returncode, output, printable(complaint.decode("utf-8", "replace")).strip())

    def _collected(self, process: subprocess.Popen[bytes], given: bytes | None, deadline: float) -> tuple[bytes, bytes]:
        """Return what git writes.

        Raises:
            TimeoutExpired: it is late, or nobody wants it any more.
        """
        if self._cancelled is None:
            return process.communicate(given, timeout=deadline)
        give_up = time.monotonic() + deadline
        while True:
            try:
                return process.communicate(given, timeout=min(_LOOK, deadline))
            except subprocess.TimeoutExpired:
                if self._cancelled() or time.monotonic() > give_up:
                    raise
                given = None  # the first call has taken it

    def _note(self, arguments: Sequence[str], status: int, seconds: float) -> None:
        if self._log is None:
            return
        line = {"at": time.time(), "git": arguments, "status": status, "ms": round(seconds * 1000, 1)}
        try:
            self._log.parent.mkdir(parents=True, exist_ok=True)
            if self._log.exists() and self._log.stat().st_size > _LOG_BYTES:
                self._log.replace(self._log.with_suffix(".old"))
            with self._log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")
        except OSError:
            self._log = None  # a log that cannot be written must not stop a save


def _command(arguments: Sequence[str], settings: Sequence[str]) -> list[str]:
    return ["git", *(word for pair in (*_SETTINGS, *settings) for word in ("-c", pair)), *arguments]


def _pieces(process: subprocess.Popen[bytes], given: bytes) -> Iterator[bytes]:
    if process.stdin is not None:
        with suppress(BrokenPipeError), process.stdin as stdin:  # one that has failed reads no more; its status says so
            stdin.write(given)
    assert process.stdout is not None  # it was started with a pipe
    while piece := process.stdout.read1(_CHUNK):  # type: ignore[attr-defined]
        yield piece


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a git whose output nobody collects, if it has not ended: politely, then for good."""
    for polite in (True, False):
        if process.poll() is None:
            _signal_group(process, polite=polite)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE)


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _stopped(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """End git and its children: politely, so that locks are removed, then for good."""
    _signal_group(process, polite=True)
    try:
        return process.communicate(timeout=_GRACE)
    except subprocess.TimeoutExpired:
        _signal_group(process, polite=False)
        return process.communicate()


def _signal_group(process: subprocess.Popen[bytes], *, polite: bool) -> None:
    if os.name == "nt":
        (process.terminate if polite else process.kill)()
        return
    try:
        os.killpg(process.pid, signal.SIGTERM if polite else signal.SIGKILL)
    except ProcessLookupError:
        return


def unattended(environment: Mapping[str, str], *, writes: bool, person: Person | None) -> dict[str, str]:
    """Return the environment in which git never prompts and takes nothing from a surrounding git."""
    result = {key: value for key, value in environment.items() if key not in LOCAL_VARIABLES}
    result.update(_UNATTENDED)
    if not writes:
        result["GIT_OPTIONAL_LOCKS"] = "0"
    if person is not None:
        result.update(
            GIT_AUTHOR_NAME=person.name,
            GIT_AUTHOR_EMAIL=person.email,
            GIT_COMMITTER_NAME=person.name,
            GIT_COMMITTER_EMAIL=person.email,
        )
    return result
