"""Where kbtui keeps things on this computer, outside any knowledge base.

The folders are those of the platform (XDG, Application Support, AppData). `KBTUI_HOME`
puts all of them below one folder, for tests and for portable installations.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Places(NamedTuple):
    """The folders of one user.

    Attributes:
        config: holds config.toml: the person's name and the usual base.
        state: holds, for each base, drafts, the save journal and logs.
        data: holds the demonstration base.
    """

    config: Path
    state: Path
    data: Path

    @property
    def config_file(self) -> Path:
        """The user's own settings."""
        return self.config / "config.toml"

    @property
    def states(self) -> Path:
        """Holds a folder for each base; `kbtui.store.residence` says which."""
        return self.state / "bases"


def documents(environment: Mapping[str, str]) -> Path:
    """Return the folder where the user to whom `environment` belongs looks for files; it is there."""
    if home := environment.get("KBTUI_HOME"):
        return Path(home)
    import platformdirs

    usual = platformdirs.user_documents_path()
    return usual if usual.is_dir() else Path.home()


def places(environment: Mapping[str, str]) -> Places:
    """Return the folders of the user to whom `environment` belongs."""
    if home := environment.get("KBTUI_HOME"):
        top = Path(home)
        return Places(top / "config", top / "state", top / "data")
    import platformdirs

    return Places(
        platformdirs.user_config_path("kbtui", appauthor=False),
        platformdirs.user_state_path("kbtui", appauthor=False),
        platformdirs.user_data_path("kbtui", appauthor=False),
    )
