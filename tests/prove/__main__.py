"""``make prove``: everything that takes too long for ``make test``, written to docs/proofs.md.

``python -m tests.prove crash soak`` runs these parts alone and leaves the others' results.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

from bot.logs import set_up_logs
from bot.settings import LogFormat, LogLevel
from demo.stage import new_interpreter
from tests.prove.crash import crash_everywhere
from tests.prove.digest_crash import kill_digests_everywhere
from tests.prove.fuzz import run_trials
from tests.prove.mutation import mutate
from tests.prove.odd_answers import cases, play
from tests.prove.read_only import read_only
from tests.prove.report import (
    Examples,
    Section,
    crash_section,
    digest_crash_section,
    examples_section,
    fuzz_section,
    mutation_section,
    odd_section,
    page,
    read_only_section,
    soak_section,
    strangers_section,
    updates_section,
)
from tests.prove.soak import soak
from tests.prove.strangers import flood
from tests.prove.updates import endure
from tests.support.warm_start import warm_as_asked

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/proofs.md"
PROPERTY = "tests/study/test_any_school.py"
MACHINE = "tests/jobs/test_state_machine.py"
DIGESTS = "tests/digest"
AT_ONCE = 4


def prove_fuzz(asked: Namespace) -> Section:
    say(f"{asked.trials} trials of the fuzz")
    seeds = range(asked.first_seed, asked.first_seed + asked.trials)
    found = asyncio.run(run_trials(seeds, at_once=8))
    for wrong in found.failures.values():
        say(wrong)
    return fuzz_section(found, seeds)


def prove_odd_answers(asked: Namespace) -> Section:
    say("every odd answer at every moment")
    told = asyncio.run(play(cases(), at_once=8))
    for case, wrong in told.failures.items():
        say(f"{case}:\n{wrong}")
    return odd_section(told)


def prove_property(asked: Namespace) -> Section:
    """The property test of the engine with so many examples."""
    say(f"{asked.examples} schools")
    held, took = in_full(PROPERTY, ANY_SCHOOL_EXAMPLES=str(asked.examples))
    return examples_section("Any school in any trouble", Examples(asked.examples, held, took))


def prove_machine(asked: Namespace) -> Section:
    """The state machine of jobs with so many walks."""
    say(f"{asked.walks} walks of the state machine")
    held, took = in_full(MACHINE, JOB_MACHINE_EXAMPLES=str(asked.walks))
    return examples_section("Jobs as a state machine", Examples(asked.walks, held, took))


def prove_digests(asked: Namespace) -> Section:
    """When digests are due, in every zone, and a month of fifty chats."""
    say("digests in every zone, and a month of them")
    held, took = in_full(DIGESTS, DIGEST_ZONES="all", DIGEST_EXAMPLES="2000", DIGEST_MONTH="full")
    return examples_section("Digests", Examples(2000, held, took))


def in_full(tests: str, **settings: str) -> tuple[bool, float]:
    """Run tests with as many examples as ``settings`` say; whether they held, and seconds."""
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "--timeout=3600", tests],
        cwd=ROOT,
        env={**os.environ, **settings},
        check=False,
    )
    return ended.returncode == 0, time.monotonic() - began


def prove_mutants(asked: Namespace) -> Section:
    say(f"mutants, for {asked.mutation_minutes:g} minutes at most")
    return mutation_section(mutate(ROOT, asked.mutation_minutes * 60))


def prove_crash(asked: Namespace) -> Section:
    say("a death at every boundary")
    found = asyncio.run(crash_everywhere(new_interpreter, at_once=AT_ONCE))
    for boundary, wrong in found.failures.items():
        say(f"died at {boundary}:\n{wrong}")
    return crash_section(found)


def prove_digest_deaths(asked: Namespace) -> Section:
    say("a death at every boundary of a digest")
    # Warm, because of five starts for each death.
    found = asyncio.run(kill_digests_everywhere(warm_as_asked, at_once=AT_ONCE))
    for boundary, wrong in found.failures.items():
        say(f"died at {boundary}:\n{wrong}")
    return digest_crash_section(found)


def prove_soak(asked: Namespace) -> Section:
    seed = asked.soak_seed or SystemRandom().randrange(1, 1_000_000)
    say(f"a soak of {asked.kills} kills over {asked.chats} chats, seed {seed}")
    found = asyncio.run(soak(new_interpreter, seed, chats=asked.chats, kills=asked.kills))
    for wrong in found.broken:
        say(wrong)
    return soak_section(found)


def prove_read_only(asked: Namespace) -> Section:
    seed = asked.read_only_seed or SystemRandom().randrange(1, 1_000_000)
    say(f"a month of {asked.readers} students of today's site, seed {seed}")
    with TemporaryDirectory() as folder:
        found = read_only(Path(folder), seed, days=31, chats=asked.readers)
    for wrong in found.broken:
        say(wrong)
    return read_only_section(found)


def prove_updates(asked: Namespace) -> Section:
    number = asked.updates_seed or SystemRandom().randrange(1, 1_000_000)
    say(f"{asked.batches} batches of updates of any shape, seed {number}")
    found = endure(number, examples=asked.batches)
    if found.broken:
        say(found.broken)
    return updates_section(found)


def prove_strangers(asked: Namespace) -> Section:
    say(f"a flood of {asked.flood} updates of strangers")
    found = asyncio.run(flood(7, updates=asked.flood, people=6000))
    for wrong in found.broken:
        say(wrong)
    return strangers_section(found)


PARTS: Mapping[str, Callable[[Namespace], Section]] = {
    "fuzz": prove_fuzz,
    "odd-answers": prove_odd_answers,
    "schools": prove_property,
    "mutants": prove_mutants,
    "crash": prove_crash,
    "digest-deaths": prove_digest_deaths,
    "soak": prove_soak,
    "read-only": prove_read_only,
    "machine": prove_machine,
    "digests": prove_digests,
    "updates": prove_updates,
    "strangers": prove_strangers,
}


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> int:
    """0 if nothing was found that a person must look at."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove")
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--trials", type=int, default=500)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--mutation-minutes", type=float, default=20)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--soak-seed", type=int)
    parser.add_argument("--readers", type=int, default=30)
    parser.add_argument("--read-only-seed", type=int)
    parser.add_argument("--walks", type=int, default=250)
    parser.add_argument("--batches", type=int, default=2000)
    parser.add_argument("--updates-seed", type=int)
    parser.add_argument("--flood", type=int, default=100_000)
    asked = parser.parse_args()
    parts = asked.parts or list(PARTS)
    for unknown in set(parts) - set(PARTS):
        parser.error(f"there is no part {unknown}; there are {', '.join(PARTS)}")
    if "mutants" in parts and find_spec("mutmut") is None:
        say("mutmut is not installed: pip install mutmut")
        return 2
    set_up_logs(LogLevel.ERROR, LogFormat.CONSOLE)
    sections = [PARTS[part](asked) for part in parts]
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), sections), encoding="utf-8")
    say(f"written to {PAGE.relative_to(ROOT)}")
    return 0 if all(section.good for section in sections) else 1


if __name__ == "__main__":
    sys.exit(main())
