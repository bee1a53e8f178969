"""What was proved, as sections of the page docs/proofs.md.

What a proof does stands on the page itself, in the paragraph below its heading; only what follows
that paragraph is written anew.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from tests.prove.boundaries import Deaths
from tests.prove.crash import Crashes
from tests.prove.digest_crash import DigestCrashes
from tests.prove.fuzz import Found
from tests.prove.mutation import Mutation, Survivor
from tests.prove.odd_answers import Told
from tests.prove.read_only import ReadAlone
from tests.prove.soak import Soaked
from tests.prove.strangers import Flooded
from tests.prove.survivors import EXPLAINED
from tests.prove.updates import Endured

MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below a heading's paragraph; ``good`` if nothing in it needs to be looked at."""

    heading: str
    results: str
    good: bool


@dataclass(frozen=True, slots=True)
class Examples:
    """A property test with so many examples; ``held`` tells whether none broke it."""

    count: int
    held: bool
    seconds: float


def page(before: str, sections: Sequence[Section]) -> str:
    """The page in Markdown with these sections' results in place of those before. Raises KeyError
    for a section that the page does not have."""
    head, *parts = re.split(r"^(?=## )", before, flags=re.MULTILINE)
    texts = {part.partition("\n")[0].removeprefix("## "): part.strip() for part in parts}
    for section in sections:
        heading, about, *_ = texts[section.heading].split("\n\n")
        texts[section.heading] = f"{heading}\n\n{about}\n\n{section.results}".strip()
    return "\n\n".join([head.strip(), *texts.values()]) + "\n"


def section(
    heading: str, rows: Mapping[str, object], broken: Iterable[str], listed: Iterable[str] = ()
) -> Section:
    """A table of results, and a list; good if nothing is ``broken``."""
    broken = list(broken)
    table = ["| | |", "|---|---|", *(f"| {name} | {told} |" for name, told in rows.items())]
    lines = [f"- {each}" for each in islice([*listed, *broken], MOST_LISTED)]
    return Section(heading, "\n\n".join(filter(None, map("\n".join, (table, lines)))), not broken)


def fuzz_section(found: Found, seeds: range) -> Section:
    rows = {
        "trials": found.trials,
        "seeds": f"{seeds.start}–{seeds.stop - 1}",
        "seconds": f"{found.seconds:.0f}",
        "requests before the retries": found.requests,
        "jobs": _counted(found.states),
        "cells": _counted(found.outcomes),
        "trials that broke a promise": len(found.failures),
    }
    return section("Fuzz", rows, (f"seed {seed}" for seed in sorted(found.failures)))


def odd_section(told: Told) -> Section:
    rows = {
        "cases": told.cases,
        "seconds": f"{told.seconds:.0f}",
        "cells": _counted(told.outcomes),
        "cases that broke a promise": len(told.failures),
    }
    return section("Odd answers", rows, told.failures)


def examples_section(heading: str, examples: Examples) -> Section:
    rows = {"examples": examples.count, "seconds": f"{examples.seconds:.0f}"}
    return section(heading, rows, [] if examples.held else ["**broken**"])


def crash_section(found: Crashes) -> Section:
    return _deaths(
        "A death at every boundary",
        found,
        {
            "slowest to go on after the start, in seconds": f"{found.slowest:.1f}",
            "that was after a death at": found.slowest_at,
            "summaries that came twice": found.told_twice,
            "pasted cookies whose update died before their deletion": found.cookies_left,
        },
    )


def digest_crash_section(found: DigestCrashes) -> Section:
    return _deaths(
        "A death at every boundary of a digest",
        found,
        {
            "digests that came and were marked sent": found.once,
            "digests that were lost: claimed, and not marked sent": found.lost,
            "of these in the chat all the same": found.lost_yet_there,
            "of these told of by the next one": found.told_of,
            "digests that came twice": found.twice,
            **{f"lost {at}": number for at, number in sorted(found.lost_at.items())},
        },
    )


def _deaths(heading: str, found: Deaths, more: Mapping[str, object]) -> Section:
    rows = {
        "boundaries": found.boundaries,
        "deaths": found.deaths,
        **{f"of these {sort}": number for sort, number in sorted(found.sorts.items())},
        "boundaries it did not come to again (they come by the clock)": len(found.missed),
        **more,
        "seconds": f"{found.seconds:.0f}",
        "deaths that broke a promise": len(found.failures),
    }
    broken = (f"**broken**: `{name}`" for name in found.failures)
    return section(heading, rows, broken, (f"`{name}`" for name in found.missed))


