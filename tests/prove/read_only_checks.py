"""What a month of students of today's site must show, told from the site and the calendar."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from aiosqlite import Connection

from bot.digest.report import AccountPart, CourseLine, Standing
from bot.digest.sparing_reading import MOST_A_DAY, WITH_LISTS
from bot.tracking.new_lessons import NewLessonsNotice
from demo.spoc import BEIJING, Read
from storage import accounts, courses, known
from storage.enums import NoticeKind
from storage.notices import Notice
from tests.support.digest_harness import SentReport

from .read_only_month import BEGIN, LOOK, Published, Reader, ReadOnlyHarness, ReadOnlyMonth

ALL_READ_AFTER = 3
"""Digests after which every lesson has been read once."""
NAMED_WITHIN = 10
"""Digests with a token that works, until a lesson that moved no percent is named."""
NAMED_LATER = 18
"""Those where a list that should have had it came incomplete: it is read again after a week."""
NEVER_SAID = ("作业", "考试", "截止", "没有要交", "homework", "exam", "due")
"""Words of what is unknown of this site. No lesson's name has them."""


@dataclass
class Diary:
    """What a chat was told: ``named`` are lessons and modules that were called new."""

    named: Counter[str] = field(default_factory=Counter)
    percents: dict[str, float | None] = field(default_factory=dict)
    read: list[SentReport] = field(default_factory=list)


