"""What a file that came from elsewhere may bring in its schema, and what is said of it."""


def _rewrite(name: str, old: str, new: str) -> tuple[str, ...]:
    """Change the text of a statement in place, as no ordinary statement can."""
    return (
        "PRAGMA writable_schema = ON",
        f"UPDATE sqlite_master SET sql = replace(sql, '{old}', '{new}') WHERE name = '{name}'",  # noqa: S608
    )


CHANGES: dict[str, tuple[tuple[str, ...], str]] = {
    "a trigger that deletes all accounts": (
        (
            "CREATE TRIGGER eraser AFTER INSERT ON jobs BEGIN DELETE FROM accounts; END",
        ),
        "trigger «eraser» that does not belong there",
    ),
    "a view": (("CREATE VIEW whoever AS SELECT * FROM chats",), "view «whoever»"),
    "a view over a view of its own name's kind": (
        ("CREATE VIEW a AS SELECT 1", "CREATE VIEW b AS SELECT * FROM a"),
        "view «a»",
    ),
    "a further table": (("CREATE TABLE extra (id INTEGER)",), "table «extra»"),
    "a virtual table": (
        ("CREATE VIRTUAL TABLE search USING fts5(words)",),
        "table «search» that does not belong there",
    ),
    "a further column": (
        ("ALTER TABLE accounts ADD COLUMN plain TEXT",),
        "table «accounts» with «plain text» besides",
    ),
    "a generated column": (
        ("ALTER TABLE chats ADD COLUMN x INTEGER AS (chat_id) VIRTUAL",),
        "table «chats» with «x integer as ( chat_id ) virtual» besides",
    ),
    "a missing column": (
        ("ALTER TABLE courses DROP COLUMN teacher",),
        "table «courses» without «teacher text not null»",
    ),
    "a renamed column": (
        ("ALTER TABLE courses RENAME COLUMN teacher TO master",),
        "table «courses» with «master text not null» instead of «teacher text not null»",
    ),
    "a further index": (
        ("CREATE INDEX extra ON chats (user_id)",),
        "index «extra» that does not belong there",
    ),
    "a missing index": (("DROP INDEX jobs_by_state",), "lacks the index «jobs_by_state»"),
    "an index of another column": (
        ("DROP INDEX jobs_by_state", "CREATE INDEX jobs_by_state ON jobs (created_at)"),
        "index «jobs_by_state» with «created_at» instead of «state»",
    ),
    "an index that is made unique": (
        (
            "DELETE FROM jobs",
            "DROP INDEX jobs_by_state",
            "CREATE UNIQUE INDEX jobs_by_state ON jobs (state)",
        ),
        "index «jobs_by_state» with «create unique index",
    ),
    "an index that compares otherwise": (
        ("DROP INDEX jobs_by_state", "CREATE INDEX jobs_by_state ON jobs (state COLLATE NOCASE)"),
        "index «jobs_by_state» with «state collate nocase»",
    ),
    "a missing table": (("DROP TABLE media_lengths",), "lacks the table «media_lengths»"),
    "a CHECK that takes more": (
        _rewrite("drafts", "(''1'', ''1.5'', ''2'')", "(''1'', ''9'')"),
        "table «drafts» with «pace text not null check ( pace in ( '1' , '9' ) )» instead of",
    ),
    "a default of its own": (
        _rewrite("jobs", "troubles INTEGER NOT NULL DEFAULT 0",
                 "troubles INTEGER NOT NULL DEFAULT 9"),
        "«troubles integer not null default 9» instead of",
    ),
    "a column that compares otherwise": (
        _rewrite("accounts", "stu_id TEXT NOT NULL",
                 "stu_id TEXT COLLATE NOCASE NOT NULL"),
        "«stu_id text collate nocase not null» instead of",
    ),
    "a reference that goes elsewhere": (
        _rewrite("accounts", "REFERENCES chats ON DELETE CASCADE", "REFERENCES chats"),
        "table «accounts» with «chat_id integer not null references chats»",
    ),
    "a table that takes any type": (
        _rewrite("media_lengths", "STRICT", ""),
        "table «media_lengths» without «strict»",
    ),
    "a table of the program rebuilt without rowid": (
        (
            "DROP TABLE media_lengths",
            "CREATE TABLE media_lengths (cell_id TEXT PRIMARY KEY, seconds TEXT) WITHOUT ROWID",
        ),
        "media_lengths",
    ),
    "a table of statistics with columns of its own": (
        _rewrite("sqlite_stat1", "(tbl,idx,stat)", "(tbl,idx,stat,more)"),
        "table «sqlite_stat1» that does not belong there",
    ),
    "a table that takes the name of a replicator's": (
        ("CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER, cookie TEXT)",),
        "table «_litestream_seq» that does not belong there",
    ),
    "a trigger that takes the name of a replicator's table": (
        ("CREATE TRIGGER _litestream_lock AFTER INSERT ON jobs BEGIN DELETE FROM accounts; END",),
        "trigger «_litestream_lock» that does not belong there",
    ),
    "a name of many lines": (
        ('CREATE TABLE "a\nb\u202e' + "x" * 500 + '" (id INTEGER)',),
        "table «a?b?xxx",
    ),
    "an application's number": (("PRAGMA application_id = 7",), "application_id «7» instead of 0"),
    "pages that move by themselves": (
        ("PRAGMA journal_mode = DELETE", "PRAGMA auto_vacuum = FULL", "VACUUM"),
        "auto_vacuum «1» instead of 0",
    ),
}  # fmt: skip
"""What was done to the file, and what is said of it."""
