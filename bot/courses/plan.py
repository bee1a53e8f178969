"""A draft as its screens show it, and the plan of the job that it becomes."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.study.estimate import Estimate, estimate
from bot.study.methods import CellKind, kind_of
from storage.cells import Cell
from storage.courses import Course, Module
from storage.drafts import Draft
from storage.enums import Pace
from storage.lengths import KnownLengths


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft with all that its screens show; ``ticked`` are row ids of modules."""

    draft: Draft
    course: Course
    modules: Sequence[Module]
    ticked: frozenset[int]
    unreadable: int = 0
    """How many modules of the platform's list cannot be read; set only right after reading it."""
    can_study: bool = True
    """False where the platform is only read: then the draft only leads through the course."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The content of a job made of the draft; names are the cells' own."""

    course_name: str
    modules: Sequence[str]
    by_kind: Sequence[tuple[CellKind, int]]
    complete: int
    """The number of cells already finished, of those that were read."""
    finished_modules: int
    by_hand: Sequence[str]
    unsupported: Sequence[str]
    estimate: Estimate
    pace: Pace
    new_lessons: Sequence[str] | None = None
    """The lessons of a notice, if the job takes only them; None for whole modules."""
    planned: int = 0
    """How many unfinished cells another job will study: this one leaves them out."""

    @property
    def to_study(self) -> int:
        return sum(count for _, count in self.by_kind)

    @property
    def total(self) -> int:
        """How many cells the job has, including those left to the student."""
        return self.to_study + len(self.by_hand) + len(self.unsupported)


def plan_of(
    opened: OpenDraft, cells: Sequence[Cell], known: KnownLengths, taken: Collection[str]
) -> Plan:
    """The plan of a draft with these cells; those with ids in ``taken`` are left to another job."""
    all_unfinished = [cell for cell in cells if not cell.is_complete]
    unfinished = [cell for cell in all_unfinished if cell.cell_id not in taken]
    kinds = Counter(kind_of(cell.category) for cell in unfinished)
    pace = opened.draft.pace
    return Plan(
        course_name=opened.course.name,
        modules=[each.name for each in opened.modules if each.id in opened.ticked],
        by_kind=[(kind, kinds[kind]) for kind in CellKind if kind.can_be_studied and kinds[kind]],
        complete=len(cells) - len(all_unfinished),
        finished_modules=sum(
            each.is_complete for each in opened.modules if each.id in opened.ticked
        ),
        by_hand=_names(unfinished, CellKind.BY_HAND),
        unsupported=_names(unfinished, CellKind.UNSUPPORTED),
        estimate=estimate(unfinished, pace, lengths=known.course, others=known.others),
        pace=pace,
        new_lessons=(
            [cell.name for cell in unfinished] if opened.draft.notice_id is not None else None
        ),
        planned=len(all_unfinished) - len(unfinished),
    )


def _names(cells: Sequence[Cell], kind: CellKind) -> list[str]:
    return [cell.name for cell in cells if kind_of(cell.category) is kind]
