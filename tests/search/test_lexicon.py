"""The words a base knows: after changes the same as read anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbtui.search.lexicon import _FEW, Vocabulary

_WORDS = st.text(alphabet="abc7", min_size=1, max_size=5)


@given(st.sets(_WORDS), st.lists(st.dictionaries(_WORDS, st.booleans(), max_size=6), max_size=5), _WORDS)
def test_after_changes_it_knows_what_one_made_anew_knows(
    words: set[str], changes: list[dict[str, bool]], asked: str
) -> None:
    changed, now = Vocabulary(sorted(words)), {*words}
    for change in changes:
        changed.near(asked, 1)  # its lists are there, so that they are carried over
        before = [word for word in now if word in changed]
        later = changed.changed(change)
        assert {*before} == now, "the one before has changed"
        changed = later
        now = {word for word in now | change.keys() if change.get(word, True)}
    anew = Vocabulary(sorted(now))
    assert changed.near(asked, 2) == anew.near(asked, 2)
    assert changed.containing(asked, 50) == anew.containing(asked, 50)
    assert changed.beginning(asked, 50) == anew.beginning(asked, 50)
    assert changed.beginnings_near(asked) == anew.beginnings_near(asked)


def test_so_do_many_changes_at_once() -> None:
    many = {f"word{number}": number % 3 > 0 for number in range(3 * _FEW)}
    start = Vocabulary(sorted([*[word for word in many if word.endswith("0")], "other"]))
    changed = start.changed(many)
    assert [word for word in (*many, "other") if word in changed] == [*[w for w in many if many[w]], "other"]
