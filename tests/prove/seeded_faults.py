"""Breaks one line of its subject for each suite of tests, on a copy, and looks whether it notices.

``python -m tests.prove.seeded_faults`` tries all, with arguments those whose tests or file hold one
of them. Ends with 1 if a suite noticed nothing. What the mutants are for ``bot/study``, one by one,
this is for every harness: a helper that lets nothing fail is found here.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.prove.mutation import copy_tree

ROOT = Path(__file__).resolve().parents[2]
TESTS_FAILED = 1
"""Pytest's exit code; others say that it could not even begin."""


class SeededFault(NamedTuple):
    """``before`` stands once in ``file``; with ``after`` in its place ``tests`` must fail."""

    tests: str
    file: str
    before: str
    after: str


FAULTS = """
tests/chat/test_quiet_hours.py bot/chat/notices.py
- say_surely(notice.chat_id, render, silent=is_quiet)
+ say_surely(notice.chat_id, render, silent=False)

tests/chat/test_reporter.py bot/chat/reporter.py
- self._background.start(None, None, self._show(job_id))
+ pass

tests/chat/test_outbox_spacing.py bot/outbox/chat_queue.py
- next_edit = -math.inf if edited is None or not spaced else edited + item.gap
+ next_edit = -math.inf

tests/chat/test_outbox_budget.py bot/outbox/budget.py
- self._lowered_to = max(self.rate(now) / 2, self._full * LEAST_SHARE)
+ self._lowered_to = self.rate(now)

tests/chat/test_loop_lag.py bot/outbox/budget.py
- return min(1.0 + self._lag.seconds(now) / LAG_STEP, MOST_STRETCH)
+ return 1.0

tests/chat/test_edit_reads.py bot/chat/reporter.py
- if running is not None:
+ if running is None:

tests/chat/test_telegram_transport.py bot/outbox/telegram_calls.py
- reply_markup=screen.keyboard,
+ reply_markup=None,

tests/jobs/test_runs.py bot/jobs/ended_cells.py
- if counts.failed == 0:
+ if counts.failed >= 0:

tests/jobs/test_recovery.py storage/job_changes.py
- state, reason = FOLLOWED[JobRequest(requested)], JobReason.BY_PERSON
+ state, reason = JobState.QUEUED, JobReason.BY_PERSON

tests/jobs/test_cut_off_calls.py storage/job_changes.py
- (o.state = 'running' OR
+ (o.state = 'runs' OR

tests/digest/test_service.py bot/digest/store.py
- await digests.mark_sent(conn, row, now)
+

tests/digest/test_picture_and_text.py bot/chat/digest_sender.py
- if message.text is None:
+ if message.caption:

tests/digest/test_due.py bot/digest/due.py
- return Due(day, moment, end_of_day(moment, zone))
+ return Due(day, moment - _DAY, end_of_day(moment, zone))

tests/e2e/test_main_job.py bot/study/pace.py
- MIN_GAP = 5.0
+ MIN_GAP = 0.5

tests/study/test_kinds.py bot/study/pace.py
- LAST_PAGE_AFTER = 10.0
+ LAST_PAGE_AFTER = 1.0

tests/zjy/test_gate.py bot/zjy/request_bound.py
- self._free_at = now + self._interval
+ self._free_at = now

tests/zjy/test_request_bound.py bot/zjy/priority.py
- if overdue else min(waiting)
+ if overdue else max(waiting)

tests/digest/test_early_reading.py bot/digest/early_reading.py
- CROWD = 24
+ CROWD = 24_000

tests/storage/test_courses.py storage/courses.py
- "DELETE FROM modules WHERE course_id = ? AND position = -1"
+ "DELETE FROM modules WHERE course_id = ? AND position = -2"

tests/test_clock.py bot/clock.py
- max(left / self.speed, SHORTEST_SLEEP)
+ left

tests/demo/platform demo/platform/reports.py
- MAX_SPEED = 2.0
+ MAX_SPEED = 20.0

tests/demo/telegram demo/telegram/flood.py
- if now < until:
+ if now < 0:

tests/demo/phone/test_server.py demo/phone/feed.py
- if change:
+ if not change:

tests/proxies/test_routes.py bot/proxies/routes.py
- return Route() if proxy is None or is_loopback(url) else
+ return Route() if proxy is None else

tests/docs/test_contributing.py CONTRIBUTING.md
- `tests/support/pasted_forms.py`
+ `tests/pasted_forms.py`

tests/prove/test_fuzz.py bot/jobs/ended_cells.py
- return JobState.PARTLY_FAILED if counts.done else JobState.FAILED
+ return JobState.SUCCEEDED

tests/prove/test_odd_answers.py bot/jobs/ended_cells.py
- outcome=end.outcome,
+ outcome=type(end.outcome).DONE,

tests/prove/test_crash.py bot/jobs/ended_cells.py
- if counts.failed == 0:
+ if counts.failed < 0:
"""


def seeded_faults() -> list[SeededFault]:
    """Each block of the list above: the tests and the file, the text before and after."""
    found = []
    for block in FAULTS.strip().split("\n\n"):
        where, before, after = block.split("\n")
        tests, file = where.split()
        found.append(SeededFault(tests, file, before[1:].strip(), after[1:].strip()))
    return found


def is_noticed(fault: SeededFault) -> bool:
    """Whether the tests fail with the fault. Raises RuntimeError if they cannot be run, or the
    line is no longer there."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        copy_tree(ROOT, folder)
        file = folder / fault.file
        text = file.read_text(encoding="utf-8")
        if text.count(fault.before) != 1:
            raise RuntimeError(f"{fault.before!r} stands not once in {fault.file}")
        file.write_text(text.replace(fault.before, fault.after), encoding="utf-8")
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", fault.tests],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    if ended.returncode not in (0, TESTS_FAILED):
        raise RuntimeError(f"{fault.tests} cannot be run:\n{ended.stdout}{ended.stderr}")
    return ended.returncode == TESTS_FAILED


def main(asked: Sequence[str]) -> int:
    """1 if a suite noticed nothing."""
    unnoticed = 0
    for fault in seeded_faults():
        if asked and not any(each in fault.tests or each in fault.file for each in asked):
            continue
        began = time.monotonic()
        noticed = is_noticed(fault)
        unnoticed += not noticed
        said = f"{'fails' if noticed else 'PASSES'}, {time.monotonic() - began:.0f} s"
        sys.stdout.write(f"{fault.tests}: {said} with {fault.after or 'nothing'!r}")
        sys.stdout.write(f" for {fault.before!r} in {fault.file}\n")
        sys.stdout.flush()
    return int(unnoticed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
