-- The course's percent as the platform showed it when a job was confirmed and after it ended; NULL
-- where that was not read.
ALTER TABLE jobs ADD COLUMN percent_before REAL NULL;
ALTER TABLE jobs ADD COLUMN percent_after REAL NULL;
