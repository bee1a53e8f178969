"""Drafts: jobs in preparation, from ticked modules to the cells that were read.

Each function called for a button takes the chat and does nothing on another chat's draft.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from storage.cells import Cell
from storage.enums import DraftState, Pace
from storage.moments import to_text
from storage.rows import (
    changed,
    first_number,
    first_record,
    first_row,
    numbers,
    records,
    rows,
    run,
    run_many,
)


@dataclass(frozen=True)
class Draft:
    """``message_id`` is the message that shows it; ``read_at`` is when its cells were read;
    ``notice_id`` is the notice of new lessons if it takes only those lessons, None for whole
    modules."""

    id: int
    chat_id: int
    account_id: int
    course_id: int
    message_id: int | None
    state: DraftState
    pace: Pace
    read_at: datetime | None
    created_at: datetime
    batch: int | None
    notice_id: int | None


_TICKABLE = (
    " SELECT drafts.id, modules.id FROM drafts JOIN modules ON modules.course_id = drafts.course_id"
    " WHERE drafts.id = :draft AND drafts.chat_id = :chat AND drafts.state = 'choosing'"
)


async def create(
    conn: Connection,
    *,
    chat_id: int,
    account_id: int,
    course_id: int,
    pace: Pace,
    now: datetime,
    message_id: int | None = None,
) -> Draft | None:
    """Makes a draft without ticks; None if the account or the course is not this chat's."""
    return await first_record(
        Draft,
        conn,
        "INSERT INTO drafts (chat_id, account_id, course_id, message_id, state, pace, created_at)"
        " SELECT accounts.chat_id, accounts.id, courses.id, ?, 'choosing', ?, ?"
        " FROM accounts JOIN courses ON courses.account_id = accounts.id"
        " WHERE accounts.chat_id = ? AND accounts.id = ? AND courses.id = ? RETURNING *",
        (message_id, pace, to_text(now), chat_id, account_id, course_id),
    )


async def set_notice(conn: Connection, chat_id: int, draft_id: int, notice_id: int | None) -> bool:
    """Sets whether the draft takes only the lessons of a notice, or whole modules (None). False if
    the draft or the notice is not this chat's, or the draft was started."""
    return await changed(
        conn,
        "UPDATE drafts SET notice_id = :notice WHERE id = :draft AND chat_id = :chat"
        " AND state IN ('choosing', 'reading', 'ready') AND (:notice IS NULL"
        " OR EXISTS (SELECT 1 FROM notices WHERE id = :notice AND chat_id = :chat)) RETURNING 1",
        {"notice": notice_id, "draft": draft_id, "chat": chat_id},
    )


async def get(conn: Connection, chat_id: int, draft_id: int) -> Draft | None:
    """The draft, or None if it is not this chat's."""
    return await first_record(
        Draft, conn, "SELECT * FROM drafts WHERE id = ? AND chat_id = ?", (draft_id, chat_id)
    )


async def tick(conn: Connection, chat_id: int, draft_id: int, module_row: int) -> bool:
    """Ticks a module of the draft's course; a second tick changes nothing.

    Returns False and changes nothing, here and below, if the draft is not this chat's or no longer
    ``choosing``, or the module is not of its course.
    """
    return await changed(
        conn,
        f"INSERT INTO draft_modules (draft_id, module_row){_TICKABLE} AND modules.id = :module"
        " ON CONFLICT DO UPDATE SET module_row = excluded.module_row RETURNING 1",
        {"draft": draft_id, "chat": chat_id, "module": module_row},
    )


async def untick(conn: Connection, chat_id: int, draft_id: int, module_row: int) -> bool:
    """Removes a module's tick, if it has one."""
    values = {"draft": draft_id, "chat": chat_id, "module": module_row}
    if await first_row(conn, f"{_TICKABLE} AND modules.id = :module", values) is None:
        return False
    await run(
        conn, "DELETE FROM draft_modules WHERE draft_id = :draft AND module_row = :module", values
    )
    return True


async def tick_all(conn: Connection, chat_id: int, draft_id: int) -> bool:
    """Also ticks all modules that are not known to be at 100. Also False if there are none."""
    return await changed(
        conn,
        f"INSERT INTO draft_modules (draft_id, module_row){_TICKABLE}"
        " AND COALESCE(modules.percent < 100, 1)"
        " ON CONFLICT DO UPDATE SET module_row = excluded.module_row RETURNING 1",
        {"draft": draft_id, "chat": chat_id},
    )


async def clear(conn: Connection, chat_id: int, draft_id: int) -> bool:
    """Removes all ticks."""
    draft = await get(conn, chat_id, draft_id)
    if draft is None or draft.state is not DraftState.CHOOSING:
        return False
    await run(conn, "DELETE FROM draft_modules WHERE draft_id = ?", (draft_id,))
    return True


