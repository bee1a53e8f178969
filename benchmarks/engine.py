"""The study engine: its requests over the least possible, and its cost beside plain scripts."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figures import Goal, Measured, Result, Table, ratio
from benchmarks.least import least, reports
from benchmarks.scripts import SPEED, Way
from benchmarks.seeds import FOR_EVER
from demo.platform import (
    Cell,
    Endpoint,
    PlatformServer,
    School,
    Student,
    archive,
    audio,
    course,
    document,
    link,
    module,
    picture,
    school_of,
    topic,
    video,
)
from storage.enums import Pace

REPEATED, POSTED = 12, 3
"""Repetitions; those of ``httpx.post``, which takes twenty times as long, are fewer."""
STUDIED = (Endpoint.VIEW, Endpoint.REPORT)


@dataclass(frozen=True, slots=True)
class Round:
    """One way once through the course: seconds of processor and of time."""

    way: Way
    cells: int
    cpu: float
    seconds: float


def cells() -> list[Cell]:
    """Ten cells of a course as they are mostly: 27 reports."""
    media = [video(60), video(40), video(80), audio(30), link()]
    return [*media, document(7), document(1), picture(), archive(), link(category="图文")]


def school(students: int, topics: int = 4) -> School:
    """A course of so many topics, and so many students who have it before them."""
    names = tuple(Student(stu_id=f"s{number}XX", name="张三") for number in range(students))
    modules = [module([topic(cells()) for _ in range(topics // 2)]) for _ in range(2)]
    return school_of(courses=[course(modules)], students=names)


async def rounds(platform: PlatformServer, ways: Sequence[Way]) -> list[Round]:
    """Let a process of its own study the course in these ways, one student each. Raises
    RuntimeError where one fails."""
    first = platform.school.courses[0]
    auths = (
        platform.cookie_for(each.stu_id, lifetime=FOR_EVER) for each in platform.school.students
    )
    asked = {
        "url": platform.url,
        "course": [first.course_open_id, first.open_class_id],
        "rounds": list(zip(ways, auths, strict=True)),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.scripts"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        said, _ = await process.communicate(json.dumps(asked).encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"the scripts ended with code {process.returncode}")
    told = map(json.loads, said.splitlines())
    return [Round(Way(each.pop("way")), **each) for each in told]


async def measure(repeated: int = REPEATED, posted: int = POSTED, topics: int = 4) -> Result:
    """All ways in turn, as often as asked."""
    ways = [
        way
        for number in range(repeated)
        for way in Way
        if way is not Way.HTTPX_POST or number < posted
    ]
    platform = PlatformServer(school(len(ways), topics), speed=SPEED)
    await platform.start()
    try:
        took = await rounds(platform, ways)
    finally:
        await platform.stop()
    counted = requests(platform)
    costs, goals = _costs(took)
    worst = max(counted.rows, key=lambda kind: counted.cell(kind, "over the least").median)
    most = counted.cell(worst, "over the least")
    return Result((counted, costs), (Goal("requests over the least possible", most, 1.05), *goals))


def requests(platform: PlatformServer) -> Table:
    """What the first student's run, the engine's, sent for each kind of cell."""
    student, first = platform.school.students[0].stu_id, platform.school.courses[0]
    leaves = [leaf for each in first.modules for leaf in each.leaves()]
    sent = [each for each in platform.requests if each.student == student]
    by_cell = Counter(each.form["cellId"] for each in sent if each.endpoint in STUDIED)
    kinds: dict[str, list[Cell]] = {}
    for leaf in leaves:
        kinds.setdefault(leaf.category, []).append(leaf)
    rows = {
        KINDS[kind]: _counts(
            len(of_kind),
            sum(by_cell[leaf.id] for leaf in of_kind),
            sum(1 + reports(leaf, Pace.NORMAL) for leaf in of_kind),
        )
        for kind, of_kind in kinds.items()
    }
    # Nothing was studied when the run began: the least is counted before a fresh school.
    fresh = School(platform.school.students, platform.school.courses)
    needed = sum(least(fresh, student, Pace.NORMAL).values())
    rows["all, with the reading of the course"] = _counts(len(leaves), len(sent), needed)
    return Table(
        "Requests to the platform",
        "What the engine sends until a cell is done, at 1× and without trouble: its view, its "
        "reports, and in the last row also what is read of the course. The least is counted from "
        "the course itself (`benchmarks/least.py`).",
        ("kind", "cells", "requests", "a cell", "over the least"),
        rows,
    )


KINDS = {
    "视频": "video, 40–80 s",
    "音频": "audio, 30 s",
    "文档": "document, 1 and 7 pages",
    "图片": "picture",
    "压缩包": "archive",
    "链接": "link",
    "图文": "page of text and pictures",
}


def _counts(cells: int, sent: int, needed: int) -> tuple[Measured, ...]:
    return (
        Measured((cells,)),
        Measured((sent,)),
        Measured((sent / cells,), 2),
        Measured((sent / needed,), 3),
    )


def _costs(took: Sequence[Round]) -> tuple[Table, tuple[Goal, ...]]:
    """The engine over each other way, repetition by repetition."""
    by_way = {way: [each for each in took if each.way is way] for way in Way}
    cpu = {way: [each.cpu / each.cells for each in of] for way, of in by_way.items()}
    speed = {way: [each.cells / each.seconds for each in of] for way, of in by_way.items()}
    rows = {}
    for way in Way:
        beside = slice(len(cpu[way]))
        rows[way.value] = (
            Measured.of((1000 * each for each in cpu[way]), 2),
            Measured.of(speed[way]),
            ratio(cpu[Way.ENGINE][beside], cpu[way]),
            ratio(speed[Way.ENGINE][beside], speed[way]),
        )
    table = Table(
        "The engine beside scripts",
        "The same course with the same requests, one student after the other, all ways in turn in "
        "one process; the platform's clock runs so fast that no wait of the pace takes time. The "
        "three scripts only send, and neither judge an answer nor retry. `urllib.request` stands "
        "for `requests`, which is not among the pinned libraries: both open a connection for each "
        "call. `httpx.post` also reads all certificates anew each time.",
        ("way", "CPU ms a cell", "cells a second", "CPU: engine over it", "speed: engine over it"),
        rows,
    )
    httpx = table.cell(Way.HTTPX, "speed: engine over it")
    cost = table.cell(Way.HTTPX, "CPU: engine over it")
    return table, (
        Goal("the engine's cells a second over one httpx client's", httpx, least=0.9),
        Goal("its CPU a cell over one httpx client's", cost, round(1 / 0.9, 2)),
    )
