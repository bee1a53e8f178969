"""The page of a module: its cells in pages that fit a phone, its tick, and the way back."""

from dataclasses import replace

import pytest

from bot.chat.callbacks import Action, decode
from bot.chat.i18n import Translators
from bot.chat.labels import without_shared
from bot.chat.views import courses, modules
from storage.cells import Cell
from storage.courses import Module
from tests.support.all_screens import a_cell, a_course
from tests.support.rendered import as_telegram_takes_it

MODULE = Module("m", "单元2 变量与数据类型", 0.0, 7, 1)


def cells_of(*sizes: int) -> list[Cell]:
    """So many cells of each topic."""
    return [
        replace(a_cell(0, f"第{number}节"), topic_id=f"t{topic}", topic_name=f"主题{topic}")
        for topic, size in enumerate(sizes)
        for number in range(size)
    ]


def with_ids(cells: list[Cell]) -> list[Cell]:
    return [replace(cell, cell_id=f"c{place}") for place, cell in enumerate(cells)]


@pytest.mark.parametrize(
    "sizes", [(1,) * 30, (8, 3), (40,), (3, 30, 2, 1, 1, 9), (9,), (10,), (4, 4)]
)
def test_every_cell_is_on_one_page_below_its_topic(
    translators: Translators, sizes: tuple[int, ...]
) -> None:
    cells = with_ids(cells_of(*sizes))
    pages = list(modules._pages(cells))
    assert [cell for page in pages for cell in page] == cells
    assert all(pages)
    for number, page in enumerate(pages):
        screen = modules.contents(translators["zh"], MODULE, cells, 5, number)
        text, rows = as_telegram_takes_it(screen)
        shown = text.split("\n")
        assert len(shown) <= 12
        assert shown[2] == page[0].topic_name
        assert sum(line.startswith("◐ ") for line in shown) == len(page)
        where = f"第 {number + 1}/{len(pages)} 页"
        assert (where in [b.text for row in rows for b in row]) == (len(pages) > 1)


@pytest.mark.parametrize(
    ("ticked", "label", "action"),
    [
        (False, "☑️ 勾选这个模块", Action.MODULE_TICK),
        (True, "☐ 去掉勾选", Action.MODULE_UNTICK),
        (None, None, None),
    ],
)
def test_a_module_can_be_ticked_while_the_draft_is_open(
    translators: Translators, ticked: bool | None, label: str | None, action: Action | None
) -> None:
    cells = with_ids(cells_of(40))
    screen = modules.contents(translators["zh"], MODULE, cells, 5, 2, ticked=ticked)
    _, rows = as_telegram_takes_it(screen)
    found = {
        data.action: (button.text, data)
        for row in rows
        for button in row
        if (data := decode(button.data)) is not None
    }
    if action is None:
        assert not {Action.MODULE_TICK, Action.MODULE_UNTICK} & set(found)
    else:
        text, data = found[action]
        assert (text, data.ids, data.page) == (label, (5, MODULE.id), 2)


def test_back_leads_to_the_page_of_the_list_that_the_module_is_on(
    translators: Translators,
) -> None:
    many = [replace(MODULE, id=number, name=f"模块{number}") for number in range(1, 20)]
    for module in many:
        page = courses.page_of_module(many, module.id)
        listed = courses.module_list(translators["zh"], a_course("课"), many, set(), 5, page)
        opened = [
            data.id(1)
            for row in as_telegram_takes_it(listed)[1]
            for button in row
            if (data := decode(button.data)) is not None and data.action is Action.MODULE
        ]
        assert module.id in opened
        screen = modules.contents(translators["zh"], module, [], 5, 0, list_page=page)
        back = decode(as_telegram_takes_it(screen)[1][-1][-1].data)
        assert back is not None
        assert (back.action, back.page) == (Action.MODULES, page)
    assert courses.page_of_module(many, 999) == 0


def test_names_lose_what_they_share_with_their_module_where_one_is_too_long(
    translators: Translators,
) -> None:
    long = "变量与数据类型：第一次课的课堂实录与讲解"
    cells = [
        replace(cell, name=name, topic_name=f"{MODULE.name} - 学习内容")
        for cell, name in zip(
            with_ids(cells_of(3)), (long, "变量与数据类型：小结", "变量与数据类型"), strict=True
        )
    ]
    text, _ = as_telegram_takes_it(modules.contents(translators["zh"], MODULE, cells, 5, 0))
    assert text.split("\n")[2:] == [
        "学习内容",
        "◐ 🎬 第一次课的课堂实录与讲解 · 52%",
        "◐ 🎬 小结 · 52%",
        "◐ 🎬 变量与数据类型 · 52%",
    ]


@pytest.mark.parametrize(
    "names",
    [
        ["网络：概述", "网络：小结"],  # all fit
        ["网络安全的基本概念与发展历史", "b"],  # the word only begins alike
        ["网络", "网络："],  # nothing would be left
        ["", "很长很长很长很长的别的名字"],
    ],
)
def test_names_stay_whole_where_nothing_is_gained(names: list[str]) -> None:
    assert without_shared(names, ["第1章 网络"], 14) == names
