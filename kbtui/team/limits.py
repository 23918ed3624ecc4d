"""What has changed about who may decide, in the words of the one who reads it (F48, F26). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kbtui.entry.amounts import number_words
from kbtui.entry.authority_card import own_limit, stale, unit_words
from kbtui.entry.decision import Asker, same
from kbtui.entry.model import Authority, Limit


def changed(before: Authority | None, after: Authority | None, asker: Asker) -> str:
    """Return what a card says that it did not say before, one's own limit first; nothing where it says the same."""
    if after is None:
        return f"{before.action}: nobody has written down any longer who may decide; ask" if before else ""
    if before is None:
        return f"{after.action}: {_now(after, asker)}"
    said = [*_own(before, after, asker), *_others(before, after, asker), *_rest(before, after)]
    return f"{after.action}: {'; '.join(said)}" if said else ""


def expired(card: Authority, before: str, asker: Asker) -> str:
    """Return that a card holds no longer which did on the day `before` (ISO), or nothing."""
    reason = stale(card, asker.today)
    return f"{card.action}: {reason} Ask." if reason and not stale(card, before) else ""


def _now(card: Authority, asker: Asker) -> str:
    """Return what a new card says to its reader."""
    if stale(card, asker.today):
        return stale(card, asker.today)
    own = _up_to(card, asker.role)
    return f"you may decide {own} (new)" if own else "it is written down now whom to ask (new)"


def _own(before: Authority, after: Authority, asker: Asker) -> Iterator[str]:
    was, now = _up_to(before, asker.role), _up_to(after, asker.role)
    if was == now:
        return
    if not now:
        yield f"you may no longer decide it yourself (was {was}); ask"
    else:
        yield f"you may now decide {now}{_before(was) or ' (was: ask)'}"


def _before(was: str) -> str:
    return f" (was {was.removeprefix('up to ')})" if was else ""


def _others(before: Authority, after: Authority, asker: Asker) -> Iterator[str]:
    """Yield what other roles may decide now, and who stands for them."""
    roles = dict.fromkeys(limit.role for limit in (*after.limits, *before.limits) if not same(limit.role, asker.role))
    for role in roles:
        was, now = _up_to(before, role), _up_to(after, role)
        if was != now:
            yield f"{role} may now decide {now}{_before(was)}" if now else f"{role} may no longer decide it (was {was})"
        elif (people := _people(after, role)) != _people(before, role) and people:
            yield f"{role} now: {people}"


def _rest(before: Authority, after: Authority) -> Iterator[str]:
    if not same(before.above, after.above):
        yield f"above every limit, ask {after.above}" if after.above else "nobody is named above the limits any longer"
    yield from (f"now only if: {each}" for each in _new(after.conditions, before.conditions))
    yield from (f"no longer only if: {each}" for each in _new(before.conditions, after.conditions))
    if not same(before.boundary, after.boundary):
        yield (
            f"boundary now: {after.boundary}" if after.boundary else f"no boundary any longer (was: {before.boundary})"
        )
    if before.valid_until != after.valid_until:
        yield f"valid until {after.valid_until}" if after.valid_until else "valid without an end"


def _new(now: Iterable[str], before: Iterable[str]) -> list[str]:
    known = [*before]
    return [each for each in now if not any(same(each, other) for other in known)]


def _up_to(card: Authority, role: str) -> str:
    limit = own_limit(card, role)
    return "" if limit is None or limit.up_to is None else f"up to {number_words(limit.up_to, unit_words(card))}"


def _people(card: Authority, role: str) -> str:
    found: list[Limit] = [limit for limit in card.limits if same(limit.role, role)]
    return ", ".join(dict.fromkeys(person for limit in found for person in limit.people))
