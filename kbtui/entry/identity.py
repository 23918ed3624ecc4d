"""Names that do not change: an entry's id and the file name it is born with.

Identity is the `id` in the front matter. A file name is chosen once, legal on every
platform (FAULTS 52-55), and never follows the question.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath

from kbtui.errors import RefusedError

ID_LENGTH = 8
SLUG_BYTES = 60
VARIANT_SUFFIX = ".variant.md"
EVENTS_FOLDER = "events"
"""The folder of a base in which no entries are."""

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_DEVICE = re.compile(r"con|prn|aux|nul|conin|conout|com\d|lpt\d")
"""Names that Windows keeps for devices, as folders too."""

_VARIANT_NAME = re.compile(r"(?P<stem>.+)\.[0-9a-f]{12}\.variant\.md", re.DOTALL)
_SPELT_OUT = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "&": " and ",
        "ı": "i",
    }
)


def new_id(random_bytes: Callable[[int], bytes]) -> str:
    """Return a fresh id: 8 characters of lower-case base32, 40 bits.

    Args:
        random_bytes: returns that many unpredictable bytes, such as `os.urandom`.
    """
    return base64.b32encode(random_bytes(ID_LENGTH * 5 // 8)).decode().lower()


def id_from_path(path: str) -> str:
    """Return the id of an entry whose file gives none: it lasts as long as the path does."""
    digest = _digest(path.encode("utf-8", "surrogatepass"))
    return base64.b32encode(digest).decode().lower()[:ID_LENGTH]


def id_in_name(path: str) -> str:
    """Return the id that the name of an entry's file ends with, or nothing: it stays when the file is moved."""
    last = PurePosixPath(path).stem.rpartition("-")[2]
    return last if len(last) == ID_LENGTH and is_safe_id(last) else ""


def is_safe_id(text: str) -> bool:
    """Whether `text` may be an id: short ASCII without dots, slashes or a leading dash."""
    return _SAFE_ID.fullmatch(text) is not None


def slug(question: str) -> str:
    """Return `question` as at most 60 bytes of lower-case ASCII words joined by dashes.

    A question without any Latin letter or digit gives "entry".
    """
    lowered = unicodedata.normalize("NFKC", question).casefold().translate(_SPELT_OUT)
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    text = ""
    for word in words:
        longer = f"{text}-{word}" if text else word[:SLUG_BYTES]
        if len(longer) > SLUG_BYTES:
            break
        text = longer
    return text or "entry"


def require_safe_id(text: str) -> None:
    """Refuse what must not become part of a path or a header.

    Raises:
        RefusedError: `text` is no id.
    """
    if not is_safe_id(text):
        raise RefusedError(f"{text!r} is no id of an entry.", "An id is made of letters, digits, - and _.")


def file_path(topic: str, question: str, entry_id: str) -> str:
    """Return the path, below the base's folder, of a new entry.

    Raises:
        RefusedError: the id could lead elsewhere.
    """
    require_safe_id(entry_id)
    folder = slug(topic)
    if _DEVICE.fullmatch(folder):
        folder = f"{folder}-topic"
    return f"{folder}/{slug(question)}-{entry_id}.md"


def _digest(content: bytes) -> bytes:
    import hashlib  # takes longer to load than all that a search begins with

    return hashlib.sha256(content).digest()


def variant_path(path: str, content: bytes) -> str:
    """Return where the other version of the entry at `path` is kept.

    The name depends on nothing but the entry and the content, so that two computers
    that keep the same version keep it under the same name (FAULTS 46).
    """
    return f"{path.removesuffix('.md')}.{_digest(content).hex()[:12]}{VARIANT_SUFFIX}"


def path_apart(path: str, content: bytes, entry_id: str) -> str:
    """Return where an entry goes whose path another one has, the same on every computer (FAULTS 44).

    Raises:
        RefusedError: the id could lead elsewhere.
    """
    require_safe_id(entry_id)
    return f"{path.removesuffix('.md')}-{_digest(content).hex()[:12]}-{entry_id}.md"


def variant_of(path: str) -> str:
    """Return the path of the entry that the file at `path` is the other version of, or nothing."""
    match = _VARIANT_NAME.fullmatch(path)
    return f"{match['stem']}.md" if match else ""
