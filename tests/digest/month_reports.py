"""What the reports of a month must say, however they are worded."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

from bot.digest.report import AccountPart, Missed, Standing
from tests.support.digest_chat_harness import DigestChatHarness
from tests.support.digest_harness import SentReport

from .month import LOOK, Month


class ReportChecks:
    """Looks at each report that came; ``checked`` counts them by where their numbers are from."""

    def __init__(self, harness: DigestChatHarness, month: Month) -> None:
        self._harness = harness
        self._month = month
        self._seen = 0
        self._read_at: dict[int, datetime] = {}
        self._named: defaultdict[int, set[str]] = defaultdict(set)
        self._people = {person.chat_id: person for person in month.people}
        self.checked: Counter[Standing] = Counter()

    def look(self) -> None:
        """Nobody studies while digests are sent, so the platform still shows what was read."""
        said = self._harness.telegram.said[self._seen :]
        self._seen += len(said)
        for each in said:
            self._check(each)

    def _check(self, said: SentReport) -> None:
        part, chat_id = said.part, said.report.chat_id
        self.checked[part.standing] += 1
        named = {each.module_name for line in part.courses for each in line.news if each.is_new}
        told = self._named[chat_id]
        assert not named & told, "what is new is told once"
        told |= named
        if part.standing is Standing.READ:
            self._check_part(self._people[chat_id].stu_id, part)
            first = self._read_at.setdefault(chat_id, said.report.made_at)
            published = self._month.published
            assert told >= {name for at, name in published if at > first}
            assert told <= {name for _, name in published}
        else:
            assert part.standing is Standing.EXPIRED
            assert part.asks_for_cookie

    def _check_part(self, stu_id: str, part: AccountPart) -> None:
        harness = self._harness
        courses = harness.platform.school.courses
        assert [line.name for line in part.courses] == [each.name for each in courses]
        for line, shown in zip(part.courses, courses, strict=True):
            assert line.percent == harness.percent(shown, stu_id)
            assert line.cell_count == len(shown.leaves())
            done = [
                cell for cell in shown.leaves() if harness.platform.shown(stu_id, cell.id) == 100
            ]
            assert line.studied_count == len(done)
            assert [(m.name, m.percent) for m in line.modules] == [
                (m.name, harness.percent(m, stu_id)) for m in shown.modules
            ]
        assert (part.homework, part.exams) == (70, 6)

    def check_dates(self) -> None:
        """The month is over: who has got which."""
        now = self._harness.clock.now()
        said: defaultdict[int, list[SentReport]] = defaultdict(list)
        for each in self._harness.telegram.said:
            said[each.report.chat_id].append(each)
        for person in self._month.people:
            mine = said[person.chat_id]
            at = {each.report.local_date: each.at for each in mine}
            assert len(at) == len(mine), "twice for one date"
            owed = dict(person.dues(self._month.first, now))
            lost = {day for chat_id, day in self._month.lost if chat_id == person.chat_id}
            late = {day: moment - owed[day] for day, moment in at.items()}
            assert min(late.values()) >= timedelta(), (person, "early")
            # A look, and what the others' digests and logins take.
            assert max(late.values()) <= LOOK + timedelta(minutes=5), (person, late)
            assert at.keys() <= owed.keys() - lost
            if not person.silent:
                over = {day for day, due in owed.items() if due < now - LOOK}
                assert at.keys() >= over - lost
            self._check_missed(mine, lost, max(at))

    def _check_missed(self, mine: list[SentReport], lost: set[date], last: date) -> None:
        told = [missed for each in mine for missed in each.report.missed]
        assert all(missed.why is Missed.LOST for missed in told), told
        assert len(told) == len({missed.local_date for missed in told}), "told twice"
        assert {missed.local_date for missed in told} == {day for day in lost if day < last}
