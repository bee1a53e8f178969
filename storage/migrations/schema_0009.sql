-- The tables of version 9, for a new file. Each statement is, byte for byte, what an older file holds
-- that was brought up: a column that a migration added stands where SQLite puts it.
--
-- Moments are UTC texts with microseconds, as storage/moments.py writes them: they sort as they are.

CREATE TABLE "chats" (
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

CREATE INDEX chats_by_active_account ON chats (active_account);

-- homework, exams and unread are what waits for the student at school; said_homework and said_exams
-- what the last digest said of it, NULL before the first one. cookie_asked_on is the local date on
-- which a digest asked for a new cookie last. cookie_number counts the cookies that it has had.
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    stu_id TEXT NOT NULL,
    name TEXT NOT NULL,
    number TEXT NOT NULL,
    sealed_cookie BLOB NULL,
    pasted_at TEXT NULL,
    expires_at TEXT NULL,
    expired_at TEXT NULL,
    created_at TEXT NOT NULL, homework INTEGER NOT NULL DEFAULT 0, exams INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 0, cookie_asked_on TEXT NULL, said_homework INTEGER NULL, said_exams INTEGER NULL, cookie_number INTEGER NOT NULL DEFAULT 0,
    UNIQUE (chat_id, stu_id)
) STRICT;

CREATE INDEX accounts_by_student ON accounts (stu_id);

-- A course without a position is no longer listed by the platform, but a draft or job still names it.
-- current is of a term that is on now. found_at is when it was found newly joined; NULL for those of
-- the first listing. By full_name a student's courses can be told apart, by chat_name a chat's. A
-- percent that the platform never told is NULL, and percent_at is when it told the last one.
CREATE TABLE courses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    course_open_id TEXT NOT NULL,
    open_class_id TEXT NOT NULL,
    name TEXT NOT NULL,
    teacher TEXT NOT NULL,
    term TEXT NOT NULL,
    score REAL NOT NULL,
    position INTEGER NULL,
    cell_count INTEGER NULL,
    studied_count INTEGER NULL,
    seen_at TEXT NOT NULL, current INTEGER NOT NULL DEFAULT 0 CHECK (current IN (0, 1)), found_at TEXT NULL, full_name TEXT NOT NULL DEFAULT '', chat_name TEXT NOT NULL DEFAULT '', percent REAL NULL, percent_at TEXT NULL,
    UNIQUE (account_id, course_open_id, open_class_id)
) STRICT;

CREATE TABLE modules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    module_id TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    percent REAL NULL,
    UNIQUE (course_id, module_id)
) STRICT;

-- How long a video or audio is, in seconds; only opening it tells. A fact of the course: it belongs
-- to no chat, and the next preview of the same cell is exact.
CREATE TABLE media_lengths (
    cell_id TEXT NOT NULL PRIMARY KEY,
    seconds TEXT NOT NULL,
    seen_at TEXT NOT NULL
) STRICT;

-- Drafts of one press on "all courses" belong together; batch names the first of them. notice_id is
-- the notice of new lessons that a draft was made from: it takes the lessons that the notice names
-- and no others. NULL for a draft of whole modules. is_whole tells whether its cells, as they were read
-- last, are all cells of their modules.
CREATE TABLE drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    message_id INTEGER NULL,
    state TEXT NOT NULL
        CHECK (state IN ('choosing', 'reading', 'ready', 'started', 'dropped')),
    pace TEXT NOT NULL CHECK (pace IN ('1', '1.5', '2')),
    read_at TEXT NULL,
    created_at TEXT NOT NULL
, batch INTEGER NULL REFERENCES drafts ON DELETE SET NULL, notice_id INTEGER NULL REFERENCES notices (id) ON DELETE SET NULL, is_whole INTEGER NOT NULL DEFAULT 0 CHECK (is_whole IN (0, 1))) STRICT;

CREATE INDEX drafts_by_chat ON drafts (chat_id);
CREATE INDEX drafts_by_account ON drafts (account_id);
CREATE INDEX drafts_by_course ON drafts (course_id);
CREATE INDEX drafts_by_batch ON drafts (batch);
CREATE INDEX drafts_by_notice ON drafts (notice_id);

CREATE TABLE draft_modules (
    draft_id INTEGER NOT NULL REFERENCES drafts ON DELETE CASCADE,
    module_row INTEGER NOT NULL REFERENCES modules ON DELETE CASCADE,
    PRIMARY KEY (draft_id, module_row)
) STRICT, WITHOUT ROWID;

CREATE INDEX draft_modules_by_module ON draft_modules (module_row);

CREATE TABLE draft_cells (
    draft_id INTEGER NOT NULL REFERENCES drafts ON DELETE CASCADE,
    position INTEGER NOT NULL,
    module_id TEXT NOT NULL,
    module_name TEXT NOT NULL,
    topic_id TEXT NOT NULL,
    topic_name TEXT NOT NULL,
    cell_id TEXT NOT NULL,
    cell_name TEXT NOT NULL,
    category TEXT NOT NULL,
    percent REAL NULL,
    PRIMARY KEY (draft_id, position),
    UNIQUE (draft_id, cell_id)
) STRICT;

