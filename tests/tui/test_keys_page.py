"""docs/keys.md says the keys that there are."""

from __future__ import annotations

import runpy

from tests.helpers import CHECKOUT


def test_the_page_is_up_to_date() -> None:
    made = runpy.run_path(str(CHECKOUT / "docs" / "make_keys.py"))
    assert (CHECKOUT / "docs" / "keys.md").read_text("utf-8") == made["page"](), "run python docs/make_keys.py"
