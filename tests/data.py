"""Where the real data is that some tests read: knowledge bases that nobody on this project wrote.

It is found through the environment variable KBTUI_DATA or, without it, in the folder
`../shared/data` beside the checkout.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_CHECKOUT = Path(__file__).resolve().parent.parent


def data_folder() -> Path | None:
    """Return the folder of real data, or None where this computer has none."""
    named = os.environ.get("KBTUI_DATA", "")
    folder = Path(named) if named else _CHECKOUT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def data_or_skip(part: str) -> Path:
    """Return the folder `part` of the real data; skip the test that asks, saying so, where it is absent."""
    folder = data_folder()
    if folder is None:
        pytest.skip("the real data is not here; set KBTUI_DATA to its folder")
    if not (folder / part).is_dir():
        pytest.skip(f"the real data here has no folder {part}")
    return folder / part
