"""The machine on which it is measured, and what a process takes of it. Linux only."""

import os
import platform
import sqlite3
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("python-telegram-bot", "httpx", "aiosqlite", "pydantic")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took so far: seconds of processor, its memory now in MiB, and the bytes that
    it let be written to disk."""

    cpu: float
    memory: float
    written: int

    @classmethod
    def of(cls, pid: int | str) -> "Usage":
        """Reads Linux's own accounting. Raises OSError where there is none."""
        process = Path(f"/proc/{pid}")
        stat = (process / "stat").read_text().rpartition(")")[2].split()
        pages = int((process / "statm").read_text().split()[1])
        told = dict(line.split(": ") for line in (process / "io").read_text().splitlines())
        cpu = (int(stat[11]) + int(stat[12])) / _TICKS
        memory = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
        return cls(cpu, memory, int(told["write_bytes"]))


def machine() -> dict[str, str]:
    """Processors, memory and versions, without a path or a host's name."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return {
        "processors": f"{os.cpu_count()}, {_model()}",
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()}, {platform.machine()}",
        "Python, SQLite": f"{platform.python_version()}, {sqlite3.sqlite_version}",
        "libraries": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    }


def _model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return "unknown"
