"""What was proved, as the page docs/proofs.md."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from tests.prove.fuzz import Found
from tests.prove.mutation import Mutation, Survivor
from tests.prove.survivors import EXPLAINED


@dataclass(frozen=True, slots=True)
class Examples:
    """A property test with so many examples; ``held`` tells whether none broke it."""

    test: str
    count: int
    held: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything of one run; ``seeds`` are those of the fuzz."""

    at: datetime
    seeds: range
    found: Found
    examples: Examples
    mutation: Mutation


def is_good(proof: Proof) -> bool:
    """Whether every trial and example held and every survivor is explained."""
    explained = all(_why(each) is not None for each in proof.mutation.survivors)
    return not proof.found.failures and proof.examples.held and explained


def written(proof: Proof) -> str:
    """The page in Markdown."""
    parts = [_head(proof), _fuzz(proof), _property(proof.examples), _mutation(proof.mutation)]
    return "\n\n".join(parts) + "\n"


def _head(proof: Proof) -> str:
    return (
        "# Proofs\n\n"
        "What `make prove` found when it was last run, beyond what `make test` holds each time: "
        f"{proof.at:%Y-%m-%d %H:%M} UTC. Which test holds which habit of the platform stands in "
        "[platform.md](platform.md#proofs). `make prove` writes this page anew."
    )


def _fuzz(proof: Proof) -> str:
    found = proof.found
    failed = "\n".join(f"- seed {seed}" for seed in sorted(found.failures))
    return (
        "## Fuzz\n\n"
        "A small course with a cell of every kind is studied by a whole job (database, job queue, "
        "gate and client are real), while the stand-in is struck by one to four sorts of trouble "
        "at any endpoint and moment; some runs are killed, or lose their session, on the way. "
        "Each must end, with outcomes that are the platform's own percents, no rule broken and "
        "every cell accounted for; when the trouble is over, a retry must finish what failed. "
        "Not held: a cell whose topic the platform never let be read after its study may be "
        "failed although it is at 100. A seed fixes what strikes and after which request, not how the "
        "machine times it. "
        "`FUZZ_SEED=7 .venv/bin/python -m pytest tests/prove/test_fuzz.py` repeats one.\n\n"
        "| | |\n|---|---|\n"
        f"| trials | {found.trials} |\n"
        f"| seeds | {proof.seeds.start}–{proof.seeds.stop - 1} |\n"
        f"| seconds | {found.seconds:.0f} |\n"
        f"| requests before the retries | {found.requests} |\n"
        f"| jobs | {_listed(found.states)} |\n"
        f"| cells | {_listed(found.outcomes)} |\n"
        f"| trials that broke a promise | {len(found.failures)} |"
    ) + (f"\n\n{failed}" if failed else "")


def _property(examples: Examples) -> str:
    return (
        "## Any school in any trouble\n\n"
        f"`{examples.test}` with {examples.count} schools and plans of trouble, in virtual time: "
        f"{'held' if examples.held else 'broken'}, {examples.seconds:.0f} seconds."
    )


def _mutation(mutation: Mutation) -> str:
    tried = mutation.killed + len(mutation.survivors)
    about = (
        "mutmut changes the functions of `bot/study` one spot at a time and runs the tests of "
        "`tests/study` that reach it. It leaves constants and properties alone; "
        "`tests/study/test_bounds.py` holds those.\n"
    )
    lines = [
        "## Mutants of the study engine\n",
        about,
        "| | |\n|---|---|",
        f"| tried | {tried} |",
        f"| noticed | {mutation.killed} |",
        f"| survived | {len(mutation.survivors)} |",
        f"| not tried in the time | {mutation.left} |",
        f"| seconds | {mutation.seconds:.0f} |",
    ]
    if mutation.survivors:
        lines.append("\n| survivor | before | after | why it changes nothing |\n|---|---|---|---|")
        lines += map(_row, mutation.survivors)
    return "\n".join(lines)


def _row(survivor: Survivor) -> str:
    why = _why(survivor) or "**not explained**"
    before, after = (text.replace("|", "\\|") for text in (survivor.before, survivor.after))
    return f"| `{survivor.place}` | `{before}` | `{after or ' '}` | {why} |"


def _why(survivor: Survivor) -> str | None:
    return EXPLAINED.get((survivor.before, survivor.after))


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counted.most_common())
