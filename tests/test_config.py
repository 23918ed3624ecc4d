"""Settings: strict about shapes, clear about which file and which key."""

from __future__ import annotations

import errno
import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.config import (
    TeamConfig,
    UserConfig,
    find_root,
    invented_address,
    parse_person,
    read_team,
    read_user,
    write_user,
)
from kbtui.entry.guard_rules import GuardRules, TeamRule
from kbtui.entry.model import Person
from kbtui.errors import NoBaseError, NotSavedError, RefusedError
from tests.helpers import harmless, write_files


def _team(tmp_path: Path, text: str | bytes) -> TeamConfig:
    write_files(tmp_path, {"kb.toml": text})
    return read_team(tmp_path)


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert _team(tmp_path, "") == TeamConfig()
    assert TeamConfig().roles == ("rep", "lead")


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    text = 'name = "Ours"\nlanguage = "de"\ntopics = ["a", "b"]\nroles = ["rep"]\nignore = ["README.md"]\nmore = 1\n'
    assert _team(tmp_path, text) == TeamConfig("Ours", "de", ("a", "b"), ("rep",), ("README.md",))


def test_what_the_team_says_of_the_guard(tmp_path: Path) -> None:
    text = '[guard]\nregion = "gb"\nallow = ["a@b.example", "/REF-[0-9]+/"]\n'
    text += '[[guard.extra]]\npattern = "POL-[0-9]{6}"\nwords = "a policy number"\n'
    rules = GuardRules("GB", ("a@b.example", "/REF-[0-9]+/"), (TeamRule("POL-[0-9]{6}", "a policy number"),))
    assert _team(tmp_path, text) == TeamConfig(guard=rules)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("guard = 3", "guard"),
        ("[guard]\nregion = 3", "region"),
        ('[guard]\nallow = "x"', "allow"),
        ('[guard]\nallow = ["/(/"]', "'('"),
        ("[guard]\nextra = 3", "guard.extra"),
        ("[guard]\nextra = [3]", "guard.extra"),
        ('[[guard.extra]]\nwords = "x"', "empty"),
        ('[[guard.extra]]\npattern = "(a+)+"', "for ever"),
        ("name = 3", "name"),
        ("language = [1]", "language"),
        ('topics = "billing"', "topics"),
        ("roles = [1]", "roles"),
        ("ignore = {}", "ignore"),
        ("name = ", "kb.toml"),
        (b"name = '\xff'", "kb.toml"),
        ("\x00", "kb.toml"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(tmp_path: Path, text: str | bytes, word: str) -> None:
    with pytest.raises(NoBaseError) as caught:
        _team(tmp_path, text)
    assert word in caught.value.message
    assert "kb.toml" in caught.value.message
    assert caught.value.hint


def test_a_folder_without_settings_is_no_base(tmp_path: Path) -> None:
    with pytest.raises(NoBaseError, match="is no knowledge base"):
        read_team(tmp_path)
    (tmp_path / "kb.toml").mkdir()
    with pytest.raises(NoBaseError, match="cannot be read"):
        read_team(tmp_path)


def test_a_hostile_name_is_printable(tmp_path: Path) -> None:
    """FAULTS 72: the team's name stands at the top of the screen."""
    assert harmless(_team(tmp_path, r'name = "a\u001b]52;c;x\u0007 \u202e b\nc"').name)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ana Kovacs", Person("Ana Kovacs", "ana-kovacs@kbtui.invalid")),
        ("  Ana \n Kovacs ", Person("Ana Kovacs", "ana-kovacs@kbtui.invalid")),
        ("Ana Kovacs <ana@example.com>", Person("Ana Kovacs", "ana@example.com")),
        ("Ana <no address>", Person("Ana", "ana@kbtui.invalid")),
        ("Ana <>", Person("Ana", "ana@kbtui.invalid")),
        ("Ana <a@b> <c@d>", Person("Ana", "a@b")),
        ("Ana > Kovacs <a@b", Person("Ana Kovacs", "a@b")),
        ("Ana\x1b[31m <a@b>", Person("Ana", "a@b")),
    ],
)
def test_a_person_in_a_text(text: str, wanted: Person) -> None:
    assert parse_person(text) == wanted


