-- What waits for the student at school, and which courses are of a term that is on now.

ALTER TABLE accounts ADD COLUMN homework INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN exams INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;
ALTER TABLE courses ADD COLUMN current INTEGER NOT NULL DEFAULT 0 CHECK (current IN (0, 1));

-- Drafts of one press on "all courses" belong together; this names the first of them.
ALTER TABLE drafts ADD COLUMN batch INTEGER NULL REFERENCES drafts ON DELETE SET NULL;
CREATE INDEX drafts_by_batch ON drafts (batch);
