"""How the cells of a job end: each by itself, and those that are left when the job gives up."""

from collections.abc import Mapping

from aiosqlite import Connection

from bot.study.attempt import Verdict
from bot.study.events import CellEnded
from bot.study.methods import kind_of
from bot.study.progress import Counts
from bot.study.topic import UNTOUCHED
from storage import job_changes, jobs
from storage.enums import JobState, Outcome


def end_state(counts: Counts) -> JobState:
    """The end state of a job whose cells all have an outcome."""
    if counts.failed == 0:
        return JobState.SUCCEEDED
    return JobState.PARTLY_FAILED if counts.done else JobState.FAILED


async def end_item(conn: Connection, job_id: int, end: CellEnded) -> bool:
    """Store how a cell ended; False if the job was removed."""
    return await job_changes.end_item(
        conn,
        job_id,
        end.cell.cell_id,
        outcome=end.outcome,
        percent=end.percent,
        code=end.code,
        msg=end.msg,
    )


async def give_up_cells(
    conn: Connection, job_id: int, verdict: Verdict, known: Mapping[str, CellEnded]
) -> None:
    """End the cells without an outcome: by ``known``, by cell id, else by ``verdict``."""
    items = await jobs.items(conn, job_id)
    still_open = [item for item in items if item.outcome is None]
    # The platform's message behind a concluded bar belongs to the suspect cells only.
    if verdict.msg is not None and verdict.msg in {item.msg for item in still_open}:
        verdict = Verdict(verdict.outcome)
    for item in still_open:
        untouched = UNTOUCHED.get(kind_of(item.cell.category))
        percent = item.cell.percent or 0.0
        code, msg = verdict.code, verdict.msg
        if item.msg and verdict.outcome is Outcome.REFUSED:
            code, msg = item.code, item.msg
        given_up = CellEnded(item.cell, verdict.outcome, percent, code, msg)
        end = known.get(item.cell.cell_id, given_up)
        if untouched is not None:
            # Cells of these kinds are never studied.
            end = CellEnded(item.cell, untouched, percent)
        await end_item(conn, job_id, end)
