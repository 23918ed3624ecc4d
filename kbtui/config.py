"""Settings: the team's, in the base's kb.toml, and the user's own, in config.toml.

A value typed on the command line beats the environment, which beats a file, which beats
the default. Reading is strict about shapes and names the file and the key in its errors.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kbtui.entry.guard_rules import PLAIN_RULES, GuardRules, TeamRule, wrong_with
from kbtui.entry.identity import slug
from kbtui.entry.template import NO_TEMPLATE, Template
from kbtui.entry.text import clipped, normal, one_line, printable
from kbtui.errors import NoBaseError, RefusedError
from kbtui.store import atomic

if TYPE_CHECKING:
    from kbtui.entry.model import Person

BASE_FILE = "kb.toml"
USUAL_SUBFOLDER = "kb"
MAX_BASE_FILE_BYTES = 256 * 1024
MOST_PEOPLE = 1_000

_USER_KEYS = ("name", "email", "base", "role", "meaning", "theme")


class TeamConfig(NamedTuple):
    """What kb.toml says.

    Attributes:
        name: what the team calls its base.
        language: ISO 639-1 code of the entries' language.
        topics: folders offered for new entries; others may exist.
        roles: lowest first, as authority cards name them.
        ignore: shell patterns of Markdown files that are no entries.
        synonyms: groups of words that mean the same to this team's callers.
        guard: what may and what must not stand in an entry.
        template: what the form of a new entry begins with (F14).
        validate_after: how many different people must have used the same words for them to count as validated
            (F30); 0 leaves that to people.
    """

    name: str = "Knowledge base"
    language: str = "en"
    topics: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("rep", "lead")
    ignore: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    guard: GuardRules = PLAIN_RULES
    template: Template = NO_TEMPLATE
    validate_after: int = 0


class UserConfig(NamedTuple):
    """What config.toml says: who uses this computer's account, and how.

    Attributes:
        base: the base they usually open.
        meaning: the model to search by meaning with, "off" for none, empty for the one that is installed.
        role: what they may decide, as the team's kb.toml names it; recorded to enable, never to lock (F40).
        theme: how the screen looks, by the theme's name.
    """

    name: str = ""
    email: str = ""
    base: str = ""
    meaning: str = ""
    role: str = ""
    theme: str = ""

    @property
    def person(self) -> Person | None:
        """The person, once a name has been given."""
        return _person(self.name, self.email) if self.name else None


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
        guard=_guard(file, values.get("guard", {})),
        template=_template(file, values.get("template", {})),
        validate_after=_validate_after(file, values.get("review", {})),
    )


def _validate_after(file: Path, values: object) -> int:
    """Return what the table `review` says of evidence: a number of people, 0 for none."""
    if not isinstance(values, dict):
        raise NoBaseError(f"In {file}, review must be a table.", "docs/format.md shows one.")
    number = values.get("validate_after", 0)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= MOST_PEOPLE:
        raise NoBaseError(
            f"In {file}, review.validate_after must be a number of people up to {MOST_PEOPLE}.", "0 turns it off."
        )
    return number


def _template(file: Path, values: object) -> Template:
    """Return the table `template`: the texts `answer` and `internal`, as they are written."""
    if not isinstance(values, dict):
        raise NoBaseError(f"In {file}, template must be a table.", "docs/format.md shows one.")
    for key in ("answer", "internal"):
        if not isinstance(values.get(key, ""), str):
            raise NoBaseError(f"In {file}, template.{key} must be a text in quotes.", "docs/format.md shows one.")
    answer, internal = (printable(values.get(key, "")).strip("\n") for key in ("answer", "internal"))
    return Template(answer, internal)


def _guard(file: Path, values: object) -> GuardRules:
    """Return the table `guard`: region, allow, and extra, which is a list of tables with pattern and words."""
    if not isinstance(values, dict):
        raise NoBaseError(f"In {file}, guard must be a table.", "docs/guard.md shows one.")
    extra = values.get("extra", [])
    if not isinstance(extra, list) or not all(isinstance(rule, dict) for rule in extra):
        raise NoBaseError(f"In {file}, guard.extra must be a list of tables.", "docs/guard.md shows one.")
    allow = _texts(file, values, "allow", ())
    rules = tuple(TeamRule(_text(file, rule, "pattern", ""), _text(file, rule, "words", "")) for rule in extra)
    for pattern in (*(entry[1:-1] for entry in allow if entry.startswith("/")), *(rule.pattern for rule in rules)):
        if wrong := wrong_with(pattern):
            shown = clipped(pattern, 60)
            raise NoBaseError(f"In {file}, the guard's pattern {shown!r} does not work: {wrong}.", "Mend the file.")
    return GuardRules(_text(file, values, "region", "").upper(), allow, rules)


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
    import json  # which a window needs only behind its first picture

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
    if any(digit.isdigit() for digit in text):
        _refuse_cards(text)
    email = rest.partition(">")[0].strip()
    return _person(clean, email if _is_address(email) else "")


def _person(name: str, email: str) -> Person:
    from kbtui.entry.model import Person  # a search begins without

    return Person(name, email or invented_address(name))


def _refuse_cards(name: str) -> None:
    """Names stand in the history; a card number pasted there would stand there for ever (F18)."""
    from kbtui.entry.guard import card_numbers  # takes longer to load than a search takes

    if card_numbers(name):
        raise RefusedError("That is no name: it looks like a card number.", 'Write it as "Ana Kovacs".')


def _is_address(text: str) -> bool:
    return "@" in text and not any(character.isspace() or character in "<>" for character in text)


def invented_address(name: str) -> str:
    """Return an address for somebody who gave none: it tells namesakes apart in git and reaches nobody."""
    readable = slug(name)
    if name.isascii() and readable != "entry":
        return f"{readable}@kbtui.invalid"
    import hashlib  # takes longer to load than all that a search begins with

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
