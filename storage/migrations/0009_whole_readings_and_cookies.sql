-- What a person asked a job to do, and whether a chat wants digests: named for what they are.
ALTER TABLE jobs RENAME COLUMN wanted TO requested;
ALTER TABLE digest_settings RENAME COLUMN wanted TO is_on;

-- Whether a draft holds all cells of the modules that were read for it; of the drafts of before this
-- is not known.
ALTER TABLE drafts ADD COLUMN is_whole INTEGER NOT NULL DEFAULT 0 CHECK (is_whole IN (0, 1));

-- A percent that the platform never told is NULL.
ALTER TABLE draft_cells ADD COLUMN told_percent REAL NULL;
UPDATE draft_cells SET told_percent = percent;
ALTER TABLE draft_cells DROP COLUMN percent;
ALTER TABLE draft_cells RENAME COLUMN told_percent TO percent;

-- Counts the cookies that an account has had: an answer to one of them says nothing about the next.
ALTER TABLE accounts ADD COLUMN cookie_number INTEGER NOT NULL DEFAULT 0;

-- The chats whose courses are being read all together, and the message that shows it.
CREATE TABLE batch_readings (
    chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    message_id INTEGER NOT NULL
) STRICT;

CREATE INDEX batch_readings_by_account ON batch_readings (account_id);

INSERT INTO batch_readings (chat_id, account_id, message_id)
SELECT chat_id, max(account_id), max(message_id) FROM drafts
WHERE batch IS NOT NULL AND state = 'reading' AND message_id IS NOT NULL GROUP BY chat_id;
