-- Daily digests: what a chat wants, which were sent, what is known of each course, and how its
-- percents went. A further kind of notice: SQLite changes no CHECK, so that table is made anew.

-- Times of day are the chat's own, HH:MM. armed_at is since when the time and the days are as they
-- are, zone_since since when the zone is; nothing that was due before is owed. reported_until is
-- when the last digest that was sent was made.
CREATE TABLE digest_settings (
    chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
    wanted INTEGER NOT NULL DEFAULT 0 CHECK (wanted IN (0, 1)),
    at TEXT NOT NULL DEFAULT '21:00'
        CHECK (at GLOB '[0-2][0-9]:[0-5][0-9]' AND at < '24:00'),
    days TEXT NOT NULL DEFAULT 'daily' CHECK (days IN ('daily', 'weekdays', 'weekly')),
    weekday INTEGER NOT NULL DEFAULT 6 CHECK (weekday BETWEEN 0 AND 6),
    no_news TEXT NOT NULL DEFAULT 'one_line' CHECK (no_news IN ('one_line', 'silent')),
    quiet_from TEXT NOT NULL DEFAULT '22:30'
        CHECK (quiet_from GLOB '[0-2][0-9]:[0-5][0-9]' AND quiet_from < '24:00'),
    quiet_until TEXT NOT NULL DEFAULT '07:30'
        CHECK (quiet_until GLOB '[0-2][0-9]:[0-5][0-9]' AND quiet_until < '24:00'),
    watch_times INTEGER NOT NULL DEFAULT 0 CHECK (watch_times BETWEEN 0 AND 6),
    watched_at TEXT NULL,
    start_hour INTEGER NULL CHECK (start_hour BETWEEN 0 AND 23),
    start_armed_at TEXT NULL,
    zone TEXT NOT NULL,
    zone_since TEXT NOT NULL,
    armed_at TEXT NOT NULL,
    reported_until TEXT NULL
) STRICT;

-- The row decides: one per chat, kind and local date. Claimed right before it is sent; one that is
-- claimed and never marked sent is lost, and not tried again. told_at is when the student was told
-- that it did not come, or when it was found that there is nothing to tell.
CREATE TABLE digests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('digest', 'start')),
    local_date TEXT NOT NULL CHECK (local_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    claimed_at TEXT NULL,
    sent_at TEXT NULL,
    skipped_at TEXT NULL,
    reason TEXT NULL CHECK (reason IN (
        'down', 'broken', 'unsaid', 'no_news', 'blocked', 'nothing_to_start'
    )),
    told_at TEXT NULL,
    UNIQUE (chat_id, kind, local_date)
) STRICT;

-- What the platform told of a course last, as far as it matters for what is new. said_percent is
-- what the last digest said. unnamed counts new cells that could not be named.
CREATE TABLE known_courses (
    course_id INTEGER PRIMARY KEY REFERENCES courses ON DELETE CASCADE,
    cell_count INTEGER NOT NULL,
    studied_count INTEGER NOT NULL,
    modules_at TEXT NOT NULL,
    said_percent REAL NULL,
    unnamed INTEGER NOT NULL DEFAULT 0,
    unnamed_at TEXT NULL
) STRICT;

-- found_at is when it was found newly published; NULL for what was there from the beginning.
-- read_at is when a module's cells were read.
CREATE TABLE known_modules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    module_id TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    percent REAL NOT NULL,
    said_percent REAL NULL,
    listed INTEGER NOT NULL DEFAULT 1 CHECK (listed IN (0, 1)),
    read_at TEXT NULL,
    found_at TEXT NULL,
    UNIQUE (course_id, module_id)
) STRICT;

CREATE TABLE known_cells (
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    cell_id TEXT NOT NULL,
    module_row INTEGER NOT NULL REFERENCES known_modules ON DELETE CASCADE,
    position INTEGER NOT NULL,
    topic_id TEXT NOT NULL,
    topic_name TEXT NOT NULL,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    percent REAL NOT NULL,
    found_at TEXT NULL,
    PRIMARY KEY (course_id, cell_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX known_cells_by_module ON known_cells (module_row);

CREATE TABLE course_snapshots (
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    local_date TEXT NOT NULL,
    percent REAL NOT NULL,
    cell_count INTEGER NULL,
    studied_count INTEGER NULL,
    PRIMARY KEY (course_id, local_date)
) STRICT, WITHOUT ROWID;

CREATE INDEX course_snapshots_by_date ON course_snapshots (local_date);

CREATE TABLE module_snapshots (
    module_row INTEGER NOT NULL REFERENCES known_modules ON DELETE CASCADE,
    local_date TEXT NOT NULL,
    percent REAL NOT NULL,
    PRIMARY KEY (module_row, local_date)
) STRICT, WITHOUT ROWID;

CREATE INDEX module_snapshots_by_date ON module_snapshots (local_date);

-- The local date on which a digest asked for a new cookie last.
ALTER TABLE accounts ADD COLUMN cookie_asked_on TEXT NULL;

CREATE TABLE notices_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    job_id INTEGER NULL REFERENCES jobs ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN (
        'job_ended', 'barred', 'needs_login', 'platform_away', 'expiring', 'new_lessons'
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
