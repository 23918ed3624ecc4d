"""Words that carry little: what callers say to ask, not what they ask about.

"I don't know how I can get my money back" is about money coming back; the rest is how
people speak. Such words count, but less (`FILLER_WEIGHT`): dropping them altogether loses
entries that are found by nothing else (SEARCH.md, "Pointers"), and counting them in full
lets any entry that begins "How do I" win.
"""

from __future__ import annotations

from functools import lru_cache

from kbtui.search.folding import folded

FILLER_WEIGHT = 0.3
"""What a filler is worth beside another word; chosen on stackfaq (docs/performance.md)."""

_ENGLISH = frozenset(
    """
    can could would should will shall do does did doing done have has had having need needs needed want wants wanted
    like know known help helping please hello hi hey thanks thank um uh er so get gets getting got give tell tells
    told say says said ask asks asked asking call caller callers customer customers cant dont doesnt didnt isnt wont
    im ive id theres whats hows there anyone someone something anything try tries trying tried possible possibly
    assist assistance question about gonna wanna gotta just really actually
    """.split()  # noqa: SIM905 - a list of these would be a hundred lines
)


@lru_cache(maxsize=32)
def stop_words(language: str) -> frozenset[str]:
    """Return the words of a language that say nothing by themselves, folded; empty for one of which none are known.

    Args:
        language: ISO 639-1 code. The lists are those of the Snowball project, as Whoosh ships them.
    """
    from whoosh.lang.stopwords import stoplists

    return frozenset(folded(word).replace("'", "") for word in stoplists.get(language, ()))


@lru_cache(maxsize=32)
def fillers(language: str) -> frozenset[str]:
    """Return the words that carry little: the stop words, and what callers say to ask."""
    return stop_words(language) | (_ENGLISH if language == "en" else frozenset())
