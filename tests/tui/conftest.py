"""Slow and failing parts for the tests of the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.tui.window import Held


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[type, str], Held]]:
    """Return a function that makes a method of a class wait until the test lets it go."""
    held: list[Held] = []

    def make(owner: type, name: str) -> Held:
        it = Held(getattr(owner, name))
        held.append(it)
        monkeypatch.setattr(owner, name, it.as_method())
        return it

    yield make
    for it in held:
        it.let_go()


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> Callable[[type, str, Exception], None]:
    """Return a function that makes a method of a class raise."""

    def make(owner: type, name: str, error: Exception) -> None:
        def method(*_: object, **__: object) -> object:
            raise error

        monkeypatch.setattr(owner, name, method)

    return make
