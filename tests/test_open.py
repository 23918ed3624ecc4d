"""Where a base is looked for, whose words are saved, and that each part is made once."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest

from kbtui.bases import find_base
from kbtui.entry.model import Person
from kbtui.errors import NoBaseError, RefusedError
from kbtui.knowledge import Knowledge
from kbtui.open import OpenBase, open_base, remember_person
from kbtui.paths import places
from tests.helpers import environment, git, parts_of, write_files


@pytest.fixture
def bases(tmp_path: Path) -> dict[str, Path]:
    """Return five bases, one for each way to say which."""
    names = ("given", "environment", "here", "usual")
    write_files(tmp_path, {f"{name}/kb.toml": f'name = "{name}"' for name in names})
    return {name: tmp_path / name for name in names}


def _settings(env: dict[str, str], base: Path | str) -> None:
    file = places(env).config_file
    write_files(file.parent, {file.name: f'base = "{base}"\n'})


def test_what_is_typed_beats_the_environment_beats_the_folder_beats_the_settings(
    bases: dict[str, Path], tmp_path: Path
) -> None:
    """F57: in a documented order."""
    env = environment({"KBTUI_KB": str(bases["environment"])})
    _settings(env, bases["usual"])
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    assert find_base(str(bases["given"]), env, bases["here"]) == bases["given"]
    assert find_base("", env, bases["here"]) == bases["environment"]
    env = environment({"KBTUI_KB": ""})
    assert find_base("", env, bases["here"]) == bases["here"]
    assert find_base("", env, nowhere) == bases["usual"]
    places(env).config_file.unlink()
    with pytest.raises(NoBaseError, match="no knowledge base here") as caught:
        find_base("", env, nowhere)
    assert "kbtui demo" in caught.value.hint


def test_a_base_in_a_folder_called_kb(tmp_path: Path) -> None:
    write_files(tmp_path, {"repo/kb/kb.toml": "", "repo/src/x.py": ""})
    for current in ("repo", "repo/src", "repo/kb"):
        assert find_base("", environment(), tmp_path / current) == tmp_path / "repo" / "kb"
    assert find_base(str(tmp_path / "repo"), environment(), tmp_path) == tmp_path / "repo" / "kb"


def test_a_base_below_the_user_s_home(tmp_path: Path) -> None:
    write_files(Path.home(), {"ours/kb.toml": ""})
    assert find_base("~/ours", environment(), tmp_path) == Path.home() / "ours"


@pytest.mark.parametrize("source", ["--kb", "KBTUI_KB", "config.toml"])
@pytest.mark.parametrize("value", ["/no/such/folder", "kb.toml", "~no-such-user/base", "x" * 5000])
def test_what_is_no_base_is_named_with_where_it_was_said(tmp_path: Path, source: str, value: str) -> None:
    """One sentence, whatever was typed."""
    env = environment({"KBTUI_KB": value if source == "KBTUI_KB" else ""})
    if source == "config.toml":
        _settings(env, value)
    with pytest.raises(NoBaseError) as caught:
        find_base(value if source == "--kb" else "", env, tmp_path)
    assert source in caught.value.message
    assert caught.value.hint


def test_who_writes(base: Path, person: Person) -> None:
    """A value typed beats the environment, which beats the file, which beats the default."""
    git(base, "config", "user.name", "Git Name")
    git(base, "config", "user.email", "git@example.com")
    assert parts_of(base).person() == person
    remember_person("File Name <file@example.com>", environment())
    assert parts_of(base).person() == person
    without = {"KBTUI_PERSON": None}
    assert parts_of(base, without).person() == Person("File Name", "file@example.com")
    places(environment()).config_file.unlink()
    assert parts_of(base, without).person() == Person("Git Name", "git@example.com")
    git(base, "config", "--unset", "user.name")
    assert parts_of(base, without).person() is None
    with pytest.raises(RefusedError):
        parts_of(base, {"KBTUI_PERSON": "<no@name>"}).person()


def test_a_name_is_kept_beside_the_usual_base() -> None:
    _settings(environment(), "/somewhere")
    assert remember_person("Ana Kovacs", environment()) == Person("Ana Kovacs", "ana-kovacs@kbtui.invalid")
    text = places(environment()).config_file.read_text()
    assert "Ana Kovacs" in text
    assert "/somewhere" in text


def test_nothing_is_touched_before_it_is_needed(tmp_path: Path) -> None:
    """DESIGN 1: opening a base touches neither git nor the index."""
    write_files(tmp_path, {"kb.toml": ""})
    before = sorted(tmp_path.rglob("*"))
    knowledge = open_base(tmp_path, environment({"PATH": ""}))
    assert knowledge.root == tmp_path
    assert knowledge.team.name == "Knowledge base"
    assert knowledge.drafts.all() == []
    assert sorted(tmp_path.rglob("*")) == before


def test_each_part_is_made_once_whoever_asks_first(base: Path) -> None:
    parts = parts_of(base)
    made: list[tuple[object, ...]] = []

    def ask() -> None:
        made.append((parts.index, parts.repository, parts.saver, parts.files, parts.drafts))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({tuple(map(id, each)) for each in made}) == 1
    parts.index.close()


def test_two_clones_have_two_states_and_a_link_to_one_has_none_of_its_own(base: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(base), "clone")
    (tmp_path / "link").symlink_to(base)
    assert parts_of(base).state != parts_of(tmp_path / "clone").state
    assert parts_of(base).state == parts_of(tmp_path / "link").state
    assert not parts_of(base).state.is_relative_to(base), "deleting the clone must not lose words"


def test_the_folders_of_a_user(tmp_path: Path) -> None:
    own = places({"KBTUI_HOME": str(tmp_path)})
    assert own.config_file == tmp_path / "config" / "config.toml"
    assert own.state == tmp_path / "state"
    usual = places({})
    assert all("kbtui" in str(folder) for folder in (usual.config, usual.state, usual.data))
    assert str(tmp_path / "home") in str(usual.state)


def test_the_clock_and_chance_are_passed_in(base: Path, person: Person) -> None:
    """STYLE: the clock, the environment, the person and the id generator are passed in."""
    env = environment()
    noon = dt.datetime(2031, 2, 3, 12, tzinfo=dt.UTC)
    parts = OpenBase(base, env, places(env), clock=lambda: noon, random=lambda size: b"\0" * size)
    knowledge = Knowledge(parts)
    knowledge.refresh()
    saved = knowledge.ask("Do you sell spare parts?")
    assert saved.entry.id == "aaaaaaaa"
    assert knowledge.answer("aaaaaaaa", "Yes.").entry.answer == "Yes."
    assert knowledge.validate("aaaaaaaa").entry.approval is not None
    assert "2031-02-03" in (base / saved.entry.path).read_text()
    parts.index.close()
