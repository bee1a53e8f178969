-- A further kind of notice. SQLite changes no CHECK, so the table is made anew.

CREATE TABLE notices_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    job_id INTEGER NULL REFERENCES jobs ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN (
        'job_ended', 'barred', 'needs_login', 'platform_away', 'expiring'
    )),
    once TEXT NOT NULL UNIQUE,
    payload TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(payload)),
    created_at TEXT NOT NULL,
    sent_at TEXT NULL,
    dropped_at TEXT NULL
) STRICT;

INSERT INTO notices_new SELECT * FROM notices;
DROP TABLE notices;
ALTER TABLE notices_new RENAME TO notices;

CREATE INDEX notices_by_chat ON notices (chat_id);
CREATE INDEX notices_by_job ON notices (job_id);
CREATE INDEX notices_pending ON notices (id) WHERE sent_at IS NULL AND dropped_at IS NULL;
