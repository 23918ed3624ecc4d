"""Which module may know what, seen in the sources and in what a clean interpreter has loaded."""

from __future__ import annotations

import ast
import graphlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import CHECKOUT, opened, run_python

PACKAGE = CHECKOUT / "kbtui"

ALLOWED = {
    "whoosh": ("kbtui/search/",),
    "git": ("kbtui/git/",),
    "gitdb": ("kbtui/git/",),
    "subprocess": ("kbtui/git/", "kbtui/beside.py", "kbtui/editor.py", "kbtui/clipboard.py"),
    "multiprocessing": (),
    "pty": (),
    "yaml": ("kbtui/entry/",),
    "markdown_it": ("kbtui/entry/",),
    "stdnum": ("kbtui/entry/",),
    "phonenumbers": ("kbtui/entry/",),
    "fsrs": ("kbtui/team/spacing.py",),
    "textual": ("kbtui/tui/",),
    "rich": ("kbtui/tui/",),
    "typer": ("kbtui/cli/",),
    "numpy": ("kbtui/search/",),
    "wordllama": ("kbtui/search/",),
    "onnxruntime": ("kbtui/search/",),
    "rapidfuzz": ("kbtui/search/",),
    "click": ("kbtui/cli/",),
    "pickle": (),
    "requests": (),
    "urllib.request": (),
    "socket": ("kbtui/serve/",),
    "asyncio.subprocess": ("kbtui/serve/",),
    "aiohttp": ("kbtui/serve/",),
    "textual_serve": ("kbtui/serve/",),
}
"""Which parts of kbtui may import what (DESIGN 1)."""

_LOADED = """
import json, sys
from kbtui.__main__ import main
sys.argv[0] = "kbtui"
try:
    main()
finally:
    sys.stdout.flush()
    sys.stderr.write("LOADED" + json.dumps(sorted(sys.modules)))
"""


def _imports(source: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("module", ALLOWED)
def test_only_these_parts_import(module: str) -> None:
    breaches = [
        f"{path}:{line}"
        for source in _sources()
        for name, line in _imports(source)
        if name == module or name.startswith(f"{module}.")
        if not (path := source.relative_to(CHECKOUT).as_posix()).startswith(ALLOWED[module] or ("-",))
    ]
    assert breaches == []


_FORBIDDEN = ("system", "popen", "fork", "execv", "execvp", "execve", "spawnv", "posix_spawn")
_PAST_IT = {f"os.{name}" for name in _FORBIDDEN} | {"asyncio.create_subprocess_shell"}
_COPIES = "kbtui/store/ahead.py", "os.fork"
"""A copy of the process that looks at files, and runs and writes nothing."""


def test_nothing_is_run_past_the_runner() -> None:
    """DESIGN 5: one runner for everything that writes; nothing is handed to a shell."""
    breaches = []
    for source in _sources():
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            is_past_it = isinstance(node, ast.Attribute) and ast.unparse(node) in _PAST_IT
            if is_past_it or (isinstance(node, ast.keyword) and node.arg == "shell"):
                breaches.append((source.relative_to(CHECKOUT).as_posix(), ast.unparse(node)))
    assert breaches == [_COPIES]


def test_entries_are_pure() -> None:
    """DESIGN 1: no disk, no git, no Whoosh, and nothing of kbtui but errors."""
    outside = {
        name
        for source in (PACKAGE / "entry").glob("*.py")
        for name, _ in _imports(source)
        if name.startswith("kbtui.") and not name.startswith(("kbtui.entry", "kbtui.errors"))
    }
    assert outside == set()


def _module(source: Path) -> str:
    return ".".join(source.relative_to(CHECKOUT).with_suffix("").parts).removesuffix(".__init__")


def _at_run_time(source: Path) -> set[str]:
    """Return what a module imports when it runs, late imports included; what only its types need is left out."""
    tree = ast.parse(source.read_text("utf-8"))
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    lines = {line for block in blocks for line in range(block.lineno, (block.end_lineno or block.lineno) + 1)}
    return {name for name, line in _imports(source) if line not in lines}


@pytest.mark.parametrize("part", ["the screen", "all else"])
def test_no_modules_import_each_other_in_a_circle(part: str) -> None:
    """An import inside a function hides a circle from Python; neither half can then be read without the other.

    Only the screens may name the type of the application that opens them.
    """
    is_screen = part == "the screen"
    modules = {_module(source): source for source in _sources() if ("tui" in source.parts) == is_screen}
    needs = {
        module: (_at_run_time(source) if is_screen else {name for name, _ in _imports(source)}) & modules.keys()
        for module, source in modules.items()
    }
    graphlib.TopologicalSorter({module: names - {module} for module, names in needs.items()}).prepare()


def test_the_walls_are_looked_for_at_all() -> None:
    names = {name for source in _sources() for name, _ in _imports(source)}
    assert {"whoosh.filedb.filestore", "yaml", "subprocess", "git.Repo", "typer"} <= names


def _loaded(*arguments: str) -> set[str]:
    """Run kbtui in a clean interpreter and return the modules it has loaded when it ends."""
    ended = run_python("-c", _LOADED, *arguments)
    said, _, modules = ended.stderr.rpartition("LOADED")
    assert ended.returncode == 0, said
    return set(json.loads(modules))


def _tops(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


@pytest.fixture
def searched(base: Path) -> Path:
    """Return a base whose index is up to date."""
    with opened(base):
        pass
    return base


def test_a_search_loads_no_screen_and_no_gitpython(searched: Path) -> None:
    """DESIGN 1: `kbtui search` never loads textual or git."""
    assert (
        _tops(_loaded("--kb", str(searched), "search", "refund"))
        & {
            "textual",
            "git",
            "gitdb",
            "stdnum",
            "phonenumbers",
        }
        == set()
    )


def test_a_search_over_a_fresh_index_loads_neither_yaml_nor_markdown(searched: Path) -> None:
    """A search must not wait until Markdown and YAML are loaded."""
    assert _tops(_loaded("--kb", str(searched), "search", "refund")) & {"yaml", "markdown_it"} == set()


@pytest.mark.parametrize("arguments", [("--help",), ("search", "--help"), ("init", "--help"), ("--version",)])
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """DESIGN 1: `--help` loads neither git nor Whoosh."""
    heavy = {
        "textual",
        "git",
        "gitdb",
        "whoosh",
        "yaml",
        "markdown_it",
        "sqlite3",
        "filelock",
        "tomllib",
        "stdnum",
        "phonenumbers",
    }
    assert _tops(_loaded(*arguments)) & (heavy - {"tomllib"}) == set()


def test_a_list_over_a_fresh_index_loads_no_gitpython(searched: Path) -> None:
    assert _tops(_loaded("--kb", str(searched), "list")) & {"textual", "git", "gitdb"} == set()


def test_packages_import_nothing_heavy() -> None:
    """STYLE: a package's `__init__` imports nothing heavy."""
    code = "import json, sys, kbtui, kbtui.entry, kbtui.store, kbtui.search, kbtui.git, kbtui.team, kbtui.cli\n"
    ended = run_python("-c", code + "print(json.dumps(sorted(sys.modules)))")
    heavy = {"textual", "git", "whoosh", "yaml", "markdown_it", "typer", "click", "platformdirs"}
    assert _tops(set(json.loads(ended.stdout))) & heavy == set()
