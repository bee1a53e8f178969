"""What shows that the database works and its jobs run."""

from aiosqlite import Connection

from storage.enums import JobState
from storage.migrate import version_of
from storage.rows import numbers, rows, run


async def take_write(conn: Connection) -> list[int]:
    """Write the version of the schema anew, as it stands: a change that goes the way of all others
    and changes nothing. Returns the ids of the jobs stored as running."""
    await run(conn, f"PRAGMA user_version = {await version_of(conn)}")
    return await numbers(conn, "SELECT id FROM jobs WHERE state = ?", [JobState.RUNNING.value])


async def jobs_by_state(conn: Connection) -> dict[str, int]:
    """How many jobs are in each state, zeros too."""
    found = await rows(conn, "SELECT state, count(*) AS jobs FROM jobs GROUP BY state")
    counted = {str(row["state"]): int(row["jobs"]) for row in found}
    return {state.value: counted.get(state.value, 0) for state in JobState}
