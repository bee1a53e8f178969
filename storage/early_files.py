"""Files of version 8 from before its last changes: the statements that bring them to version 8.

They hold what people stored, so they are brought up like any other version.
"""

from collections.abc import Collection

VERSION = 8

_PERCENTS = tuple(
    statement
    for table in ("courses", "modules", "known_modules")
    for statement in (
        f"ALTER TABLE {table} ADD COLUMN told_percent REAL NULL",
        f"UPDATE {table} SET told_percent = percent",  # noqa: S608 - the tables are named above
        f"ALTER TABLE {table} DROP COLUMN percent",
        f"ALTER TABLE {table} RENAME COLUMN told_percent TO percent",
    )
)
_PERCENT_AT = (
    "ALTER TABLE courses ADD COLUMN percent_at TEXT NULL",
    "UPDATE courses SET percent_at = seen_at",
)


def missing_of_version_8(columns: Collection[tuple[str, str]]) -> tuple[str, ...]:
    """The statements that a file of version 8 with these columns, each a table and a name, lacks of
    it; none for a whole one."""
    return () if ("courses", "percent_at") in columns else (*_PERCENTS, *_PERCENT_AT)
