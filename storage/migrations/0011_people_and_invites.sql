-- A link that lets people in: code_hash is the SHA-256 of its code in hex, used how many it let in so far.
CREATE TABLE invites (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code_hash TEXT NOT NULL UNIQUE,
    places INTEGER NOT NULL CHECK (places >= 1),
    used INTEGER NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND places),
    expires_at TEXT NOT NULL,
    revoked_at TEXT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- The people who may use the bot or could before, by their Telegram id. origin says what let them
-- in: the one-time link of the log, an invite, or the settings. A person who was removed stays out,
-- whatever the settings say.
CREATE TABLE people (
    user_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('claim', 'invite', 'settings')),
    invite_id INTEGER NULL REFERENCES invites ON DELETE SET NULL,
    since TEXT NOT NULL,
    removed_at TEXT NULL
) STRICT;

CREATE INDEX people_by_invite ON people (invite_id);
-- One person at most is the owner by the link of the log.
CREATE UNIQUE INDEX people_owner ON people (origin) WHERE origin = 'claim';

INSERT INTO people (user_id, name, origin, since)
SELECT user_id, '', 'settings', min(created_at) FROM chats GROUP BY user_id;

-- What was done about access, newest last. user_id is the person whom it is about, NULL once they
-- erased what is stored of them; detail is the number of an invite or the name of a limit.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN (
        'claimed', 'invite_made', 'invite_used', 'invite_revoked', 'removed', 'let_in_again',
        'logged_in', 'limited'
    )),
    user_id INTEGER NULL,
    detail TEXT NULL
) STRICT;

CREATE INDEX audit_by_user ON audit (user_id);

-- What the process keeps for its next start, by name.
CREATE TABLE kept (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- What the owner of the bot is told: once per cause and local date. dropped_at is when it was too old
-- to be told, or could not be.
CREATE TABLE owner_notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cause TEXT NOT NULL CHECK (cause IN (
        'telegram_away', 'platform_away', 'disk', 'backup', 'fault', 'upgrade'
    )),
    local_date TEXT NOT NULL,
    payload TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(payload)),
    created_at TEXT NOT NULL,
    sent_at TEXT NULL,
    dropped_at TEXT NULL,
    UNIQUE (cause, local_date)
) STRICT;
