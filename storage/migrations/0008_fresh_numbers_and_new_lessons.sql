-- The course's percent as the platform showed it when a job was confirmed and after it ended; NULL
-- where that was not read.
ALTER TABLE jobs ADD COLUMN percent_before REAL NULL;
ALTER TABLE jobs ADD COLUMN percent_after REAL NULL;

-- The notice of new lessons that a draft was made from: it takes the lessons that the notice names
-- and no others. NULL for a draft of whole modules.
ALTER TABLE drafts ADD COLUMN notice_id INTEGER NULL REFERENCES notices (id) ON DELETE SET NULL;
CREATE INDEX drafts_by_notice ON drafts (notice_id);