async def ticked(conn: Connection, draft_id: int) -> list[int]:
    """The rows of the ticked modules, in the platform's order."""
    return await numbers(
        conn,
        "SELECT module_row FROM draft_modules JOIN modules ON modules.id = module_row"
        " WHERE draft_id = ? ORDER BY position",
        (draft_id,),
    )


async def set_message(conn: Connection, draft_id: int, message_id: int | None) -> bool:
    """Stores which message shows the draft. False if the draft was removed."""
    return await changed(
        conn, "UPDATE drafts SET message_id = ? WHERE id = ? RETURNING 1", (message_id, draft_id)
    )


async def set_batch(conn: Connection, draft_id: int, batch: int) -> None:
    """Stores that the draft was read together with others; ``batch`` is the first draft's id."""
    await run(conn, "UPDATE drafts SET batch = ? WHERE id = ?", (batch, draft_id))


async def of_batch(conn: Connection, chat_id: int, batch: int) -> list[int]:
    """The ids of the chat's drafts that were read together, in their order."""
    return await numbers(
        conn, "SELECT id FROM drafts WHERE batch = ? AND chat_id = ? ORDER BY id", (batch, chat_id)
    )


async def let_go_of_batches(conn: Connection, chat_id: int) -> None:
    """Returns the chat's drafts that are being read together to ``choosing``."""
    await run(
        conn,
        "UPDATE drafts SET state = 'choosing'"
        " WHERE chat_id = ? AND batch IS NOT NULL AND state = 'reading'",
        (chat_id,),
    )


async def set_pace(conn: Connection, chat_id: int, draft_id: int, pace: Pace) -> bool:
    """Changes the pace of a draft that was not started. False for others."""
    return await changed(
        conn,
        "UPDATE drafts SET pace = ? WHERE id = ? AND chat_id = ?"
        " AND state IN ('choosing', 'reading', 'ready') RETURNING 1",
        (pace, draft_id, chat_id),
    )


async def set_state(
    conn: Connection, draft_id: int, expected: DraftState, state: DraftState
) -> bool:
    """Moves the draft from ``expected`` to ``state``; False if it is in another state or
    removed."""
    return await changed(
        conn,
        "UPDATE drafts SET state = ? WHERE id = ? AND state = ? RETURNING 1",
        (state, draft_id, expected),
    )


async def reset_reading(conn: Connection) -> list[Draft]:
    """Returns drafts whose reading a restart interrupted to ``choosing``; gives those drafts."""
    return await records(
        Draft, conn, "UPDATE drafts SET state = 'choosing' WHERE state = 'reading' RETURNING *"
    )


async def count_since(conn: Connection, chat_id: int, moment: datetime) -> int:
    """How many drafts the chat began since then, of those that are still there."""
    return await first_number(
        conn,
        "SELECT count(*) FROM drafts WHERE chat_id = ? AND created_at > ?",
        (chat_id, to_text(moment)),
    )


async def remove_before(conn: Connection, moment: datetime) -> int:
    """Removes drafts from before ``moment`` with their ticks and cells, not their jobs; returns how
    many."""
    found = await rows(
        conn, "DELETE FROM drafts WHERE created_at < ? RETURNING id", (to_text(moment),)
    )
    return len(found)


async def store_cells(
    conn: Connection, draft_id: int, cells: Sequence[Cell], read_at: datetime, *, whole: bool
) -> None:
    """Makes ``cells`` the draft's cells, in their order; ``whole`` is whether they are all cells of
    their modules. Cell ids must be distinct."""
    await run(conn, "DELETE FROM draft_cells WHERE draft_id = ?", (draft_id,))
    await run_many(
        conn,
        "INSERT INTO draft_cells (draft_id, position, module_id, module_name, topic_id,"
        " topic_name, cell_id, cell_name, category, percent)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                draft_id,
                position,
                cell.module_id,
                cell.module_name,
                cell.topic_id,
                cell.topic_name,
                cell.cell_id,
                cell.name,
                cell.category,
                cell.percent,
            )
            for position, cell in enumerate(cells)
        ],
    )
    await run(
        conn,
        "UPDATE drafts SET read_at = ?, is_whole = ? WHERE id = ?",
        (to_text(read_at), whole, draft_id),
    )


async def cells(conn: Connection, draft_id: int) -> list[Cell]:
    """The draft's cells in their order."""
    return await records(
        Cell,
        conn,
        "SELECT *, cell_name AS name FROM draft_cells WHERE draft_id = ? ORDER BY position",
        (draft_id,),
    )
