-- Moments are UTC texts with microseconds, as storage/moments.py writes them: they sort as they are.

CREATE TABLE chats (
    chat_id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    language TEXT NULL,
    language_code TEXT NULL,
    pace TEXT NOT NULL DEFAULT '1' CHECK (pace IN ('1', '1.5', '2')),
    awaiting TEXT NULL CHECK (awaiting IN ('cookie')),
    active_account INTEGER NULL REFERENCES accounts ON DELETE SET NULL,
    blocked_at TEXT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE INDEX chats_by_active_account ON chats (active_account);

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
    created_at TEXT NOT NULL,
    UNIQUE (chat_id, stu_id)
) STRICT;

CREATE INDEX accounts_by_student ON accounts (stu_id);

-- A course without a position is no longer listed by the platform, but a draft or job still names it.
CREATE TABLE courses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    course_open_id TEXT NOT NULL,
    open_class_id TEXT NOT NULL,
    name TEXT NOT NULL,
    teacher TEXT NOT NULL,
    term TEXT NOT NULL,
    percent REAL NOT NULL,
    score REAL NOT NULL,
    position INTEGER NULL,
    cell_count INTEGER NULL,
    studied_count INTEGER NULL,
    seen_at TEXT NOT NULL,
    UNIQUE (account_id, course_open_id, open_class_id)
) STRICT;

CREATE TABLE modules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    module_id TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    percent REAL NOT NULL,
    UNIQUE (course_id, module_id)
) STRICT;

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
) STRICT;

CREATE INDEX drafts_by_chat ON drafts (chat_id);
CREATE INDEX drafts_by_account ON drafts (account_id);
CREATE INDEX drafts_by_course ON drafts (course_id);

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
    percent REAL NOT NULL,
    PRIMARY KEY (draft_id, position),
    UNIQUE (draft_id, cell_id)
) STRICT;

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
    wanted TEXT NULL CHECK (wanted IN ('pause', 'cancel')),
    message_id INTEGER NULL,
    resume_at TEXT NULL,
    outline_at TEXT NULL,
    troubles INTEGER NOT NULL DEFAULT 0,
    restarts INTEGER NOT NULL DEFAULT 0,
    barred_until TEXT NULL,
    created_at TEXT NOT NULL,
    started_at TEXT NULL,
    finished_at TEXT NULL
) STRICT;

CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_chat ON jobs (chat_id);
CREATE INDEX jobs_by_student ON jobs (stu_id, state);
CREATE INDEX jobs_by_account ON jobs (account_id);
CREATE INDEX jobs_by_course ON jobs (course_id);

CREATE TABLE job_items (
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
        'done', 'by_hand', 'locked', 'unsupported', 'not_counted', 'refused', 'temporary'
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

CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    job_id INTEGER NULL REFERENCES jobs ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN (
        'job_ended', 'barred', 'needs_login', 'platform_away'
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

-- How long a video or audio is, in seconds; only opening it tells. A fact of the course: it belongs
-- to no chat, and the next preview of the same cell is exact.
CREATE TABLE media_lengths (
    cell_id TEXT NOT NULL PRIMARY KEY,
    seconds TEXT NOT NULL,
    seen_at TEXT NOT NULL
) STRICT;
