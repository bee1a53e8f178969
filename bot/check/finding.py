"""What a check found, and the table of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a check ended, in the word that the table shows."""

    OK = "ok"
    NOTE = "note"
    """It works; the operator should know more."""
    WRONG = "wrong"
    UNCHECKED = "-"
    """Something else has to be put right first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``said`` is one sentence: what is so, or what to do."""

    name: str
    level: Level
    said: str


def ok(name: str, said: str) -> Finding:
    return Finding(name, Level.OK, said)


def note(name: str, said: str) -> Finding:
    return Finding(name, Level.NOTE, said)


def wrong(name: str, said: str) -> Finding:
    return Finding(name, Level.WRONG, said)


def unchecked(name: str, said: str) -> Finding:
    return Finding(name, Level.UNCHECKED, said)


def table(findings: Sequence[Finding]) -> str:
    """One line per finding: its name, its level, and what it says."""
    widest = max(len(finding.name) for finding in findings)
    return "\n".join(
        f"{finding.name:<{widest}}  {finding.level.value:<5}  {finding.said}"
        for finding in findings
    )


def is_all_right(findings: Sequence[Finding]) -> bool:
    return all(finding.level in (Level.OK, Level.NOTE) for finding in findings)
