"""Commands that are suggested to a person: whatever words stand in them, a shell takes them as they are."""

from __future__ import annotations

import shlex


def command(name: str, *words: str) -> str:
    """Return `kbtui NAME WORDS` to be copied into a shell, each word quoted where it has to be.

    Callers say what they like: "don't", "-20 %", "--help". A word that begins with a dash would be an option, so all
    of them then stand behind `--`.
    """
    ends_options = ["--"] if any(word.startswith("-") for word in words) else []
    return shlex.join(("kbtui", name, *ends_options, *words))
