"""The least requests with which cells can be studied, counted from the school's own tree."""

from collections import Counter
from decimal import ROUND_CEILING, Decimal

from demo.platform import Cell, Endpoint, Method, Module, School
from storage.enums import Pace

SECONDS_A_REPORT = {Pace.NORMAL: 10, Pace.FAST: 15, Pace.DOUBLE: 10}
EMPTY_CHAPTER = "0"


def reports(cell: Cell, pace: Pace) -> int:
    """So many reports complete an unfinished cell."""
    match cell.method:
        case Method.MEDIA:
            rest = Decimal(str(cell.length)) - Decimal(str(cell.position))
            if cell.length == 0 or rest <= 0:
                return 1
            return int((rest / SECONDS_A_REPORT[pace]).to_integral_value(ROUND_CEILING))
        case Method.PAGES:
            return 1 if cell.pages == 1 else 2
        case Method.ONE_PAGE:
            return 1
        case _:
            return 0


def least(school: School, stu_id: str, pace: Pace) -> Counter[Endpoint]:
    """The requests without which the school's first course cannot be studied and checked. What is
    not open is tried again once, if a cell was done since."""
    wanted: Counter[Endpoint] = Counter({Endpoint.MODULES: 1})
    closed = 0
    seen_topics, seen_cells = {EMPTY_CHAPTER}, set[str]()
    for each in school.courses[0].modules:
        if _is_finished(school, stu_id, each):
            continue
        wanted[Endpoint.TOPICS] += 1
        for chapter in each.topics:
            if chapter.id in seen_topics:
                continue
            seen_topics.add(chapter.id)
            wanted[Endpoint.CELLS] += 1
            leaves = [leaf for cell in chapter.cells for leaf in cell.leaves()]
            new = {leaf.id: leaf for leaf in leaves if leaf.id not in seen_cells}
            seen_cells |= set(new)
            opened = [leaf for leaf in new.values() if _must_be_opened(school, stu_id, leaf)]
            wanted[Endpoint.VIEW] += len(opened)
            studied = [leaf for leaf in opened if not leaf.locked]
            wanted[Endpoint.REPORT] += sum(reports(leaf, pace) for leaf in studied)
            wanted[Endpoint.CELLS] += bool(studied)
            closed += len(opened) - len(studied)
            if studied:
                wanted[Endpoint.VIEW] += closed
                closed = 0
    return wanted


def _must_be_opened(school: School, stu_id: str, leaf: Cell) -> bool:
    finished = school.progress(stu_id, leaf.id).is_full
    return not finished and leaf.method not in (Method.BY_HAND, Method.NEVER)


def _is_finished(school: School, stu_id: str, each: Module) -> bool:
    leaves = each.leaves()
    return bool(leaves) and all(school.progress(stu_id, leaf.id).is_full for leaf in leaves)
