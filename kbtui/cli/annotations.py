"""What `kbtui check` found, as git hosts show it on a pull request: beside the line it is about.

GitHub reads commands from what a workflow prints; data and values are escaped as its own
toolkit does (https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts).
GitLab reads a code quality report, a JSON file that a job keeps as an artifact
(https://docs.gitlab.com/ci/testing/code_quality/).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from kbtui.entry.model import Severity
from kbtui.errors import UsageError
from kbtui.team.checks import Finding

HOSTS = ("github", "gitlab")

_LEVELS = {Severity.ERROR: "error", Severity.NOTE: "warning"}
_SEVERITIES = {Severity.ERROR: "major", Severity.NOTE: "minor"}


def require_host(name: str) -> None:
    """Refuse a host that nobody knows.

    Raises:
        RefusedError: it is none of `HOSTS`.
    """
    if name not in HOSTS:
        raise UsageError(f"{name!r} is no host to write annotations for.", f"Use one of: {', '.join(HOSTS)}.")


def base_revision(environment: Mapping[str, str]) -> str:
    """Return what a host says the change under review is to be merged into; empty where none is under review.

    GitLab gives the commit (https://docs.gitlab.com/ci/variables/predefined_variables/), GitHub the name of
    the branch (https://docs.github.com/en/actions/reference/workflows-and-actions/variables).
    """
    if commit := environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "").strip():
        return commit
    branch = environment.get("GITHUB_BASE_REF", "").strip()
    return f"refs/remotes/origin/{branch}" if branch else ""


def github_lines(findings: Sequence[Finding], prefix: str) -> Iterator[str]:
    """Yield a workflow command for each finding.

    Args:
        prefix: the base's folder below the top of the repository, empty or ending in a slash.
    """
    for finding in findings:
        place = f"file={_value(prefix + finding.path)},line={finding.line},title={_value('kbtui check')}"
        yield f"::{_LEVELS[finding.severity]} {place}::{_data(finding.reason)}"


def gitlab_report(findings: Sequence[Finding], prefix: str) -> list[dict[str, object]]:
    """Return a code quality report; the fingerprint stays the same while a finding only moves to another line."""
    seen: dict[str, int] = {}
    report: list[dict[str, object]] = []
    for finding in findings:
        path = prefix + finding.path
        text = f"{path}\n{finding.reason}"
        seen[text] = seen.get(text, 0) + 1
        report.append(
            {
                "description": finding.reason,
                "check_name": "kbtui check",
                "fingerprint": hashlib.sha256(f"{text}\n{seen[text]}".encode("utf-8", "replace")).hexdigest(),
                "severity": _SEVERITIES[finding.severity],
                "location": {"path": path, "lines": {"begin": finding.line}},
            }
        )
    return report


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
