"""Every cell of a job with its outcome, as a file: a message holds only the first cells."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.chat.i18n import Translator
from bot.chat.keyboards import keyboard
from bot.chat.labels import cut
from bot.chat.text_bars import exact_percent
from bot.chat.views.home import home_row
from bot.chat.views.words import item_words, outcome_reason
from bot.jobs.items import counts_of
from bot.naming import told_apart
from bot.outbox.screen import Document, Screen
from storage.enums import Outcome, OutcomeGroup
from storage.jobs import Job, JobItem

NAME_WIDTH = 40
COURSE_WIDTH = 120
_MARKS = {OutcomeGroup.DONE: "✓", OutcomeGroup.FAILED: "✗", OutcomeGroup.SKIPPED: "–"}
_STILL_OPEN = "…"
_NOT_IN_A_FILENAME = frozenset('\\/:*?"<>|')


def caption(tr: Translator, job: Job, items: Sequence[JobItem]) -> Screen:
    text = "📄 " + tr.html(
        "<b>{course}</b>: all {n} items, module by module.",
        course=cut(job.course_name, COURSE_WIDTH),
        n=len(items),
    )
    return Screen(text, keyboard(home_row(tr)))


def document(tr: Translator, job: Job, items: list[JobItem]) -> Document:
    """The file: UTF-8 with a byte order mark, without which old Windows editors guess another
    encoding, and with Windows line ends."""
    lines = _lines(tr, job, items)
    content = "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")
    return Document(content, _filename(tr, job))


def _lines(tr: Translator, job: Job, items: list[JobItem]) -> Iterator[str]:
    counts = counts_of(items)
    yield _one_line(job.course_name)
    yield tr(
        "done {done} · failed {failed} · skipped {skipped}",
        done=counts.done,
        failed=counts.failed,
        skipped=counts.skipped,
    )
    for (_, module), of_module in groupby(items, _module):
        yield ""
        yield tr("[{module}]", module=_one_line(module))
        for (_, topic), of_topic in groupby(of_module, _topic):
            if _one_line(topic):
                yield f"  {_one_line(topic)}"
            cells = list(of_topic)
            names = told_apart([_one_line(item.cell.name) for item in cells])
            for item, name in zip(cells, names, strict=True):
                yield f"    {_item_line(tr, item, name)}"


def _module(item: JobItem) -> tuple[str, str]:
    return item.cell.module_id, item.cell.module_name


def _topic(item: JobItem) -> tuple[str, str]:
    return item.cell.topic_id, item.cell.topic_name


def _item_line(tr: Translator, item: JobItem, name: str) -> str:
    if item.outcome is None:
        return f"{_STILL_OPEN} {name}"
    line = f"{_MARKS[item.outcome.group]} {name}"
    match item.outcome:
        case Outcome.DONE:
            return line
        case Outcome.NOT_COUNTED:
            shown = exact_percent(item.cell.percent or 0.0)
            line = tr("{name} (it shows {percent}%)", name=line, percent=shown)
        case Outcome.UNSUPPORTED:
            line = tr("{name} ({kind})", name=line, kind=_one_line(item.cell.category))
        case _:
            pass
    line = tr("{name} – {reason}", name=line, reason=outcome_reason(tr, item.outcome))
    words = item_words(tr, item, item.msg and _one_line(item.msg))
    return tr("{name}: {words}", name=line, words=words) if words else line


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _filename(tr: Translator, job: Job) -> str:
    """A file name that every system can store: without path separators and invisible characters."""
    stem = tr("Full list {course}", course=job.course_name)
    seen = (" " if sign in _NOT_IN_A_FILENAME or not sign.isprintable() else sign for sign in stem)
    return f"{cut(_one_line(''.join(seen)), NAME_WIDTH)}.txt"
