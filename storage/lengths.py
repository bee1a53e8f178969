"""The lengths of videos and audios, as the platform reported them when they were opened."""

import json
from collections.abc import Collection
from datetime import datetime

from aiosqlite import Connection

from storage.moments import to_text
from storage.rows import rows, run


async def keep(conn: Connection, cell_id: str, seconds: str, now: datetime) -> None:
    """Stores a length in seconds, as the decimal text in which it came."""
    await run(
        conn,
        "INSERT INTO media_lengths (cell_id, seconds, seen_at) VALUES (?, ?, ?)"
        " ON CONFLICT (cell_id) DO UPDATE SET seconds = excluded.seconds,"
        " seen_at = excluded.seen_at",
        (cell_id, seconds, to_text(now)),
    )


async def of_cells(conn: Connection, cell_ids: Collection[str]) -> dict[str, str]:
    """The known lengths in seconds, by cell id."""
    found = await rows(
        conn,
        "SELECT cell_id, seconds FROM media_lengths"
        " WHERE cell_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(cell_ids)),),
    )
    return {row["cell_id"]: row["seconds"] for row in found}