def soak_section(found: Soaked) -> Section:
    rows = {
        "seed": found.seed,
        "chats": found.chats,
        "kills": found.kills,
        "jobs interrupted by them": found.interrupted,
        "requests to the platform": found.requests,
        "slowest job to go on after a start, in seconds": f"{found.slowest:.1f}",
        "summaries that came twice": found.told_twice,
        "seconds": f"{found.seconds:.0f}",
        "promises broken": len(found.broken),
    }
    return section("A soak of kills", rows, map(_first_line, found.broken))


def read_only_section(found: ReadAlone) -> Section:
    """``good`` if no promise was broken."""
    rows = {
        "seed": found.seed,
        "chats": found.chats,
        "days": found.days,
        "digests": _counted(Counter({each.value: n for each, n in found.standings.items()})),
        "lessons and modules published": found.published,
        "names called new, over all chats": found.named,
        "new lessons that had to be named by the end, over all chats": found.judged,
        "tokens pasted": found.pasted,
        "hours of trouble": found.troubles,
        "requests to the site": found.requests,
        "most requests for one student on one day": found.most,
        "requests on a day with any, on average": f"{found.mean:.1f}",
        "seconds": f"{found.seconds:.0f}",
        "promises broken": len(found.broken),
    }
    return section("A month of today's site", rows, found.broken)


def updates_section(found: Endured) -> Section:
    """``good`` if no promise was broken and every answer came in time."""
    rows = {
        "seed": found.seed,
        "batches": found.batches,
        "updates": found.updates,
        "of these handed to the handlers": found.handled,
        "private messages with a cookie, each deleted": found.cookies,
        "other private messages, each answered": found.texts,
        "slowest answer to `/start`, in seconds": f"{found.slowest:.2f}",
        "answers that took more than a second": found.late,
        "most that a batch added to the log, in bytes": found.log_bytes,
        "most of the processor in a second without updates, in seconds": f"{found.idle_cpu:.2f}",
        "seconds": f"{found.seconds:.0f}",
        "promises broken": int(bool(found.broken)),
    }
    broken = [f"**broken**: {_first_line(found.broken)}"] if found.broken else []
    late = [f"{found.late} answers came late"] if found.late else []
    return section("Updates of any shape", rows, [*broken, *late])


def strangers_section(found: Flooded) -> Section:
    """``good`` if no promise was broken and every answer to the owner came in time."""
    rows = {
        "seed": found.seed,
        "updates": found.updates,
        "people": found.people,
        "growth of the process, in MB": f"{found.grown:.1f}",
        "answers to strangers": found.answers,
        "slowest answer to the owner, in seconds": f"{max(found.took, default=0.0):.2f}",
        "answers to the owner that took more than a second": found.late,
        "seconds of the processor": f"{found.cpu:.1f}",
        "seconds": f"{found.seconds:.0f}",
        "promises broken": len(found.broken),
    }
    late = [f"{found.late} answers to the owner took more than a second"] if found.late else []
    return section("A flood of strangers", rows, [*found.broken, *late])


def mutation_section(mutation: Mutation) -> Section:
    """``good`` if each survivor is explained."""
    rows = {
        "tried": mutation.killed + len(mutation.survivors),
        "noticed": mutation.killed,
        "survived": len(mutation.survivors),
        "not tried in the time": mutation.left,
        "seconds": f"{mutation.seconds:.0f}",
    }
    told = section("Mutants of the study engine", rows, ()).results
    if mutation.survivors:
        head = "| survivor | before | after | why it changes nothing |\n|---|---|---|---|"
        told = "\n".join([f"{told}\n\n{head}", *map(_row, mutation.survivors)])
    explained = all(_why(each) is not None for each in mutation.survivors)
    return Section("Mutants of the study engine", told, explained)


def _row(survivor: Survivor) -> str:
    why = _why(survivor) or "**not explained**"
    before, after = (text.replace("|", "\\|") for text in (survivor.before, survivor.after))
    return f"| `{survivor.place}` | `{before}` | `{after or ' '}` | {why} |"


def _why(survivor: Survivor) -> str | None:
    return EXPLAINED.get((survivor.before, survivor.after))


def _counted(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counted.most_common())


def _first_line(text: str) -> str:
    return text.partition("\n")[0][:200]
