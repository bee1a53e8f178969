"""A digest as somebody reads it in the chat, in either language: taken from the message alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from demo.telegram import Message

YEAR = 2026
MONTHS = {"Feb": 2, "Mar": 3, "Apr": 4}
_DAY = re.compile(r"(\d+)月(\d+)日|(\d+) (\w{3})")
_TITLE = re.compile(
    r"📊 (每日汇报|Digest) · (\d+月\d+日|\d+ \w{3})(?: · (?:没有新内容|nothing new)(?:：|: )(.+))?"
)
_LOST = re.compile(r"⚠️ (?:(.+)的汇报可能没送到：|The digest of (.+) may not have come: )")
_COURSE = re.compile(
    r"^📖 (.+?) (\d+)%(?: ([+−])([\d.]+)%)? · (\d+)/(\d+) (?:节|items)$", re.MULTILINE
)
_SCHOOL = re.compile(
    r"^🏫 (?:平台上有 作业|Platform: homework) (\d+) · (?:考试|exams) (\d+)$",
    re.MULTILINE,
)
_NEW = re.compile(r"^🆕 (?:新模块：|New module: )(新模块\d+)(?:：|: |$)", re.MULTILINE)
_IN_A_LINE = re.compile(r"(.+?) (\d+)%(?:、|, |$)")


@dataclass(frozen=True)
class Course:
    """``gained`` and ``cells`` (studied, and all) are None where nothing is said of them."""

    percent: int
    gained: float | None = None
    cells: tuple[int, int] | None = None


@dataclass(frozen=True)
class Shown:
    """``modules`` are the new ones that are named, ``school`` is homework and exams, and
    ``asks`` whether a new cookie is asked for."""

    day: date
    language: str
    in_full: bool
    lost: frozenset[date]
    courses: dict[str, Course]
    modules: frozenset[str]
    has_news: bool
    school: tuple[int, ...] | None
    asks: bool


def read(message: Message) -> Shown:
    """What the message says. Raises AssertionError for one that is no digest."""
    text = message.text
    first, *rest = text.splitlines()
    title = _TITLE.fullmatch(first)
    assert title is not None, text
    word, day, in_a_line = title.groups()
    assert in_a_line is None or not rest, text
    courses = dict(map(_course, _COURSE.findall(text)))
    assert len(courses) == text.count("📖"), text
    if in_a_line is not None:
        courses = {name: Course(int(told)) for name, told in _IN_A_LINE.findall(in_a_line)}
    school = _SCHOOL.search(text)
    return Shown(
        day=next(_days(day)),
        language="zh" if word == "每日汇报" else "en",
        in_full=in_a_line is None,
        lost=_lost(text),
        courses=courses,
        modules=frozenset(_NEW.findall(text)),
        has_news="🆕" in text,
        school=tuple(map(int, school.groups())) if school is not None else None,
        asks="🔑" in text and "zjy2.icve.com.cn" in text,
    )


def _course(found: tuple[str, ...]) -> tuple[str, Course]:
    name, percent, sign, gained, done, cells = found
    points = float(gained) * (1 if sign == "+" else -1) if gained else None
    return name, Course(int(percent), points, (int(done), int(cells)))


def _lost(text: str) -> frozenset[date]:
    """The dates whose digest is said to be lost, which is the only trouble of a month."""
    lines = [line for line in text.splitlines() if "⚠️" in line]
    found = [match for line in lines if (match := _LOST.match(line))]
    assert len(found) == len(lines), text
    return frozenset(day for match in found for day in _days(match[1] or match[2]))


def _days(text: str) -> Iterator[date]:
    for month, day, english_day, english_month in _DAY.findall(text):
        if month:
            yield date(YEAR, int(month), int(day))
        else:
            yield date(YEAR, MONTHS[english_month], int(english_day))
