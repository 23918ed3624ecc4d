"""Write the fault table in docs/reliability.md from the tests' docstrings and from how they ended.

    python -m pytest -n auto --junitxml=junit.xml && python docs/make_reliability.py junit.xml

Without a file, it runs the tests that name a fault itself. Only the part between the two
marks of the page is replaced.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_TOP = Path(__file__).resolve().parents[1]
_PAGE = _TOP / "docs" / "reliability.md"
_BEGIN, _END = "<!-- faults -->\n", "<!-- /faults -->\n"
_NAMED = re.compile(r"FAULTS ((?:S?\d+(?:-\d+)?)(?:(?:, | \([^)]*\), )S?\d+(?:-\d+)?)*)")
_LINK = re.compile(r"https?://\S+[\w/#]")


@dataclass(frozen=True, slots=True)
class Case:
    """One test that names faults."""

    file: str
    name: str
    faults: tuple[str, ...]
    words: str
    links: tuple[str, ...]


def cases() -> Iterator[Case]:
    """Yield every test whose docstring, or whose module's, names a fault."""
    for file in sorted((_TOP / "tests").rglob("test_*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        whole = _faults(ast.get_docstring(tree) or "")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                said = ast.get_docstring(node) or ""
                if faults := tuple(dict.fromkeys([*_faults(said), *whole])):
                    words = node.name.removeprefix("test_").replace("_s_", "'s_").replace("_", " ")
                    yield Case(_relative(file), node.name, faults, words, tuple(_LINK.findall(said)))


def _relative(file: Path) -> str:
    return file.relative_to(_TOP).as_posix()


def _faults(text: str) -> list[str]:
    found: list[str] = []
    for match in _NAMED.finditer(text):
        for part in re.findall(r"S?\d+(?:-\d+)?", match[1]):
            first, _, last = part.partition("-")
            found += [str(n) for n in range(int(first), int(last) + 1)] if last else [first]
    return found


def outcomes(junit: Path) -> Mapping[tuple[str, str], str]:
    """Return how each test ended, by module and name; a test of many kinds has passed if all of them have."""
    ended: dict[tuple[str, str], set[str]] = {}
    for case in ElementTree.parse(junit).iter("testcase"):  # our own file, written a moment ago
        bad = next((kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None), "passed")
        name = case.get("name", "").split("[")[0]
        ended.setdefault((case.get("classname", ""), name), set()).add(bad)
    order = ("failure", "error", "passed", "skipped")
    return {key: next(word for word in order if word in words) for key, words in ended.items()}


def table(found: list[Case], ended: Mapping[tuple[str, str], str]) -> str:
    """Return the table: one row a fault, with its tests and how they ended."""
    numbers = sorted({fault for case in found for fault in case.faults}, key=_order)
    lines = ["| case | tests | passed | source |", "|---|---|---|---|"]
    for number in numbers:
        own = [case for case in found if number in case.faults]
        results = [ended.get((case.file.removesuffix(".py").replace("/", "."), case.name), "not run") for case in own]
        odd = sorted(set(results) - {"passed"})
        names = "; ".join(f"[{case.words}](../{case.file})" for case in own)
        links = dict.fromkeys(link for case in own for link in case.links)
        verdict = f"{results.count('passed')} of {len(own)}" + (f" ({', '.join(odd)})" if odd else "")
        lines.append(f"| {number} | {names} | {verdict} | {' '.join(f'<{link}>' for link in links)} |")
    return "\n".join(lines) + "\n"


def _order(number: str) -> tuple[bool, int]:
    return number.startswith("S"), int(number.lstrip("S"))


def _run(found: list[Case]) -> Path:
    junit = Path(tempfile.mkdtemp()) / "junit.xml"
    files = sorted({case.file for case in found})
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "auto", f"--junitxml={junit}", *files], cwd=_TOP, check=False
    )
    return junit


def main(junit: str = "") -> None:
    """Write the page anew."""
    found = list(cases())
    ended = outcomes(Path(junit) if junit else _run(found))
    before, _, rest = _PAGE.read_text("utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    _PAGE.write_text(f"{before}{_BEGIN}{table(found, ended)}{_END}{after}", "utf-8")
    faults = {fault for case in found for fault in case.faults}
    print(f"{len(faults)} cases, {len(found)} tests")


if __name__ == "__main__":
    main(*sys.argv[1:2])
