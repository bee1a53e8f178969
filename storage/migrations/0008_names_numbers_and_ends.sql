-- The names by which a student's and a chat's courses can be told apart.
ALTER TABLE courses ADD COLUMN full_name TEXT NOT NULL DEFAULT '';
ALTER TABLE courses ADD COLUMN chat_name TEXT NOT NULL DEFAULT '';
UPDATE courses SET full_name = name, chat_name = name;

-- A percent that the platform never told is NULL, and percent_at is when it told the course's last.
ALTER TABLE courses ADD COLUMN told_percent REAL NULL;
UPDATE courses SET told_percent = percent;
ALTER TABLE courses DROP COLUMN percent;
ALTER TABLE courses RENAME COLUMN told_percent TO percent;
ALTER TABLE courses ADD COLUMN percent_at TEXT NULL;
UPDATE courses SET percent_at = seen_at;
ALTER TABLE modules ADD COLUMN told_percent REAL NULL;
UPDATE modules SET told_percent = percent;
ALTER TABLE modules DROP COLUMN percent;
ALTER TABLE modules RENAME COLUMN told_percent TO percent;
ALTER TABLE known_modules ADD COLUMN told_percent REAL NULL;
UPDATE known_modules SET told_percent = percent;
ALTER TABLE known_modules DROP COLUMN percent;
ALTER TABLE known_modules RENAME COLUMN told_percent TO percent;

-- The course's percent as the platform showed it when a job was confirmed and after it ended; NULL
-- where that was not read.
ALTER TABLE jobs ADD COLUMN percent_before REAL NULL;
ALTER TABLE jobs ADD COLUMN percent_after REAL NULL;

-- The notice of new lessons that a draft was made from: it takes the lessons that the notice names
-- and no others. NULL for a draft of whole modules.
ALTER TABLE drafts ADD COLUMN notice_id INTEGER NULL REFERENCES notices (id) ON DELETE SET NULL;
CREATE INDEX drafts_by_notice ON drafts (notice_id);

-- Two more ways in which a cell can end: its percent could never be read, and the bot itself broke.
-- Until now a text without a code was the bot's own account of the trouble, in English.
CREATE TABLE job_items_anew (
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

INSERT INTO job_items_anew
SELECT job_id, position, module_id, module_name, topic_id, topic_name, cell_id, cell_name, category,
       percent, outcome, code, CASE WHEN code IS NOT NULL THEN msg END
FROM job_items;

DROP TABLE job_items;

ALTER TABLE job_items_anew RENAME TO job_items;

-- The message of a chat that says that its cookies are being checked, until it says what was found;
-- `shown_in` is NULL while there is no such message. A cut off check of the version before has one.
CREATE TABLE pending_logins (
    chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
    shown_in INTEGER NULL,
    began_at TEXT NOT NULL
) STRICT;

INSERT INTO pending_logins (chat_id, shown_in, began_at)
SELECT chat_id, max(shown_in), min(at) FROM pasted_messages WHERE shown_in IS NOT NULL
GROUP BY chat_id;

-- Cookies of which the platform has not said yet whose they are, sealed. `sealed_cookie` is NULL
-- only within the transaction that makes the row; after `until` one more answer must do.
CREATE TABLE pending_cookies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    sealed_cookie BLOB NULL,
    expires_at TEXT NULL,
    pasted_at TEXT NOT NULL,
    until TEXT NOT NULL
) STRICT;
CREATE INDEX pending_cookies_by_chat ON pending_cookies (chat_id);

-- A message that was read is only to be deleted: the chat's pending login tells the rest.
ALTER TABLE pasted_messages ADD COLUMN is_read INTEGER NOT NULL DEFAULT 0 CHECK (is_read IN (0, 1));
UPDATE pasted_messages SET is_read = 1 WHERE shown_in IS NOT NULL;
ALTER TABLE pasted_messages DROP COLUMN shown_in;
