"""``python -m benchmarks``: measure all parts, or those that are named, and show the tables.

Only all parts together write ``docs/benchmarks.md``.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import digests, disk, engine, load, updates, year
from benchmarks.figures import Result
from benchmarks.machine import machine
from benchmarks.page import page

DOCS = Path(__file__).resolve().parents[1] / "docs"
PARTS: dict[str, Callable[[], Awaitable[Result]]] = {
    "engine": engine.measure,
    "updates": updates.measure,
    "disk": disk.measure,
    "year": year.measure,
    "digests": digests.measure,
    "load": load.measure,
}


async def main(names: list[str]) -> None:
    """Measure the parts in their order."""
    results = []
    for name, measure in PARTS.items():
        if name in names or not names:
            began = time.monotonic()
            results.append(await measure())
            sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    text = page(machine(), datetime.now(UTC).date(), results)
    sys.stdout.write(text)
    if not names:
        (DOCS / "benchmarks.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[[], *PARTS], metavar="part", help=", ".join(PARTS)
    )
    asyncio.run(main(parser.parse_args().parts))
