"""An opened module: its topics and cells with their state."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import Row, button, fitting, keyboard, page_of, turning
from bot.chat.labels import labels, without_shared
from bot.chat.text_bars import bar, percent
from bot.outbox.screen import Screen
from bot.study.methods import CellKind, kind_of
from storage.cells import Cell
from storage.courses import Module

NAME_WIDTH = 28
LINES = 10
"""The lines of topics and cells on one page: they and the keyboard fit on a phone's screen."""

KIND_MARKS = {
    CellKind.VIDEO: "🎬",
    CellKind.AUDIO: "🎧",
    CellKind.DOCUMENT: "📄",
    CellKind.PICTURE: "🖼",
    CellKind.ARCHIVE: "🗜",
    CellKind.LINK: "🔗",
    CellKind.BY_HAND: "✍️",
    CellKind.UNSUPPORTED: "❔",
}


def contents(
    tr: Translator,
    module: Module,
    cells: Sequence[Cell],
    draft_id: int,
    page: int,
    *,
    list_page: int = 0,
    ticked: bool | None = None,
) -> Screen:
    """A page of the module's cells by topic: finished, begun and untouched ones.

    ``list_page`` is the page of the list of modules that the module is on; ``ticked`` is None if
    the module can no longer be ticked.
    """
    pages = list(_pages(cells))
    (shown, *_), page = page_of(pages, page, size=1) if pages else ([()], 0)
    done = sum(cell.is_complete for cell in cells)
    lines = [tr.html("📂 <b>{module}</b>", module=module.name)]
    if cells:
        lines.append(
            f"{bar(done, len(cells))} " + tr.html("{n} of {m} items", n=done, m=len(cells))
        )
    else:
        lines += ["", tr.html("📭 There is nothing in it yet.")]
    topics = {cell.topic_id: cell.topic_name for cell in cells}
    topic_names = dict(zip(topics, _names([*topics.values()], module.name), strict=True))
    names = _cell_names(cells, module)
    for topic_id, of_topic in groupby(shown, key=lambda cell: cell.topic_id):
        lines.append(tr.html("<b>{topic}</b>", topic=topic_names[topic_id]))
        lines += [_line(tr, cell, names[cell.cell_id]) for cell in of_topic]
    turn = turning(tr, len(pages), page, Action.MODULE_PAGE, draft_id, module.id, size=1)
    back = button(tr("Back"), Action.MODULES, draft_id, page=list_page)
    tick = _tick(tr, draft_id, module, page, ticked=ticked)
    return Screen(fitting(lines), keyboard(turn, tick, [back]))


def _tick(tr: Translator, draft_id: int, module: Module, page: int, *, ticked: bool | None) -> Row:
    if ticked is None:
        return []
    if ticked:
        label, action = tr("☐ Untick this module"), Action.MODULE_UNTICK
    else:
        label, action = tr("☑️ Tick this module"), Action.MODULE_TICK
    return [button(label, action, draft_id, module.id, page=page)]


def _pages(cells: Sequence[Cell]) -> Iterator[Sequence[Cell]]:
    """The cells of each page; a topic takes a line on each page that it is on."""
    begin = lines = 0
    for place, cell in enumerate(cells):
        is_first = place == begin or cell.topic_id != cells[place - 1].topic_id
        if lines + 1 + is_first > LINES:
            yield cells[begin:place]
            begin, lines, is_first = place, 0, True
        lines += 1 + is_first
    if begin < len(cells):
        yield cells[begin:]


def _cell_names(cells: Sequence[Cell], module: Module) -> dict[str, str]:
    """Names by the cell's id; names within one topic differ from each other."""
    names: dict[str, str] = {}
    for _, group in groupby(cells, key=lambda cell: cell.topic_id):
        of_topic = list(group)
        by_id = {cell.cell_id: cell.name for cell in of_topic}
        shared = (module.name, of_topic[0].topic_name)
        names |= zip(by_id, _names([*by_id.values()], *shared), strict=True)
    return names


def _names(names: Sequence[str], *shared: str) -> list[str]:
    return labels(without_shared(names, shared, NAME_WIDTH), NAME_WIDTH)


def _line(tr: Translator, cell: Cell, named: str) -> str:
    mark = KIND_MARKS[kind_of(cell.category)]
    name = tr.html("{name}", name=named)
    if cell.is_complete:
        return f"✅ {mark} {name}"
    if cell.percent:
        return f"◐ {mark} {name} · {percent(cell.percent)}"
    return f"○ {mark} {name}"
