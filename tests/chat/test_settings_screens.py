"""The settings as screens: what is in use is marked, and no city upsets another button's word."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.chat.callbacks import Action, Callback, decode
from bot.chat.i18n import Translators
from bot.chat.optional_notices import OptionalNotice
from bot.chat.views import settings
from bot.chat.zones import REGIONS, Now, Region, all_zones, label, number
from bot.outbox.screen import Screen
from tests.chat.test_contract_words import RESERVED
from tests.support.rendered import as_telegram_takes_it

NOW = datetime(2021, 3, 1, 7, 30, tzinfo=UTC)
HERE = Now(NOW, ZoneInfo("Asia/Urumqi"))

every_language = pytest.mark.parametrize("language", ["zh", "en"])


def buttons_of(screen: Screen) -> dict[str, Callback | None]:
    """Every button's text → what its press means."""
    _, rows = as_telegram_takes_it(screen)
    return {button.text: decode(button.data) for row in rows for button in row}


@every_language
def test_no_zone_holds_a_word_that_other_buttons_are_known_by(language: str) -> None:
    words = [word.lower() for word in RESERVED[language]]
    names = [label(name, language, NOW).lower() for name in all_zones()]
    assert [name for name in names if any(word in name for word in words)] == []


@every_language
def test_the_settings_say_what_is_in_use(translators: Translators, language: str) -> None:
    screen = settings.settings(
        translators[language],
        [("English", False), ("中文", True)],
        [("1×", True), ("2×", False)],
        HERE,
    )
    city = {"zh": "乌鲁木齐", "en": "Urumqi"}[language]
    buttons = buttons_of(screen)
    assert [text for text in buttons if "✓" in text] == ["✓ 中文", "✓ 1×"]
    assert buttons["✓ 中文"] == Callback(Action.LANGUAGE, (1,))
    assert buttons["2×"] == Callback(Action.CHAT_PACE, (1,))
    assert buttons[f"🌏 {city} (UTC+6) ›"] == Callback(Action.ZONES)
    assert f"{city} (UTC+6)" in screen.text
    assert "13:30" in screen.text


@every_language
@pytest.mark.parametrize("region", Region)
def test_a_regions_cities_are_up_to_two_to_a_row_and_the_one_in_use_is_marked(
    translators: Translators, language: str, region: Region
) -> None:
    screen = settings.region(translators[language], region, HERE)
    _, (*rows, back) = as_telegram_takes_it(screen)
    assert all(len(row) <= 2 for row in rows)
    assert len(rows) <= 7
    zones = [decode(button.data) for row in rows for button in row]
    assert zones == [Callback(Action.ZONE, (number(name),)) for name in REGIONS[region]]
    marked = [button.text for row in rows for button in row if "✓" in button.text]
    assert len(marked) == (region is Region.EAST_ASIA)
    assert [button.text for button in back] == [RESERVED[language][-1]]


@every_language
def test_a_notice_is_switched_off_where_it_is_on_and_on_where_it_is_off(
    translators: Translators, language: str
) -> None:
    wanted = [
        (OptionalNotice.BAR, True),
        (OptionalNotice.OUTAGE, False),
        (OptionalNotice.EXPIRY, True),
    ]
    buttons = buttons_of(settings.notices(translators[language], wanted))
    signs = [(text[0], data) for text, data in buttons.items()]
    assert signs[:3] == [
        ("🔔", Callback(Action.NOTICE_OFF, (0,))),
        ("🔕", Callback(Action.NOTICE_ON, (1,))),
        ("🔔", Callback(Action.NOTICE_OFF, (2,))),
    ]


@every_language
def test_every_screen_of_the_settings_has_one_way_back(
    translators: Translators, language: str
) -> None:
    tr = translators[language]
    ways = {
        settings.settings(tr, [], [("1×", True)], HERE): Action.HOME,
        settings.regions(tr, HERE): Action.SETTINGS,
        settings.region(tr, Region.EUROPE, HERE): Action.ZONES,
        settings.type_a_city(tr): Action.ZONES,
        settings.found_zones(tr, "x", ["Asia/Tokyo"], HERE): Action.ZONES,
        settings.no_such_zone(tr, "x", HERE): Action.SETTINGS,
        settings.notices(tr, []): Action.SETTINGS,
    }
    for screen, action in ways.items():
        assert buttons_of(screen)[RESERVED[language][-1]] == Callback(action), screen.text
