"""Whoosh is loaded without what it never uses, and nobody else notices."""

from __future__ import annotations

import sys
import urllib.request
from pathlib import Path

import pytest

from kbtui.search import lean
from tests.helpers import run_python

_UNUSED = ("http.client", "email", "asyncio", "cached_property", "lzma", *lean._TAKEN)


def test_an_index_is_opened_without_http_email_asyncio_and_stemmers() -> None:
    script = f"""
import kbtui.search.index, kbtui.search.generation, sys
unused = {_UNUSED!r}
print(*(name for name in unused if name in sys.modules))
import urllib.request, cached_property
print(urllib.request.urlopen.__module__, cached_property.cached_property.__module__)
"""
    assert run_python("-c", script).stdout.splitlines() == ["", "urllib.request cached_property"]


def test_whoever_asks_meanwhile_gets_the_real_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delitem(sys.modules, "urllib.request")
    with lean._stand_ins():
        here = sys.modules["urllib.request"]
        assert here is not urllib.request
        assert here.urlretrieve.__module__ == lean.__name__
        (tmp_path / "a").write_text("words")
        with here.urlopen((tmp_path / "a").as_uri()) as opened:
            assert opened.read() == b"words"
        assert sys.modules["urllib.request"].Request
    assert sys.modules["urllib.request"].urlretrieve.__module__ == "urllib.request"


def test_what_whoosh_took_from_a_stand_in_does_what_the_real_one_does() -> None:
    script = """
from kbtui.search import lean
from whoosh import analysis, util
print(len(util.random_name(16)), [token.text for token in analysis.StemmingAnalyzer()("refunds")])
"""
    assert run_python("-c", script).stdout == "16 ['refund']\n"


def test_what_is_loaded_already_stays() -> None:
    before = sys.modules["urllib.request"]
    with lean._stand_ins():
        assert sys.modules["urllib.request"] is before
    assert sys.modules["urllib.request"] is before
