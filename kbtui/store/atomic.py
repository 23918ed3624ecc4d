"""Writing a file so that a reader sees the old bytes or the new ones, never half of them.

A crash, a power cut or a full disk leaves the file as it was (FAULTS 2, 4): the bytes go
to a temporary file beside it, are forced to the disk, and take the name in one step.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from kbtui.errors import NotSavedError

TEMPORARY_PREFIX = ".kbtui-"


def write(target: Path, data: bytes) -> None:
    """Write `data` to `target`, creating the folders above it.

    A link at `target` is replaced, never written through.

    Raises:
        NotSavedError: the disk did not take the bytes; `target` is unchanged.
    """
    temporary = target.with_name(f"{TEMPORARY_PREFIX}{os.urandom(6).hex()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_through(temporary, data)
        temporary.replace(target)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise NotSavedError(_sentence(error), "Your text is still here. Make room or ask your lead.") from error
    flush_folder(target.parent)


def write_new(target: Path, data: bytes) -> None:
    """Write `data` to `target` unless there is such a file already; of two processes that both do, one wins.

    Raises:
        NotSavedError: the disk did not take the bytes.
    """
    temporary = target.with_name(f"{TEMPORARY_PREFIX}{os.urandom(6).hex()}.tmp")
    write(temporary, data)
    try:
        os.link(temporary, target)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not target.exists():
            write(target, data)
    finally:
        temporary.unlink(missing_ok=True)


def _write_through(temporary: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Force a folder's list of names to the disk, where the platform and the share can."""
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove what writes that a crash interrupted have left in a folder. Nobody may be writing there."""
    with suppress(OSError):
        for leftover in folder.glob(f"{TEMPORARY_PREFIX}*.tmp"):
            leftover.unlink(missing_ok=True)


def _sentence(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "Not saved: this disk is full."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "Not saved: this folder does not let kbtui write."
    return f"Not saved: the disk answered with an error ({os.strerror(error.errno or 0)})."
