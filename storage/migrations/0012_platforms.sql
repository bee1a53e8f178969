-- Where a student is at home: the API of 2021, or the site since 2023, which is only read.
ALTER TABLE accounts ADD COLUMN platform TEXT NOT NULL DEFAULT 'zjy'
    CHECK (platform IN ('zjy', 'spoc'));
ALTER TABLE pending_cookies ADD COLUMN platform TEXT NOT NULL DEFAULT 'zjy'
    CHECK (platform IN ('zjy', 'spoc'));

-- How many requests the bot made by itself for an account, and on which local date.
ALTER TABLE accounts ADD COLUMN asked_on TEXT NULL;
ALTER TABLE accounts ADD COLUMN asked INTEGER NOT NULL DEFAULT 0 CHECK (asked >= 0);

-- The course's own percent when its modules were last read: another one later means that they moved.
-- NULL where that was not kept.
ALTER TABLE known_courses ADD COLUMN looked_percent REAL NULL;
