"""The measured figures as the page docs/load.md."""

import os
import platform
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.samples import AT_ONCE, Figures, Kind, Sample, Scene

_HEAD = """# Under load

What `make bench` measured when it was last run; it writes this page anew. The bot is the real \
process, between stand-ins of Telegram and of the platform on 127.0.0.1. Both stand-ins and all \
people are one other process, which shares the processors with the bot. Which rule keeps whom from \
waiting is in [design.md](design.md); `tests/e2e/test_many_chats.py` holds a small sample of this \
page in `make test`.
"""
_HOW = """## What is measured

A time runs from the moment at which a person presses or writes, Telegram's delivery of it \
included. *Answered* is the end of the button's spinner; commands have none. *Shown* is the first \
message or change of one that shows what was pressed for. *Listed* is when the list of courses \
came, for which the platform is asked: a student's reads are a second apart, and the whole bot \
makes 20 requests a second at most. *At once* are pause, resume, cancel and the answer to its \
question; these come from people with jobs. The others press `/start`, `/courses`, `/jobs`, a \
module's tick box, the settings and back. A press counts as lost if its answer or its effect did \
not come within a minute. Telegram itself takes about 30 messages a second from a bot: all chats \
in the same instant is more than it would carry.
"""
_COLUMNS = """\
Milliseconds, p50 / p95 / longest. *Bot*, *bench* (the people and both stand-ins) and *else* \
(whatever the machine did besides) are shares of one processor; *late* is by how much the \
bench's own timers were behind, p95 / longest: so much of a time may be its own.
"""
_TIMES = ("answered", "shown", "at once: answered", "at once: shown")
_TOOK = "bot | bench | else | bot's MiB | late |"
_TROUBLED = (
    "Requests that hung at the platform at the same time: up to {}. *Troubled* are presses of "
    "those whose platform is slow or away."
)


@dataclass(frozen=True, slots=True)
class Begun:
    """A start of the bot with an empty folder: seconds until the answer to a ``/start`` that was
    waiting, and MiB afterwards."""

    seconds: float
    memory: float


@dataclass(frozen=True, slots=True)
class Setting:
    """What stood around the bot."""

    chats: int
    jobs: int
    stoppers: int
    think: float
    distance: float
    slow: int
    hang: float
    away: int
    seed: int


def page(setting: Setting, starts: Sequence[Begun], scenes: Sequence[Scene]) -> str:
    """The whole page in Markdown."""
    parts = [_HEAD, _machine(setting), _HOW, _starting(starts), _overview(scenes)]
    parts += [_scene(scene) for scene in scenes]
    return "\n".join(parts)


def _machine(setting: Setting) -> str:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    rows = [
        ("processors", f"{os.cpu_count()}, {platform.machine()}"),
        ("memory", f"{memory:.0f} GiB"),
        ("system", platform.system()),
        ("Python, SQLite", f"{platform.python_version()}, {sqlite3.sqlite_version}"),
        ("way to Telegram and back", f"{setting.distance * 1000:.0f} ms for each call"),
        ("chats, a student each", f"{setting.chats}"),
        ("jobs, at 1× and real speed", f"{setting.jobs}, of which {setting.stoppers} are stopped"),
        ("students whose platform is slow, where there is trouble", f"{setting.slow}"),
        ("seconds that it takes for each of their requests", f"{setting.hang:g}"),
        ("students whose platform is away then", f"{setting.away}"),
        ("seed", f"{setting.seed}"),
    ]
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows), ""])


def _starting(starts: Sequence[Begun]) -> str:
    seconds = sorted(each.seconds for each in starts)
    memory = sorted(each.memory for each in starts)
    middle = len(starts) // 2
    return (
        "## Start\n\n"
        f"From the start of the process to the answer to a `/start` that was waiting: "
        f"{seconds[middle]:.2f} s (median of {len(starts)}; {seconds[0]:.2f} to "
        f"{seconds[-1]:.2f}). Memory then, idle: {memory[middle]:.0f} MiB.\n"
    )


def _overview(scenes: Sequence[Scene]) -> str:
    lines = [
        "## In short",
        "",
        _COLUMNS,
        "| scene | presses | a second | lost | " + " | ".join(_TIMES) + " | " + _TOOK,
        "|---" * 13 + "|",
    ]
    for scene in scenes:
        late = Figures.of(scene.late)
        cells = [
            scene.name,
            f"{len(scene.samples)}",
            f"{len(scene.samples) / scene.seconds:.0f}",
            f"{len(scene.lost)}",
            _ms(scene.answered(_others)),
            _ms(scene.shown(_others)),
            _ms(scene.answered(_at_once)),
            _ms(scene.shown(_at_once)),
            f"{scene.bot_cpu / scene.seconds:.0%}",
            f"{scene.own_cpu / scene.seconds:.0%}",
            f"{max(scene.else_cpu, 0.0) / scene.seconds:.0%}",
            f"{scene.memory:.0f}",
            f"{late.p95 * 1000:.0f} / {late.longest * 1000:.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _scene(scene: Scene) -> str:
    lines = [f"## {scene.name[:1].upper()}{scene.name[1:]}", ""]
    if scene.platform_calls_at_once:
        lines += [_TROUBLED.format(scene.platform_calls_at_once), ""]
    lines += ["| pressed | by | presses | answered | shown | listed |", "|---|---|---|---|---|---|"]
    for kind in Kind:
        for troubled in (False, True):
            row = _row(scene, kind, troubled=troubled)
            lines += [row] if row else []
    return "\n".join([*lines, ""])


def _row(scene: Scene, kind: Kind, *, troubled: bool) -> str | None:
    def wanted(sample: Sample) -> bool:
        return sample.kind is kind and sample.troubled is troubled

    count = sum(map(wanted, scene.samples))
    if not count:
        return None
    figures: list[Callable[[Callable[[Sample], bool]], Figures]] = [
        scene.answered,
        scene.shown,
        scene.listed,
    ]
    times = " | ".join(_ms(each(wanted)) for each in figures)
    return f"| {kind.value} | {'troubled' if troubled else 'others'} | {count} | {times} |"


def _ms(figures: Figures) -> str:
    if not figures.count:
        return "–"
    times = (figures.p50, figures.p95, figures.longest)
    return " / ".join(f"{each * 1000:.0f}" for each in times)


def _at_once(sample: Sample) -> bool:
    return sample.kind in AT_ONCE


def _others(sample: Sample) -> bool:
    return sample.kind not in AT_ONCE
