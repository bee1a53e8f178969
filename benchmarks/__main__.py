"""``python -m benchmarks``: measure all parts, or those that are named, and show the tables.

Only all parts together write ``docs/benchmarks.md`` and the table of ``docs/scale.md``.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import day, digests, disk, engine, load, updates, year
from benchmarks.figures import Result
from benchmarks.machine import machine
from benchmarks.page import page, tables
from benchmarks.scale import with_bounds

DOCS = Path(__file__).resolve().parents[1] / "docs"
BENCHMARKS, SCALE = DOCS / "benchmarks.md", DOCS / "scale.md"
PARTS: dict[str, Callable[[], Awaitable[Result]]] = {
    "engine": engine.measure,
    "updates": updates.measure,
    "load": load.measure,
    "disk": disk.measure,
    "year": year.measure,
    "digests": digests.measure,
    "day": day.measure,
}
TOGETHER = (("engine",), ("updates",), ("load",), ("digests", "day", "disk", "year"))
"""The parts in their order. The last ones run side by side: what they measure does not depend on
the others, and digests wait for their time."""


async def main(names: Sequence[str]) -> None:
    """Measure, and write the pages if nothing is left out."""
    results: list[Result] = []
    for group in TOGETHER:
        chosen = [name for name in group if name in names or not names]
        results += await asyncio.gather(*map(_measured, chosen))
    text = page(machine(), datetime.now(UTC).date(), results)
    sys.stdout.write(text)
    if not names:
        BENCHMARKS.write_text(text, encoding="utf-8")
        scale = with_bounds(SCALE.read_text(encoding="utf-8"), tables(text))
        SCALE.write_text(scale, encoding="utf-8")


async def _measured(name: str) -> Result:
    began = time.monotonic()
    result = await PARTS[name]()
    sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    asked = parser.parse_args()
    for name in asked.parts:
        if name not in PARTS:
            parser.error(f"no part is called {name}; there are {', '.join(PARTS)}")
    asyncio.run(main(asked.parts))
