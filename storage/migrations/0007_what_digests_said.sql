-- What the last digest said of a student's homework and exams: NULL before the first one.
ALTER TABLE accounts ADD COLUMN said_homework INTEGER NULL;
ALTER TABLE accounts ADD COLUMN said_exams INTEGER NULL;

-- When a course was found newly joined; NULL for those of the first listing.
ALTER TABLE courses ADD COLUMN found_at TEXT NULL;

-- The module's own percent when its cells were read: another one later means that cells moved.
-- NULL where that was not kept.
ALTER TABLE known_modules ADD COLUMN read_percent REAL NULL;

-- A cell that was taken away is known still: if it comes back, it is not new.
ALTER TABLE known_cells ADD COLUMN listed INTEGER NOT NULL DEFAULT 1 CHECK (listed IN (0, 1));
