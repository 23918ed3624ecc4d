"""Settings: the team's, in the base's kb.toml, and the user's own, in config.toml.

A value typed on the command line beats the environment, which beats a file, which beats
the default. Reading is strict about shapes and names the file and the key in its errors.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kbtui.entry.identity import slug
from kbtui.entry.model import Person
from kbtui.entry.text import normal, one_line
from kbtui.errors import NoBaseError, RefusedError
from kbtui.store import atomic

BASE_FILE = "kb.toml"
USUAL_SUBFOLDER = "kb"
MAX_BASE_FILE_BYTES = 256 * 1024

_USER_KEYS = ("name", "email", "base", "role", "meaning")


@dataclass(frozen=True)
class TeamConfig:
    """What kb.toml says.

    Attributes:
        name: what the team calls its base.
        language: ISO 639-1 code of the entries' language.
        topics: folders offered for new entries; others may exist.
        roles: lowest first, as authority cards name them.
        ignore: shell patterns of Markdown files that are no entries.
        synonyms: groups of words that mean the same to this team's callers.
    """

    name: str = "Knowledge base"
    language: str = "en"
    topics: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("rep", "lead")
    ignore: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class UserConfig:
    """What config.toml says: who uses this computer's account, and how.

    Attributes:
        base: the base they usually open.
        meaning: the model to search by meaning with, "off" for none, empty for the one that is installed.
        role: what they may decide, as the team's kb.toml names it; recorded to enable, never to lock (F40).
    """

    name: str = ""
    email: str = ""
    base: str = ""
    meaning: str = ""
    role: str = ""

    @property
    def person(self) -> Person | None:
        """The person, once a name has been given."""
        return Person(self.name, self.email or invented_address(self.name)) if self.name else None


def read_team(root: Path) -> TeamConfig:
    """Return the settings of the base in `root`.

    Raises:
        NoBaseError: kb.toml is missing or cannot be read.
    """
    file = root / BASE_FILE
    try:
        with file.open("rb") as opened:
            values = tomllib.loads(opened.read(MAX_BASE_FILE_BYTES).decode("utf-8"))
    except FileNotFoundError as error:
        raise NoBaseError(f"{root} is no knowledge base: it has no kb.toml.", "Make one with `kbtui init`.") from error
    except (OSError, ValueError) as error:
        reason = one_line(str(error))
        raise NoBaseError(f"{file} cannot be read: {reason}.", "Mend the file in a text editor.") from error
    default = TeamConfig()
    return TeamConfig(
        name=_text(file, values, "name", default.name),
        language=_text(file, values, "language", default.language),
        topics=_texts(file, values, "topics", default.topics),
        roles=_texts(file, values, "roles", default.roles),
        ignore=_texts(file, values, "ignore", default.ignore),
        synonyms=_groups(file, values, "synonyms"),
    )


def _text(file: Path, values: Mapping[str, Any], key: str, default: str) -> str:
    value = values.get(key, default)
    if not isinstance(value, str):
        raise NoBaseError(f"In {file}, {key} must be a text in quotes.", "Mend the file in a text editor.")
    return one_line(value) or default


def _texts(file: Path, values: Mapping[str, Any], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = values.get(key, list(default))
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise NoBaseError(f"In {file}, {key} must be a list of texts.", "Mend the file in a text editor.")
    return tuple(one_line(item) for item in value)


def _groups(file: Path, values: Mapping[str, Any], key: str) -> tuple[tuple[str, ...], ...]:
    value = values.get(key, [])
    if not isinstance(value, list):
        raise NoBaseError(f"In {file}, {key} must be a list of lists of texts.", "Mend the file in a text editor.")
    return tuple(_texts(file, {key: group}, key, ()) for group in value)


def read_user(file: Path) -> UserConfig:
    """Return the user's settings; a file that is not there is empty settings.

    Raises:
        RefusedError: the file cannot be read.
    """
    try:
        values = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return UserConfig()
    except (OSError, ValueError) as error:
        raise RefusedError(f"{file} cannot be read: {one_line(str(error))}.", "Mend or delete the file.") from error
    texts = {key: one_line(str(values.get(key, ""))) for key in _USER_KEYS}
    return UserConfig(**texts)


def write_user(file: Path, config: UserConfig) -> None:
    """Write the user's settings.

    Raises:
        NotSavedError: the disk did not take them.
    """
    values = {key: getattr(config, key) for key in _USER_KEYS}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value]
    atomic.write(file, ("\n".join(lines) + "\n").encode("utf-8"))


def parse_person(text: str) -> Person:
    """Return the person in a text such as "Ana Kovacs <ana@example.com>" or just "Ana Kovacs".

    Raises:
        RefusedError: there is no name in it.
    """
    name, _, rest = one_line(text).partition("<")
    clean = " ".join(name.replace(">", " ").split())
    if not clean:
        raise RefusedError("That is no name.", 'Write it as "Ana Kovacs" or "Ana Kovacs <ana@example.com>".')
    email = rest.partition(">")[0].strip()
    return Person(clean, email if _is_address(email) else invented_address(clean))


def _is_address(text: str) -> bool:
    return "@" in text and not any(character.isspace() or character in "<>" for character in text)


def invented_address(name: str) -> str:
    """Return an address for somebody who gave none: it tells namesakes apart in git and reaches nobody."""
    readable = slug(name)
    if name.isascii() and readable != "entry":
        return f"{readable}@kbtui.invalid"
    digest = hashlib.sha256(normal(name).encode("utf-8", "replace")).hexdigest()[:8]
    return f"{readable}-{digest}@kbtui.invalid"


def find_root(folder: Path) -> Path | None:
    """Return the base that `folder` is in, or that stands in a `kb` folder above it, the nearest first."""
    resolved = folder.resolve()
    for candidate in (resolved, *resolved.parents):
        for root in (candidate, candidate / USUAL_SUBFOLDER):
            if (root / BASE_FILE).is_file():
                return root
    return None
