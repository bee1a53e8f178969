"""The pictures of progress: readable, small, quick, and the same each time."""

import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from statistics import median

import pytest
from PIL import Image

from bot.chat.cards import palette as inks
from bot.chat.cards.canvas import LEFT, RIGHT, WIDTH
from bot.chat.cards.content import ChartLine, CourseCard, HistoryCard, ModuleBar
from bot.chat.cards.course import course_card
from bot.chat.cards.font import typeface
from bot.chat.cards.history import history_chart
from bot.chat.cards.palette import Ink
from bot.chat.i18n import Translator, Translators
from bot.chat.login_drawing import where_cookie
from demo.platform import demo_school
from tests.gallery.cards import sample_card, sample_history
from tests.support.all_screens import NASTY_NAMES
from tests.support.image_asserts import TODAY, WINDOW, Spy, colours, history, opened, pixel, steady


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    seen = Spy()
    seen.watch(monkeypatch)
    return seen


@pytest.fixture(params=["zh", "en"])
def tr(request: pytest.FixtureRequest, translators: Translators) -> Translator:
    return translators[request.param]


def nasty_cards() -> Iterator[tuple[str, CourseCard]]:
    for form, name in NASTY_NAMES.items():
        modules = [ModuleBar(name, 12.5 * (n % 9), 3.0 * (n % 3)) for n in range(30)]
        yield form, CourseCard(name, 99.99, 0.1, 10**6, 10**6, modules, name, TODAY, TODAY)
        yield form, CourseCard(name, 0, -3, None, None, [], name, TODAY, None)


def crowded_card() -> CourseCard:
    more = [ModuleBar(f"单元{n} 面向对象程序设计基础", n * 3, n % 4) for n in range(30)]
    return replace(sample_card(), modules=(*sample_card().modules, *more))


def first_day(name: str = "面向对象程序设计") -> HistoryCard:
    """More courses than fit, all on their first day."""
    return history(*(ChartLine(name, [(TODAY, n * 8.0)]) for n in range(14)))


def luminance(ink: Ink) -> float:
    def linear(value: int) -> float:
        part = value / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, ink)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Ink, other: Ink) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    "draw",
    [
        lambda tr: course_card(tr, sample_card()),
        lambda tr: course_card(tr, crowded_card()),
        lambda tr: history_chart(tr, sample_history()),
        lambda tr: history_chart(tr, history()),
        lambda tr: history_chart(tr, first_day()),
    ],
    ids=["card", "crowded", "history", "empty", "first day"],
)
def test_a_picture_is_small_and_quick_and_of_a_phones_shape(
    tr: Translator, draw: Callable[[Translator], bytes]
) -> None:
    spent = []
    for _ in range(5):
        started = time.process_time()
        png = draw(tr)
        spent.append(time.process_time() - started)
    image = opened(png)

    assert median(spent) < 0.3
    assert len(png) < 200_000
    assert image.width == WIDTH == 1080
    assert image.height <= 1.55 * WIDTH


def test_the_same_input_gives_the_same_bytes_in_whatever_thread(tr: Translator) -> None:
    card, past = sample_card(), sample_history()
    expected = course_card(tr, card), history_chart(tr, past)
    with ThreadPoolExecutor(8) as pool:
        drawn = [
            (pool.submit(course_card, tr, card), pool.submit(history_chart, tr, past))
            for _ in range(6)
        ]

    assert {(one.result(), other.result()) for one, other in drawn} == {expected}


def test_every_text_is_drawn_whole_and_large_enough_for_a_phone(tr: Translator, spy: Spy) -> None:
    for course in demo_school().courses:
        names = [ModuleBar(module.name, 40, 2) for module in course.modules]
        course_card(tr, replace(sample_card(), course=course.name, modules=names))
    history_chart(tr, sample_history())
    history_chart(tr, history())
    history_chart(tr, history(kept_since=TODAY))
    history_chart(tr, first_day())
    for _, card in nasty_cards():
        course_card(tr, card)

    assert typeface().missing("".join(spy.texts)) == frozenset()
    assert min(size for _, size in spy.written) >= 34


@pytest.mark.parametrize("form", NASTY_NAMES)
def test_no_name_breaks_a_picture_or_leaves_its_panel(translators: Translators, form: str) -> None:
    tr, lines = translators["zh"], [steady(NASTY_NAMES[form], *WINDOW)] * 7
    cards = [card for found, card in nasty_cards() if found == form]
    for png in (
        *(course_card(tr, card) for card in cards),
        history_chart(tr, history(*lines)),
        history_chart(tr, first_day(NASTY_NAMES[form])),
    ):
        image = opened(png)
        for edge in ((0, LEFT - 8), (RIGHT + 8, WIDTH)):
            beside = image.crop((edge[0], 0, edge[1], image.height))
            assert min(map(min, colours(beside))) >= min(inks.PAGE)


def test_texts_and_lines_stand_out() -> None:
    texts = [
        (inks.DARK, inks.PANEL),
        (inks.QUIET, inks.PANEL),
        (inks.QUIET, inks.PAGE),
        (inks.COMPLETE, inks.PANEL),
        (inks.GAIN_TEXT, inks.PANEL),
        (inks.GAIN_TEXT, inks.GAIN_TINT),
    ]
    assert min(contrast(*pair) for pair in texts) >= 4.5
    assert min(contrast(line, inks.PANEL) for line in inks.LINES) >= 3
    # Also in grey, for whoever sees no colours at all.
    assert contrast(inks.DONE, inks.GAIN) >= 2
    assert contrast(inks.DONE, inks.TRACK) >= 3
    assert contrast(inks.COMPLETE, inks.GAIN) >= 2
    assert contrast(inks.COMPLETE, inks.TRACK) >= 3


def test_pictures_bring_their_own_light_ground_for_a_dark_chat(tr: Translator) -> None:
    for png in (
        course_card(tr, sample_card()),
        history_chart(tr, sample_history()),
        history_chart(tr, history()),
        history_chart(tr, first_day()),
    ):
        image = opened(png)
        corners = [(0, 0), (WIDTH - 1, 0), (0, image.height - 1), (WIDTH - 1, image.height - 1)]
        assert {pixel(image, *corner) for corner in corners} == {inks.PAGE}


def test_no_picture_lets_the_chat_shine_through(tr: Translator) -> None:
    for png in (course_card(tr, sample_card()), where_cookie(tr.language).content):
        with Image.open(io.BytesIO(png)) as image:
            assert not image.has_transparency_data
