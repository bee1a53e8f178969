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

-- Of the jobs of all times, the few that are asked for again and again.
CREATE INDEX jobs_barred ON jobs (barred_until) WHERE barred_until IS NOT NULL;
CREATE INDEX jobs_by_end ON jobs (finished_at) WHERE finished_at IS NOT NULL;
