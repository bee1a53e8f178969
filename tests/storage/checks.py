"""Which values the schema allows, read from the schema."""

import re

from aiosqlite import Connection

from storage.rows import first_row


async def allowed_values(conn: Connection, table: str, column: str) -> set[str]:
    """The values that ``CHECK (column IN (…))`` of ``table`` lists. Raises LookupError if none."""
    row = await first_row(
        conn, "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    )
    if row is None:
        raise LookupError(f"there is no table {table}")
    listed = re.search(rf"CHECK\s*\(\s*{re.escape(column)}\s+IN\s*\(([^)]*)\)", row["sql"])
    if listed is None:
        raise LookupError(f"no CHECK lists the values of {table}.{column}")
    return set(re.findall(r"'([^']*)'", listed[1]))
