-- Whether a draft holds all cells of the modules that were read for it; of the drafts of before this
-- is not known.
ALTER TABLE drafts ADD COLUMN is_whole INTEGER NOT NULL DEFAULT 0 CHECK (is_whole IN (0, 1));