@pytest.mark.parametrize("text", ["", " ", "<a@b>", " <a@b> ", "\x1b[31m", ">", "\n"])
def test_a_text_without_a_name(text: str) -> None:
    with pytest.raises(RefusedError, match="no name"):
        parse_person(text)


@settings(max_examples=100, deadline=None)
@given(text=st.text(st.characters(exclude_categories=()), max_size=40))
def test_a_name_never_breaks_git(text: str) -> None:
    """FAULTS 58: git refuses names with <, > or line ends."""
    try:
        person = parse_person(text)
    except RefusedError:
        return
    assert harmless(person.name)
    assert not set("<>\n") & set(person.name + person.email)
    assert person.email.count("@") >= 1
    assert person.name.strip() == person.name != ""


@pytest.mark.parametrize(("one", "other"), [("李伟", "王芳"), ("Мария", "Олег"), ("Ana", "Ana Kovacs")])
def test_an_invented_address_tells_people_apart(one: str, other: str) -> None:
    """Two people who gave no address are two people, also in git and in credit."""
    assert invented_address(one) != invented_address(other)
    assert invented_address(one).endswith("@kbtui.invalid")


def test_no_settings_yet(tmp_path: Path) -> None:
    assert read_user(tmp_path / "none.toml") == UserConfig()
    assert UserConfig().person is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.tuples(*[st.text(st.characters(codec="utf-8"), max_size=20)] * 4))
def test_settings_come_back_as_they_were_written(tmp_path: Path, values: tuple[str, str, str]) -> None:
    file = tmp_path / "config.toml"
    config = UserConfig(*(" ".join(filter(str.isprintable, value.split())) for value in values))
    write_user(file, config)
    tomllib.loads(file.read_text("utf-8"))
    again = read_user(file)
    assert (again.name, again.email, again.base, again.role) == tuple(
        " ".join("".join(filter(_is_kept, text)).split())
        for text in (config.name, config.email, config.base, config.role)
    )


def _is_kept(character: str) -> bool:
    from kbtui.entry.text import one_line

    return one_line(f"a{character}b") not in ("ab", "a b") or character == " "


def test_settings_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("name = ")
    with pytest.raises(RefusedError, match=r"config\.toml"):
        read_user(file)


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 4."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotSavedError):
        write_user(tmp_path / "config.toml", UserConfig("Ana"))


def test_the_nearest_base_counts(tmp_path: Path) -> None:
    write_files(tmp_path, {"a/kb.toml": "", "a/b/kb/kb.toml": "", "a/b/c/x.txt": "", "d/x.txt": ""})
    assert find_root(tmp_path / "a") == tmp_path / "a"
    assert find_root(tmp_path / "a" / "b" / "c") == tmp_path / "a" / "b" / "kb"
    assert find_root(tmp_path / "a" / "b" / "kb") == tmp_path / "a" / "b" / "kb"
    assert find_root(tmp_path / "d") is None
    (tmp_path / "link").symlink_to(tmp_path / "a" / "b" / "c")
    assert find_root(tmp_path / "link") == tmp_path / "a" / "b" / "kb"


def test_a_template_keeps_its_lines(tmp_path: Path) -> None:
    team = _team(tmp_path, "[template]\nanswer = '''\n**Say:**\n\n**Then:**\n'''\ninternal = \"In: \\u001b[31m\"\n")
    assert (team.template.answer, team.template.internal) == ("**Say:**\n\n**Then:**", "In: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("template = 7", "template must be a table"),
        ("[template]\nanswer = 7", "template.answer must be a text in quotes"),
        ("[template]\ninternal = ['x']", "template.internal must be a text in quotes"),
    ],
)
def test_a_template_of_another_shape_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(NoBaseError, match=said):
        _team(tmp_path, text)
