-- A chat's time zone, which notices it wants, and further things that its next text may be.
-- SQLite changes no CHECK, so the table is made anew.

CREATE TABLE chats_new (
    chat_id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    language TEXT NULL,
    language_code TEXT NULL,
    pace TEXT NOT NULL DEFAULT '1' CHECK (pace IN ('1', '1.5', '2')),
    time_zone TEXT NOT NULL DEFAULT 'Asia/Shanghai',
    notify_bar INTEGER NOT NULL DEFAULT 1 CHECK (notify_bar IN (0, 1)),
    notify_outage INTEGER NOT NULL DEFAULT 1 CHECK (notify_outage IN (0, 1)),
    notify_expiry INTEGER NOT NULL DEFAULT 1 CHECK (notify_expiry IN (0, 1)),
    awaiting TEXT NULL CHECK (awaiting IN ('cookie', 'zone', 'digest_time')),
    active_account INTEGER NULL REFERENCES accounts ON DELETE SET NULL,
    blocked_at TEXT NULL,
    created_at TEXT NOT NULL
) STRICT;

INSERT INTO chats_new (
    chat_id, user_id, language, language_code, pace, awaiting, active_account, blocked_at,
    created_at
)
SELECT
    chat_id, user_id, language, language_code, pace, awaiting, active_account, blocked_at,
    created_at
FROM chats;
DROP TABLE chats;
ALTER TABLE chats_new RENAME TO chats;

CREATE INDEX chats_by_active_account ON chats (active_account);
