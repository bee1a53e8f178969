"""Which cells unfinished jobs have: no other job of the same student in the same chat takes them.

Also those that such a job has ended already, which a reading of a moment ago may show as open: the
job looks at them again or offers its own retry at its end.
"""

from aiosqlite import Connection

from storage.rows import rows


async def cells_of_draft(conn: Connection, draft_id: int) -> dict[str, int]:
    """The draft's cells that an unfinished job of the chat's student has: the job's id by cell id.
    The draft's own job does not count."""
    found = await rows(
        conn,
        """
        SELECT cells.cell_id, max(j.id) AS job_id FROM drafts d
        JOIN accounts a ON a.id = d.account_id
        JOIN courses c ON c.id = d.course_id
        JOIN jobs j ON j.chat_id = d.chat_id AND j.stu_id = a.stu_id AND j.finished_at IS NULL
            AND j.course_open_id = c.course_open_id AND j.open_class_id = c.open_class_id
            AND j.draft_id IS NOT d.id
        JOIN job_items i ON i.job_id = j.id
        JOIN draft_cells cells ON cells.draft_id = d.id AND cells.cell_id = i.cell_id
        WHERE d.id = ? GROUP BY cells.cell_id
        """,
        (draft_id,),
    )
    return {str(row["cell_id"]): int(row["job_id"]) for row in found}


async def cells_of_job(conn: Connection, job_id: int) -> list[str]:
    """The cells of an ended job that an unfinished job of the chat's student has."""
    found = await rows(
        conn,
        """
        SELECT DISTINCT theirs.cell_id FROM jobs AS mine
        JOIN jobs AS other ON other.finished_at IS NULL
            AND other.chat_id = mine.chat_id AND other.stu_id = mine.stu_id
            AND other.course_open_id = mine.course_open_id
            AND other.open_class_id = mine.open_class_id
        JOIN job_items AS theirs ON theirs.job_id = other.id
        WHERE mine.id = ?
        """,
        (job_id,),
    )
    return [str(row["cell_id"]) for row in found]
