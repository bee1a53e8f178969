"""``make prove``: everything that takes too long for ``make test``, written to docs/proofs.md."""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from bot.logs import set_up_logs
from bot.settings import LogFormat, LogLevel
from tests.prove.fuzz import run_trials
from tests.prove.mutation import mutate
from tests.prove.report import Examples, Proof, is_good, written

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/proofs.md"
PROPERTY = "tests/study/test_any_school.py"


def prove_property(examples: int) -> Examples:
    """The property test of the engine with so many examples."""
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "--timeout=3600", PROPERTY],
        cwd=ROOT,
        env={**os.environ, "ANY_SCHOOL_EXAMPLES": str(examples)},
        check=False,
    )
    return Examples(PROPERTY, examples, ended.returncode == 0, time.monotonic() - began)


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> int:
    """0 if nothing was found that a person must look at."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove")
    parser.add_argument("--trials", type=int, default=500)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--mutation-minutes", type=float, default=20)
    asked = parser.parse_args()
    if find_spec("mutmut") is None:
        say("mutmut is not installed: pip install mutmut")
        return 2
    set_up_logs(LogLevel.ERROR, LogFormat.CONSOLE)
    say(f"{asked.trials} trials of the fuzz")
    seeds = range(asked.first_seed, asked.first_seed + asked.trials)
    found = asyncio.run(run_trials(seeds, at_once=8))
    for wrong in found.failures.values():
        say(wrong)
    say(f"{asked.examples} schools")
    examples = prove_property(asked.examples)
    say(f"mutants, for {asked.mutation_minutes:g} minutes at most")
    mutation = mutate(ROOT, asked.mutation_minutes * 60)
    proof = Proof(datetime.now(UTC), seeds, found, examples, mutation)
    PAGE.write_text(written(proof), encoding="utf-8")
    say(f"written to {PAGE.relative_to(ROOT)}")
    return 0 if is_good(proof) else 1


if __name__ == "__main__":
    sys.exit(main())
