"""What a team says of the guard in kb.toml. Apart from the guard, which takes longer to load than a search takes."""

from __future__ import annotations

import re
from typing import NamedTuple

_LONGEST_PATTERN = 200


class TeamRule(NamedTuple):
    """Something one team keeps out: a regular expression, and what it looks like in words."""

    pattern: str
    words: str


class GuardRules(NamedTuple):
    """What kb.toml says in its table `guard`.

    Attributes:
        region: ISO 3166-1 code of the country whose phone numbers are written without a country code.
        allow: what is fine, such as the team's own hotline: texts, `@domain`, or `/regular expression/`.
        extra: what else is kept out.
    """

    region: str = ""
    allow: tuple[str, ...] = ()
    extra: tuple[TeamRule, ...] = ()


PLAIN_RULES = GuardRules()
"""Of a team that has said nothing."""


def wrong_with(pattern: str) -> str:
    """Return why a regular expression of kb.toml cannot be used, or nothing.

    A repetition of a repetition, as in `(a+)+`, can take for ever.
    """
    if not pattern:
        return "it is empty"
    if len(pattern) > _LONGEST_PATTERN:
        return f"it is longer than {_LONGEST_PATTERN} characters"
    if re.search(r"\([^()]*[+*}][^()]*\)[+*{]", pattern):
        return "it repeats a repetition, which can take for ever"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"it is no regular expression ({error})"
    return ""