-- percent_before and percent_after are the course's percent as the platform showed it when the job
-- was confirmed and after it ended; NULL where that was not read.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    stu_id TEXT NOT NULL,
    course_id INTEGER NULL REFERENCES courses ON DELETE SET NULL,
    course_open_id TEXT NOT NULL,
    open_class_id TEXT NOT NULL,
    course_name TEXT NOT NULL,
    draft_id INTEGER NULL UNIQUE REFERENCES drafts ON DELETE SET NULL,
    retry_of INTEGER NULL UNIQUE REFERENCES jobs ON DELETE SET NULL,
    pace TEXT NOT NULL CHECK (pace IN ('1', '1.5', '2')),
    state TEXT NOT NULL CHECK (state IN (
        'queued', 'running', 'paused', 'needs_login', 'waiting',
        'succeeded', 'partly_failed', 'failed', 'cancelled'
    )),
    reason TEXT NULL,
    requested TEXT NULL CHECK (requested IN ('pause', 'cancel')),
    message_id INTEGER NULL,
    resume_at TEXT NULL,
    outline_at TEXT NULL,
    troubles INTEGER NOT NULL DEFAULT 0,
    restarts INTEGER NOT NULL DEFAULT 0,
    barred_until TEXT NULL,
    created_at TEXT NOT NULL,
    started_at TEXT NULL,
    finished_at TEXT NULL
, percent_before REAL NULL, percent_after REAL NULL) STRICT;

CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_chat ON jobs (chat_id);
CREATE INDEX jobs_by_student ON jobs (stu_id, state);
CREATE INDEX jobs_by_account ON jobs (account_id);
CREATE INDEX jobs_by_course ON jobs (course_id);

-- unread: its percent could never be read. own_fault: the bot itself broke.
CREATE TABLE "job_items" (
    job_id INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
    position INTEGER NOT NULL,
    module_id TEXT NOT NULL,
    module_name TEXT NOT NULL,
    topic_id TEXT NOT NULL,
    topic_name TEXT NOT NULL,
    cell_id TEXT NOT NULL,
    cell_name TEXT NOT NULL,
    category TEXT NOT NULL,
    percent REAL NOT NULL,
    outcome TEXT NULL CHECK (outcome IN (
        'done', 'by_hand', 'locked', 'unsupported', 'not_counted', 'refused', 'temporary',
        'unread', 'own_fault'
    )),
    code TEXT NULL,
    msg TEXT NULL,
    PRIMARY KEY (job_id, position),
    UNIQUE (job_id, cell_id)
) STRICT;

CREATE TABLE job_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
    at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN (
        'queued', 'running', 'paused', 'needs_login', 'waiting',
        'succeeded', 'partly_failed', 'failed', 'cancelled'
    )),
    reason TEXT NULL
) STRICT;

CREATE INDEX job_history_by_job ON job_history (job_id);

CREATE TABLE "notices" (
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

CREATE INDEX notices_by_chat ON notices (chat_id);
CREATE INDEX notices_by_job ON notices (job_id);
CREATE INDEX notices_pending ON notices (id) WHERE sent_at IS NULL AND dropped_at IS NULL;

-- Messages that hold a cookie, from the moment they are seen until they are deleted: a restart in
-- between deletes them. One that was read is only to be deleted: the chat's pending login tells the
-- rest.
CREATE TABLE pasted_messages (
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    at TEXT NOT NULL, is_read INTEGER NOT NULL DEFAULT 0 CHECK (is_read IN (0, 1)),
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;

-- The message of a chat that says that its cookies are being checked, until it says what was found;
-- shown_in is NULL while there is no such message.
CREATE TABLE pending_logins (
    chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
    shown_in INTEGER NULL,
    began_at TEXT NOT NULL
) STRICT;

-- Cookies of which the platform has not said yet whose they are, sealed. sealed_cookie is NULL only
-- within the transaction that makes the row; after until one more answer must do.
CREATE TABLE pending_cookies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    sealed_cookie BLOB NULL,
    expires_at TEXT NULL,
    pasted_at TEXT NOT NULL,
    until TEXT NOT NULL
) STRICT;

CREATE INDEX pending_cookies_by_chat ON pending_cookies (chat_id);

-- Times of day are the chat's own, HH:MM. armed_at is since when the time and the days are as they
-- are, zone_since since when the zone is; nothing that was due before is owed. reported_until is
-- when the last digest that was sent was made.
CREATE TABLE digest_settings (
    chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
    is_on INTEGER NOT NULL DEFAULT 0 CHECK (is_on IN (0, 1)),
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
-- read_at is when a module's cells were read, read_percent the module's own percent then: another one
-- later means that cells moved. NULL where that was not kept.
CREATE TABLE known_modules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    module_id TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    said_percent REAL NULL,
    listed INTEGER NOT NULL DEFAULT 1 CHECK (listed IN (0, 1)),
    read_at TEXT NULL,
    found_at TEXT NULL, read_percent REAL NULL, percent REAL NULL,
    UNIQUE (course_id, module_id)
) STRICT;

-- A cell that was taken away is known still, as not listed: if it comes back, it is not new.
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
    found_at TEXT NULL, listed INTEGER NOT NULL DEFAULT 1 CHECK (listed IN (0, 1)),
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

-- The chats whose courses are being read all together, and the message that shows it.
CREATE TABLE batch_readings (
    chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    message_id INTEGER NOT NULL
) STRICT;

CREATE INDEX batch_readings_by_account ON batch_readings (account_id);
