"""An opened module: its topics and cells with their state."""

from collections.abc import Sequence
from itertools import groupby

from bot.chat.callbacks import Action
from bot.chat.charts import bar, percent
from bot.chat.i18n import Translator
from bot.chat.keyboards import button, fitting, keyboard
from bot.chat.labels import labels
from bot.chat.pages import page_of, turning
from bot.outbox.screen import Screen
from bot.study.methods import CellKind, kind_of
from storage.cells import Cell
from storage.courses import Module

NAME_WIDTH = 28
CELLS = 20
"""The number of cells on one page."""

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
    tr: Translator, module: Module, cells: Sequence[Cell], draft_id: int, page: int
) -> Screen:
    """A page of the module's cells by topic: finished, begun and untouched ones."""
    shown, page = page_of(cells, page, CELLS)
    done = sum(cell.is_complete for cell in cells)
    lines = [tr.html("📂 <b>{module}</b>", module=module.name)]
    if cells:
        lines.append(
            f"{bar(done, len(cells))} " + tr.html("{n} of {m} cells", n=done, m=len(cells))
        )
    else:
        lines += ["", tr.html("📭 There is nothing in it yet.")]
    topics = {cell.topic_id: cell.topic_name for cell in cells}
    topic_names = dict(zip(topics, labels([*topics.values()], NAME_WIDTH), strict=True))
    names = _cell_names(cells)
    for topic_id, of_topic in groupby(shown, key=lambda cell: cell.topic_id):
        lines += ["", tr.html("<b>{topic}</b>", topic=topic_names[topic_id])]
        lines += [_line(tr, cell, names[cell.cell_id]) for cell in of_topic]
    turn = turning(len(cells), page, Action.MODULE_PAGE, draft_id, module.id, size=CELLS)
    back = button(tr("Back"), Action.MODULES, draft_id)
    return Screen(fitting(lines), keyboard(turn, [back]))


def _cell_names(cells: Sequence[Cell]) -> dict[str, str]:
    """Names by the cell's id; names within one topic differ from each other."""
    names: dict[str, str] = {}
    for _, of_topic in groupby(cells, key=lambda cell: cell.topic_id):
        by_id = {cell.cell_id: cell.name for cell in of_topic}
        names |= zip(by_id, labels([*by_id.values()], NAME_WIDTH), strict=True)
    return names


def _line(tr: Translator, cell: Cell, named: str) -> str:
    mark = KIND_MARKS[kind_of(cell.category)]
    name = tr.html("{name}", name=named)
    if cell.is_complete:
        return f"✅ {mark} {name}"
    if cell.percent:
        return f"◐ {mark} {name} · {percent(cell.percent)}"
    return f"○ {mark} {name}"
