"""Every screen is one that Telegram takes, whatever the courses and people are called."""

import inspect
import pkgutil
from types import ModuleType

import pytest

from bot.chat import views
from bot.chat.callbacks import decode
from bot.chat.i18n import Translators
from bot.chat.keyboards import fitting
from bot.chat.views import (
    account,
    batches,
    courses,
    digest,
    digest_settings,
    full_list,
    home,
    hub,
    invites,
    job,
    jobs,
    limits,
    login,
    modules,
    owner_notices,
    people,
    preview,
    progress,
    settings,
    summary,
    token_login,
)
from bot.naming import one_line
from bot.outbox.screen import MAX_CAPTION, MAX_TEXT, Screen
from demo.telegram.html_text import utf16_length
from tests.support.all_screens import NASTY_NAMES
from tests.support.rendered import Taken, taken

MODULES: tuple[ModuleType, ...] = (
    account,
    batches,
    courses,
    digest,
    digest_settings,
    full_list,
    home,
    hub,
    invites,
    job,
    jobs,
    limits,
    login,
    modules,
    owner_notices,
    people,
    preview,
    progress,
    settings,
    summary,
    token_login,
)
LONGEST_LABEL = 64
STAND_IN_NAME = "§§§§§§"

every_name = pytest.mark.parametrize("name", NASTY_NAMES.values(), ids=NASTY_NAMES)
every_language = pytest.mark.parametrize("language", ["zh", "en"])


@every_language
@every_name
def test_telegram_takes_every_screen(translators: Translators, language: str, name: str) -> None:
    for each in taken(translators[language], name):
        longest = MAX_CAPTION if each.shown.is_caption else MAX_TEXT
        assert utf16_length(each.text) <= longest, each
        assert len(each.buttons) <= 100, each
        assert all(1 <= len(row) <= 8 for row in each.rows), each
        for button in each.buttons:
            assert button.text.strip(), each
            assert len(button.text) <= LONGEST_LABEL, each
            assert len(button.text.splitlines()) == 1, each
            if button.url is None and button.copy_text is None:
                assert button.data is not None, each
                assert decode(button.data) is not None, each


@every_language
@every_name
def test_no_two_buttons_of_a_screen_do_the_same(
    translators: Translators, language: str, name: str
) -> None:
    for each in taken(translators[language], name):
        data = [button.data for button in each.buttons if button.data is not None]
        assert len(set(data)) == len(data), each


@every_language
@pytest.mark.parametrize("form", ["markup", "rtl", "escapes", "plain"])
def test_names_are_shown_as_they_are(translators: Translators, language: str, form: str) -> None:
    """What looks like markup or like a placeholder in a name is neither."""
    name = NASTY_NAMES[form]

    def whole(each: Taken) -> str:
        return "\n".join((each.text, *(button.text for button in each.buttons)))

    plain = taken(translators[language], STAND_IN_NAME)
    for before, after in zip(plain, taken(translators[language], name), strict=True):
        if STAND_IN_NAME in whole(before):
            # A label is cut, and marks of direction do not reach it.
            assert one_line(name)[:6] in one_line(whole(after)), after


@pytest.mark.parametrize("module", MODULES, ids=lambda each: each.__name__.rsplit(".", 1)[-1])
def test_every_view_is_among_the_screens_of_these_tests(
    translators: Translators, module: ModuleType
) -> None:
    shown = {each.shown.view for each in taken(translators["en"], STAND_IN_NAME)}
    here = {
        view
        for _, view in inspect.getmembers(module, inspect.isfunction)
        if view.__module__ == module.__name__ and view.__annotations__.get("return") is Screen
    }
    assert {view.__name__ for view in here - shown} == set()
    assert here


def test_every_module_of_the_views_is_looked_at() -> None:
    there = {name for _, name, _ in pkgutil.iter_modules(views.__path__)}
    assert there == {each.__name__.rsplit(".", 1)[-1] for each in MODULES} | {"reasons", "words"}


def test_a_long_list_keeps_whole_lines_and_says_that_some_are_left_out() -> None:
    lines = [f"<b>line {n}</b> 👍" for n in range(1000)]
    kept = fitting(lines).split("\n")
    assert kept[:-1] == lines[: len(kept) - 1]
    assert kept[-1] == "…"
    assert MAX_TEXT - 100 < utf16_length("\n".join(kept)) <= MAX_TEXT
    assert fitting(lines[:5]) == "\n".join(lines[:5])
