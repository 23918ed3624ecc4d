"""When a question comes back: FSRS, by the package `fsrs`, which only this module imports. Pure.

https://github.com/open-spaced-repetition/py-fsrs. What is remembered of a card is the
package's own dictionary, so that a later version of it can read what an earlier one wrote.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from kbtui.team.drill import Grade


@dataclass(frozen=True, slots=True)
class Score:
    """What is known of one card, on this computer.

    Attributes:
        words: digest of the words that were learnt.
        due: when it comes back.
        asked: how often it was asked; a question about an amount takes another one each time.
        memory: what FSRS knows of it.
    """

    words: str
    due: dt.datetime
    asked: int
    memory: Mapping[str, object]


def graded(score: Score | None, words: str, grade: Grade, now: dt.datetime) -> Score:
    """Return what is known of a card after it was asked.

    Args:
        score: what was known before; what was learnt of other words counts for nothing.
        now: in UTC.
    """
    from fsrs import Card, Rating, Scheduler  # takes longer to load than the rest of a round

    card = Card(card_id=0, due=now)
    if score is not None and score.words == words:
        try:
            card = Card.from_dict(dict(score.memory))  # type: ignore[arg-type]
        except (KeyError, TypeError, ValueError):
            card = Card(card_id=0, due=now)
    scheduler = Scheduler(enable_fuzzing=False)
    after, _ = scheduler.review_card(card, Rating(int(grade)), review_datetime=now)
    return Score(words, after.due, (score.asked if score else 0) + 1, after.to_dict())
