"""What was proved, as sections of the page docs/proofs.md."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.prove.fuzz import Found
from tests.prove.mutation import Mutation, Survivor
from tests.prove.odd_answers import Told
from tests.prove.survivors import EXPLAINED

_HEAD = (
    "# Proofs\n\n"
    "What `make prove` found when it was last run, beyond what `make test` holds each time. Which "
    "test holds which habit of the platform stands in [platform.md](platform.md#proofs). "
    "`make prove` writes this page anew; `.venv/bin/python -m tests.prove crash` one part of it."
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page, from its heading on; ``good`` if nothing in it needs to be looked at."""

    text: str
    good: bool

    @property
    def heading(self) -> str:
        return self.text.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Examples:
    """A property test with so many examples; ``held`` tells whether none broke it."""

    test: str
    count: int
    held: bool
    seconds: float


def page(before: str, sections: Sequence[Section]) -> str:
    """The page in Markdown: the new sections, and those of the page before that were not made
    anew, each in its place."""
    kept = re.split(r"^(?=## )", before, flags=re.MULTILINE)[1:]
    texts = {text.partition("\n")[0]: text.strip() for text in kept}
    texts |= {section.heading: section.text.strip() for section in sections}
    return "\n\n".join([_HEAD, *texts.values()]) + "\n"


def fuzz_section(found: Found, seeds: range) -> Section:
    failed = "\n".join(f"- seed {seed}" for seed in sorted(found.failures))
    text = (
        "## Fuzz\n\n"
        "A small course with a cell of every kind is studied by a whole job (database, job queue, "
        "gate and client are real), while the stand-in is struck by one to four sorts of trouble "
        "at any endpoint and moment; some runs are killed, or lose their session, on the way. "
        "Some of the trouble is answers that make no sense. "
        "Each must end, with outcomes that are the platform's own percents, no rule broken and "
        "every cell accounted for; when the trouble is over, a retry must finish what failed. "
        "Not held: a cell that was not readable to the end, and is told of as such, may be at 100. "
        "A seed fixes what strikes and after which request, not how "
        "the machine times it. "
        "`FUZZ_SEED=7 .venv/bin/python -m pytest tests/prove/test_fuzz.py` repeats one.\n\n"
        "| | |\n|---|---|\n"
        f"| trials | {found.trials} |\n"
        f"| seeds | {seeds.start}–{seeds.stop - 1} |\n"
        f"| seconds | {found.seconds:.0f} |\n"
        f"| requests before the retries | {found.requests} |\n"
        f"| jobs | {_listed(found.states)} |\n"
        f"| cells | {_listed(found.outcomes)} |\n"
        f"| trials that broke a promise | {len(found.failures)} |\n\n"
    )
    return Section(text + failed, not found.failures)


def odd_section(told: Told) -> Section:
    failed = "\n".join(f"- {case}" for case in told.failures)
    text = (
        "## Odd answers\n\n"
        "A job of two topics meets one answer that makes no sense (JSON that is no object, an "
        "object without a readable code, code 1 without what it must bring, a code that is not "
        "described), once, nine times in a row, or for good: at the login, at each read of a "
        "preview, at the first look after a restart, a pause, 30 minutes and an outage, at a view, "
        "a report, a report that was applied, a switch and a read-back. The summary must be the "
        "platform's percents; what passes must cost no cell; only a described no, or a code, may "
        "be called refused; a good cookie is never refused; and the summary and the full list, in "
        "each language, must hold nothing but the catalogue's phrases and the platform's own "
        "words. `ODD_SEED=7 .venv/bin/python -m pytest tests/prove/test_odd_answers.py` draws the "
        "sample of that seed again.\n\n"
        "| | |\n|---|---|\n"
        f"| cases | {told.cases} |\n"
        f"| seconds | {told.seconds:.0f} |\n"
        f"| cells | {_listed(told.outcomes)} |\n"
        f"| cases that broke a promise | {len(told.failures)} |\n\n"
    )
    return Section(text + failed, not told.failures)


def property_section(examples: Examples) -> Section:
    text = (
        "## Any school in any trouble\n\n"
        f"`{examples.test}` with {examples.count} schools and plans of trouble, in virtual time: "
        f"{'held' if examples.held else 'broken'}, {examples.seconds:.0f} seconds."
    )
    return Section(text, examples.held)


def machine_section(examples: Examples) -> Section:
    text = (
        "## Jobs as a state machine\n\n"
        f"`{examples.test}`: {examples.count} walks of presses, kills, restarts, expiries, logins, "
        "bars and ticks, by two chats of one student and one of another, held against the model "
        f"at every commit: {'held' if examples.held else 'broken'}, {examples.seconds:.0f} seconds."
    )
    return Section(text, examples.held)


def digest_section(examples: Examples) -> Section:
    text = (
        "## Digests\n\n"
        f"`{examples.test}` in full: every zone of the world with each of its changes of 2024 to "
        f"2030, {examples.count} walks at random, and a month of fifty chats on one clock, up to "
        "what Telegram shows: "
        f"{'held' if examples.held else 'broken'}, {examples.seconds:.0f} seconds."
    )
    return Section(text, examples.held)


def mutation_section(mutation: Mutation) -> Section:
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
    explained = all(_why(each) is not None for each in mutation.survivors)
    return Section("\n".join(lines), explained)


def _row(survivor: Survivor) -> str:
    why = _why(survivor) or "**not explained**"
    before, after = (text.replace("|", "\\|") for text in (survivor.before, survivor.after))
    return f"| `{survivor.place}` | `{before}` | `{after or ' '}` | {why} |"


def _why(survivor: Survivor) -> str | None:
    return EXPLAINED.get((survivor.before, survivor.after))


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counted.most_common())