class ReadOnlyChecks:
    """Looks at each report that came. ``broken`` has a line for each promise that did not hold."""

    def __init__(self, harness: ReadOnlyHarness, month: ReadOnlyMonth) -> None:
        self._harness = harness
        self._month = month
        self._seen = 0
        self._asked = 0
        self._listed: defaultdict[int, set[str]] = defaultdict(set)
        self._readers = {reader.chat_id: reader for reader in harness.readers}
        self._diaries: defaultdict[int, Diary] = defaultdict(Diary)
        self._cut: set[str] = set()
        """Students of whom a list came incomplete since their last digest."""
        self.checked: Counter[Standing] = Counter()
        self.judged = 0
        """How many lessons, over all chats, had to be named by now."""
        self.broken: list[str] = []

    @property
    def named(self) -> int:
        """How many names were called new, over all chats."""
        return sum(len(diary.named) for diary in self._diaries.values())

    async def look(self) -> None:
        """After each look of the bot."""
        asked = self._harness.site.requests[self._asked :]
        self._asked += len(asked)
        self._cut |= {each.student for each in asked if each.is_cut and each.student}
        said = self._harness.telegram.said[self._seen :]
        self._seen += len(said)
        for each in said:
            self._check(each)
        await self._check_known()

    def _expect(self, holds: bool, *about: object) -> None:
        if not holds:
            self.broken.append(" ".join(map(str, about)))

    def _check(self, said: SentReport) -> None:
        part, chat_id, at = said.part, said.report.chat_id, said.at
        diary, reader = self._diaries[chat_id], self._readers[chat_id]
        self.checked[part.standing] += 1
        works = at < self._month.works_until[chat_id]
        if part.standing is Standing.READ:
            is_just_over = at - self._month.works_until[chat_id] < timedelta(minutes=1)
            self._expect(works or is_just_over, at, "read with a token that is over")
            self._check_numbers(diary, reader, said)
            diary.read.append(said)
        elif part.standing is Standing.EXPIRED:
            self._expect(not works, at, "a token that works is called over")
        if diary.percents:
            gone = diary.percents.keys() - {line.name for line in part.courses}
            self._expect(not gone, at, chat_id, "courses gone:", gone)
        diary.percents = {line.name: line.percent for line in part.courses}
        self._check_news(diary, part, said)
        self._cut.discard(reader.user_id)

    def _check_numbers(self, diary: Diary, reader: Reader, said: SentReport) -> None:
        """The site's own numbers, but for what an incomplete list lacked."""
        site = self._harness.site
        moment = site.now() - (self._harness.clock.now() - said.report.made_at).total_seconds()
        is_cut = reader.user_id in self._cut
        lines = {line.name: line for line in said.part.courses}
        for course in site.school.courses_of(reader.user_id):
            line = lines.get(course.name)
            if line is None:
                self._expect(is_cut, said.at, reader.chat_id, course.name, "is not told of")
                continue
            true = site.school.speed(reader.user_id, course.tree, moment)
            told_before = diary.percents.get(course.name)
            is_right = is_cut or line.percent == true
            self._expect(is_right, said.at, course.name, line.percent, "instead of", true)
            # A course that did not move needs no request, and those of a day have an end.
            may_ask = self._asked_today(reader, said) < MOST_A_DAY
            if not is_cut and line.percent != told_before and may_ask:
                self._check_modules(reader, line, said, moment)

    def _asked_today(self, reader: Reader, said: SentReport) -> int:
        day = said.report.local_date
        return sum(
            each.student == reader.user_id and _beijing(each.at) == day
            for each in self._harness.site.requests
        )

    def _check_modules(
        self, reader: Reader, line: CourseLine, said: SentReport, moment: float
    ) -> None:
        school = self._harness.site.school
        tree = {node.name: node for node in school.course_named(line.name).tree}
        for module in line.modules:
            true = school.speed(reader.user_id, [tree[module.name]], moment)
            is_right = module.percent == true
            self._expect(is_right, said.at, line.name, module.name, module.percent, "for", true)

    def _check_news(self, diary: Diary, part: AccountPart, said: SentReport) -> None:
        published = {each.name for each in self._month.published}
        published |= {each.lesson for each in self._month.published}
        for line in part.courses:
            self._expect(line.unnamed == 0, said.at, line.name, "counts what it cannot name")
            for news in line.news:
                names = [cell.name for cell in news.cells]
                names += [news.module_name] if news.is_new else []
                for name in names:
                    diary.named[name] += 1
                    self._expect(name in published, said.at, name, "is not new")
                    self._expect(diary.named[name] == 1, said.at, name, "is named again")

    async def _check_known(self) -> None:
        """What was known once stays known: no teacher takes anything away."""
        for reader in self._harness.readers:
            found = await self._harness.db.read(partial(_known, chat_id=reader.chat_id))
            gone = self._listed[reader.chat_id] - found
            self._expect(not gone, self._harness.clock.now(), reader.chat_id, "lost", gone)
            self._listed[reader.chat_id] |= found

    async def at_the_end(self) -> None:
        """The month is over."""
        self._check_dates()
        self._check_requests()
        self._check_all_named()
        self._check_notices(await self._harness.told())
        self.broken += [str(each) for each in self._harness.site.violations]
        self.broken += [str(each) for each in self._harness.platform.violations]
        for reader in self._harness.readers:
            for message in self._harness.server.chat(reader.chat_id).messages:
                for word in NEVER_SAID:
                    self._expect(word not in message.text, word, "is said:", message.text)

    def _check_dates(self) -> None:
        for reader in self._harness.readers:
            days = [
                each.report.local_date
                for each in self._harness.telegram.said
                if each.report.chat_id == reader.chat_id
            ]
            self._expect(len(days) == len(set(days)), reader.chat_id, "twice for one date")
            owed = set(_dues(reader, self._month))
            self._expect(set(days) == owed, reader.chat_id, "dates", owed ^ set(days))

    def a_day(self) -> Counter[tuple[str, date]]:
        """How many requests came for each student on each day of Beijing, logins aside."""
        return Counter(
            (each.student, _beijing(each.at))
            for each in self._harness.site.requests
            if each.student is not None and each.path != Read.ME
        )

    def _check_requests(self) -> None:
        requests, month = self._harness.site.requests, self._month
        for (student, day), count in self.a_day().items():
            self._expect(count <= WITH_LISTS, student, day, count, "requests")
        logins = sum(each.path == Read.ME for each in requests)
        self._expect(logins <= month.pasted * 3, logins, "looks at whose token it is")
        over = sum(each.student is None for each in requests)
        self._expect(over <= month.pasted, over, "requests with a token that is over")

    def _check_all_named(self) -> None:
        for chat_id, diary in self._diaries.items():
            for each in self._month.published:
                later = [said for said in diary.read if said.report.made_at > each.at]
                before = len(diary.read) - len(later)
                within = NAMED_LATER if self._was_cut(chat_id, each) else NAMED_WITHIN
                if len(later) >= within and before >= ALL_READ_AFTER:
                    self.judged += 1
                    is_named = diary.named[each.name] or diary.named[each.lesson]
                    self._expect(bool(is_named), chat_id, each, "was never named")

    def _was_cut(self, chat_id: int, published: Published) -> bool:
        """Whether a list that should have had it came without some of its rows."""
        since = (published.at - BEGIN).total_seconds()
        return any(
            each.is_cut
            and each.student == self._readers[chat_id].user_id
            and each.at > since
            and (each.path == Read.COURSES or each.query["parentId"] in published.within)
            for each in self._harness.site.requests
        )

    def _check_notices(self, told: list[Notice]) -> None:
        named: Counter[tuple[int, str]] = Counter()
        for notice in told:
            if notice.kind is NoticeKind.NEW_LESSONS:
                for module in NewLessonsNotice.of(notice.payload or "").modules:
                    named.update((notice.chat_id, name) for name in module.cells)
        for (chat_id, name), times in named.items():
            self._expect(times == 1, chat_id, name, "is in", times, "notices")


def _beijing(seconds: float) -> date:
    """The date of a moment of the site."""
    return (BEGIN + timedelta(seconds=seconds)).astimezone(BEIJING).date()


def _dues(reader: Reader, month: ReadOnlyMonth) -> list[date]:
    """The dates of which a digest is owed, but for one that is due as the month ends."""
    first = BEGIN.astimezone(BEIJING)
    days = [first.date() + timedelta(days=n) for n in range(month.days + 1)]
    dues = [(day, datetime.combine(day, reader.at, BEIJING)) for day in days]
    return [day for day, at in dues if BEGIN <= at < month.last - 3 * LOOK]


async def _known(conn: Connection, chat_id: int) -> set[str]:
    found: set[str] = set()
    for account in await accounts.of_chat(conn, chat_id):
        for course in await courses.courses_of(conn, chat_id, account.id):
            found.add(course.name)
            found |= await known.cell_ids(conn, course.id, listed=True)
    return found
