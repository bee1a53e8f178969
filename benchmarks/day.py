"""Memory over a day of study, at a fast clock."""

import asyncio
import time

from benchmarks.figures import Goal, Measured, Result, Table, ratio
from benchmarks.load import school
from benchmarks.seeds import people
from benchmarks.stage import SeededStage
from demo.platform import Endpoint

SPEED = 2000.0
STUDENTS = 3
HOURS = (3, 6, 12, 24)
BOUND = {"PLATFORM_REQUESTS_PER_SECOND": "100000"}


async def measure(students: int = STUDENTS, hours: tuple[int, ...] = HOURS) -> Result:
    """Look at the bot's memory after these hours of the platform's clock."""
    made = school(students)
    seeds, _ = people(made, students, 0)
    memory: dict[int, float] = {}
    rows: dict[str, tuple[Measured, ...]] = {}
    async with SeededStage(made, seeds, speed=SPEED, settings=BOUND) as stage:
        await stage.begin()
        began = time.monotonic()
        for hour in hours:
            await asyncio.sleep(max(began + hour * 3600 / SPEED - time.monotonic(), 0))
            memory[hour] = stage.usage().memory
            reports = sum(each.endpoint is Endpoint.REPORT for each in stage.platform.requests)
            rows[f"{hour}"] = Measured((memory[hour],), 1), Measured((reports,))
    table = Table(
        "Memory over a day",
        f"{students} students study videos, and the platform's clock runs {SPEED:g} times as fast.",
        ("simulated hours", "MiB", "reports"),
        rows,
    )
    grown = ratio([memory[hours[-1]]], [memory[hours[0]]], 3)
    return Result((table,), (Goal("memory after a simulated day over that before", grown, 1.05),))
