-- A course's percent on local dates: a row for each run of dates, one after the other, on which it
-- was the same.
CREATE TABLE percent_runs (
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    first_date TEXT NOT NULL,
    last_date TEXT NOT NULL,
    percent REAL NOT NULL,
    PRIMARY KEY (course_id, first_date)
) STRICT, WITHOUT ROWID;

INSERT INTO percent_runs (course_id, first_date, last_date, percent)
SELECT course_id, min(local_date), max(local_date), percent FROM (
    SELECT course_id, local_date, percent, julianday(local_date) - row_number() OVER (
        PARTITION BY course_id, percent ORDER BY local_date
    ) AS run FROM course_snapshots
) GROUP BY course_id, percent, run;

DROP TABLE course_snapshots;

-- Nothing read them.
DROP TABLE module_snapshots;

-- Of the rows of all times, the few that are asked for again and again.
CREATE INDEX jobs_barred ON jobs (barred_until) WHERE barred_until IS NOT NULL;
CREATE INDEX job_history_by_moment ON job_history (at);
CREATE INDEX notices_of_ends ON notices (sent_at) WHERE kind = 'job_ended';

-- By its course a length is found without a look through all jobs. NULL where no job and no list of
-- cells names the cell.
ALTER TABLE media_lengths ADD COLUMN course_open_id TEXT NULL;

UPDATE media_lengths SET course_open_id = found.course_open_id FROM (
    SELECT cell_id, min(course_open_id) AS course_open_id FROM (
        SELECT cell_id, course_open_id FROM jobs JOIN job_items ON job_id = jobs.id
        UNION ALL
        SELECT cell_id, course_open_id FROM courses JOIN known_cells ON course_id = courses.id
    ) GROUP BY cell_id
) AS found WHERE found.cell_id = media_lengths.cell_id;

CREATE INDEX media_lengths_by_course ON media_lengths (course_open_id);
