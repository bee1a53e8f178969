"""Zones are found by whatever a student types, and read as a city with its offset."""

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.zone_search import MAX_FOUND, search
from bot.chat.zones import (
    DEFAULT_ZONE,
    REGIONS,
    Region,
    all_zones,
    by_number,
    canonical,
    city,
    find,
    label,
    number,
)
from storage import chats
from tests.support.open_bot import Floor, open_bot

LANGUAGES = ("en", "zh")
WINTER = datetime(2021, 1, 15, 12, tzinfo=UTC)
SUMMER = datetime(2021, 7, 15, 12, tzinfo=UTC)
WORDS = st.sampled_from(
    ["UTC", "+", "-", "8", "08:00", "99", "Asia/", "..", "上海", "市", "\x00", "\ud800", "ß", "İ"]
)


def found(text: str, moment: datetime = WINTER) -> list[str]:
    return search(text, LANGUAGES, moment)


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("乌鲁木齐", "Asia/Urumqi"),
        ("上海", "Asia/Shanghai"),
        ("上海市", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("Beijing", "Asia/Shanghai"),
        ("Chongqing", "Asia/Shanghai"),
        ("香港", "Asia/Hong_Kong"),
        ("加尔各答", "Asia/Kolkata"),
        ("胡志明", "Asia/Ho_Chi_Minh"),
        ("berlin", "Europe/Berlin"),
        (" BERLIN ", "Europe/Berlin"),
        ("Ｂｅｒｌｉｎ", "Europe/Berlin"),
        ("柏林", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("são paulo", "America/Sao_Paulo"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("st johns", "America/St_Johns"),
        ("Kiev", "Europe/Kyiv"),
        ("kyiv", "Europe/Kyiv"),
        ("日本", "Asia/Tokyo"),
        ("germany", "Europe/Berlin"),
        ("中国", "Asia/Shanghai"),
        ("美国", "America/New_York"),
        ("china", "Asia/Shanghai"),
        ("Peking", "Asia/Shanghai"),
        ("Xi'an", "Asia/Shanghai"),
        ("Shenzhen", "Asia/Shanghai"),
        ("Ｓｈｅｎｚｈｅｎ", "Asia/Shanghai"),
        ("台北", "Asia/Taipei"),
        ("高雄", "Asia/Taipei"),
        ("台湾", "Asia/Taipei"),
        ("澳门", "Asia/Macau"),
        ("东京", "Asia/Tokyo"),
        ("大阪", "Asia/Tokyo"),
        ("首尔", "Asia/Seoul"),
        ("新加坡", "Asia/Singapore"),
        ("吉隆坡", "Asia/Kuala_Lumpur"),
        ("曼谷", "Asia/Bangkok"),
        ("伦敦", "Europe/London"),
        ("慕尼黑", "Europe/Berlin"),
        ("莫斯科", "Europe/Moscow"),
        ("纽约", "America/New_York"),
        ("波士顿", "America/New_York"),
        ("洛杉矶", "America/Los_Angeles"),
        ("旧金山", "America/Los_Angeles"),
        ("San Francisco", "America/Los_Angeles"),
        ("悉尼", "Australia/Sydney"),
        ("UK", "Europe/London"),
        ("HK", "Asia/Hong_Kong"),
        ("US", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("德克萨斯", "America/Chicago"),
        ("德州", "Asia/Shanghai"),
        ("欧洲中部时间", "Europe/Paris"),
        ("深圳市南山区", "Asia/Shanghai"),
        ("北京市海淀区", "Asia/Shanghai"),
        ("国内", "Asia/Shanghai"),
        ("时区：上海", "Asia/Shanghai"),
        ("Asia/Beijing", "Asia/Shanghai"),
        ("东八区时间", "Asia/Shanghai"),
        ("GMT+8小时", "Asia/Shanghai"),
        ("UTC/GMT+8", "Etc/GMT-8"),
        ("EST/EDT", "America/New_York"),
    ],
)
def test_a_city_or_country_is_found_in_any_language_however_it_is_written(
    typed: str, best: str
) -> None:
    assert found(typed)[0] == best


CHINESE_CITIES = (
    "北京 天津 石家庄 太原 呼和浩特 沈阳 长春 哈尔滨 上海 南京 杭州 合肥 福州 南昌"
    " 济南 郑州 武汉 长沙 广州 南宁 海口 重庆 成都 贵阳 昆明 拉萨 西安 兰州"
    " 西宁 银川 深圳 苏州 无锡 宁波 温州 厦门 泉州 青岛 烟台 大连 东莞 佛山"
    " 珠海 汕头 桂林 三亚 洛阳 襄阳 株洲 绵阳 遵义 大理 徐州 常州 南通 嘉兴"
    " 芜湖 赣州 保定 唐山 包头 鞍山 吉林 大庆"
)


@pytest.mark.parametrize("name", CHINESE_CITIES.split())
def test_every_larger_city_of_china_goes_by_its_one_clock(name: str) -> None:
    assert found(name)[0] == found(f"{name}市")[0] == found(f"中国{name}")[0] == DEFAULT_ZONE.key


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("深圳市", "Asia/Shanghai"),
        ("广东省", "Asia/Shanghai"),
        ("广东省深圳市", "Asia/Shanghai"),
        ("内蒙古自治区", "Asia/Shanghai"),
        ("香港特别行政区", "Asia/Hong_Kong"),
        ("东京都", "Asia/Tokyo"),
        ("北京时区", "Asia/Shanghai"),
        ("中国标准时间", "Asia/Shanghai"),
        ("美国东部时间", "America/New_York"),
        ("Beijing time", "Asia/Shanghai"),
        ("China Standard Time", "Asia/Shanghai"),
        ("Pacific Time", "America/Los_Angeles"),
        ("上海 (UTC+8)", "Asia/Shanghai"),
        ("(UTC+08:00) 北京，重庆，香港特别行政区，乌鲁木齐", "Asia/Shanghai"),
        ("廣州", "Asia/Shanghai"),
        ("瀋陽", "Asia/Shanghai"),
        ("東京", "Asia/Tokyo"),
        ("臺北", "Asia/Taipei"),
        ("倫敦", "Europe/London"),
        ("雪梨", "Australia/Sydney"),
        ("北京時間", "Asia/Shanghai"),
        ("shenzen", "Asia/Shanghai"),
        ("Bejing", "Asia/Shanghai"),
        ("Los Angles", "America/Los_Angeles"),
        ("哈尔宾", "Asia/Shanghai"),
    ],
)
def test_suffixes_traditional_signs_and_mistakes_do_not_hide_a_place(typed: str, best: str) -> None:
    assert found(typed)[0] == best


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        *(
            (name, "Asia/Shanghai")
            for name in ["深训", "深川", "深镇", "北经", "京北", "上每", "尚海", "成者", "武汗"]
        ),
        *((name, "Asia/Shanghai") for name in ["杭洲", "郑洲", "东菀", "珠诲", "呼和特"]),
        *((name, "Asia/Tokyo") for name in ("东经", "大板", "Tokio", "名古物")),
        *((name, "Asia/Urumqi") for name in ("乌鲁姆奇", "乌鲁木奇")),
        *((name, "Asia/Shanghai") for name in ("Shenzhne", "Shanghia", "Chengdoo", "Guangzou")),
        ("香巷", "Asia/Hong_Kong"),
        ("首耳", "Asia/Seoul"),
        ("伦墩", "Europe/London"),
        ("台背", "Asia/Taipei"),
    ],
)
def test_a_near_miss_is_offered_among_the_places_that_it_may_mean(typed: str, zone: str) -> None:
    assert zone in found(typed)


def test_what_may_be_several_places_offers_each() -> None:
    assert {"Asia/Shanghai", "Asia/Tokyo"} <= set(found("东经"))
    assert found("SH")[0] == found("bj")[0] == "Asia/Shanghai"
    assert "Atlantic/St_Helena" in found("SH")


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        *((name, "Asia/Shanghai") for name in ("上海市区", "北京市区", "上海浦东", "深圳南山")),
        *((name, "Asia/Shanghai") for name in ("浦东新区", "深圳那边", "在北京呢", "魔都")),
        *((name, "Asia/Shanghai") for name in ("北京时间UTC+8", "GMT+8北京", "东八区北京")),
        *((name, "Asia/Shanghai") for name in ("UTC东八区", "上海Shanghai", "CST北京")),
        ("EST-5", "America/New_York"),
        ("8", "Etc/GMT-8"),
        ("Z", "Etc/UTC"),
    ],
)
def test_what_stands_beside_a_place_or_an_offset_does_not_hide_it(typed: str, best: str) -> None:
    assert found(typed)[0] == best


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("EST", ["America/New_York", "America/Toronto"]),
        ("est", ["America/New_York", "America/Toronto"]),
        ("EDT", ["America/New_York", "America/Toronto"]),
        ("ET", ["America/New_York", "America/Toronto"]),
        ("PST", ["America/Los_Angeles", "America/Vancouver", "Asia/Manila"]),
        ("PDT", ["America/Los_Angeles", "America/Vancouver"]),
        ("CST", ["Asia/Shanghai", "America/Chicago", "America/Mexico_City"]),
        ("MST", ["America/Denver"]),
        ("CET", ["Europe/Paris", "Europe/Berlin"]),
        ("CEST", ["Europe/Paris", "Europe/Berlin"]),
        ("JST", ["Asia/Tokyo"]),
        ("KST", ["Asia/Seoul"]),
        ("HKT", ["Asia/Hong_Kong"]),
        ("SGT", ["Asia/Singapore"]),
        ("BST", ["Europe/London", "Asia/Dhaka"]),
        ("IST", ["Asia/Kolkata", "Asia/Jerusalem"]),
        ("GMT", ["Europe/London"]),
        ("AEST", ["Australia/Sydney", "Australia/Melbourne"]),
        ("BJT", ["Asia/Shanghai"]),
    ],
)
def test_an_abbreviation_offers_the_clocks_that_people_mean_by_it(
    typed: str, first: list[str]
) -> None:
    assert found(typed)[: len(first)] == first
    assert found(typed, SUMMER)[: len(first)] == first


def test_who_never_has_summer_time_is_not_called_by_it() -> None:
    assert "Europe/Dublin" in found("IST")
    assert not {"America/Panama", "America/Cancun"} & set(found("EDT"))


def test_every_line_of_the_cities_names_a_zone_and_places_that_find_it() -> None:
    zone = ""
    for line in files("bot.chat").joinpath("cities.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            zone = line
            assert zone in all_zones()
            continue
        for entry in line.strip(" ,").split(", "):
            chinese, _, english = entry.partition(" ")
            assert zone in found(chinese), entry
            assert zone in found(english), entry


def test_what_is_called_so_comes_before_what_begins_so_and_what_holds_it() -> None:
    assert found("柏林") == ["Europe/Berlin", "Europe/Dublin"]
    names = [city(each, "en") for each in found("vien")]
    assert names == ["Vientiane", "Vienna"], "one of the short lists is before others"
    paris = [city(each, "en") for each in found("par")]
    assert paris[:2] == ["Paris", "Paramaribo"]


def test_both_clocks_of_xinjiang_are_offered() -> None:
    for typed in ("乌鲁木齐", "urumqi", "喀什", "新疆"):
        assert set(found(typed)) == {"Asia/Urumqi", "Asia/Shanghai"}


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("PRC", "Asia/Shanghai"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Etc/GMT+8", "Etc/GMT+8"),
        ("UTC", "Etc/UTC"),
    ],
)
def test_an_iana_name_of_today_or_of_once_means_that_zone_alone(typed: str, zone: str) -> None:
    assert found(typed) == [zone]


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("UTC+8", "Etc/GMT-8"),
        ("utc +8", "Etc/GMT-8"),
        ("GMT+08:00", "Etc/GMT-8"),
        ("+08:00", "Etc/GMT-8"),
        ("+0800", "Etc/GMT-8"),
        ("+8", "Etc/GMT-8"),
        ("＋８", "Etc/GMT-8"),
        ("UTC-3", "Etc/GMT+3"),
        ("UTC−3", "Etc/GMT+3"),
        ("UTC+0", "Etc/UTC"),
        ("-00:00", "Etc/UTC"),
        ("UTC+14", "Etc/GMT-14"),
        ("UTC8", "Etc/GMT-8"),
        ("GMT8", "Etc/GMT-8"),
        ("UTC+8时区", "Asia/Shanghai"),
        ("GMT +08:00", "Etc/GMT-8"),
        ("东八区", "Asia/Shanghai"),
        ("东8区", "Asia/Shanghai"),
        ("東八區", "Asia/Shanghai"),
        ("东九时区", "Etc/GMT-9"),
        ("东十二区", "Etc/GMT-12"),
        ("西五区", "Etc/GMT+5"),
        ("西十区", "Etc/GMT+10"),
        ("零时区", "Etc/UTC"),
        ("东八区（北京时间）", "Asia/Shanghai"),
        ("东八", "Asia/Shanghai"),
        ("东 8 区", "Asia/Shanghai"),
    ],
)
def test_an_offset_means_the_zone_of_that_offset_and_then_cities_that_have_it(
    typed: str, zone: str
) -> None:
    first, *others = found(typed)
    wanted = WINTER.astimezone(find(first)).utcoffset()
    assert first == zone
    assert all(WINTER.astimezone(find(each)).utcoffset() == wanted for each in others)


@pytest.mark.parametrize(
    ("said", "zone"),
    [("我在深圳", "Asia/Shanghai"), ("我现在住在东京", "Asia/Tokyo"), ("在广州", "Asia/Shanghai")],
)
def test_a_place_is_found_behind_what_a_person_says_of_it(said: str, zone: str) -> None:
    assert found(said)[0] == zone


@pytest.mark.parametrize(
    "typed", ["（UTC+8）", "[+8]", "第八区", "第8时区", "8小时", "八区", "CST-8"]
)
def test_an_offset_in_brackets_in_words_or_as_posix_writes_it_finds_chinas_clock(
    typed: str,
) -> None:
    assert "Asia/Shanghai" in search(typed, LANGUAGES, WINTER)[:2]


def test_an_offset_finds_the_citys_clock_of_this_season() -> None:
    assert found("UTC+8")[1] == "Asia/Shanghai"
    assert "Europe/Paris" in found("UTC+1", WINTER)
    assert "Europe/Paris" not in found("UTC+1", SUMMER)
    assert "Europe/Paris" in found("UTC+2", SUMMER)


def test_an_offset_of_half_hours_finds_cities_alone() -> None:
    assert found("UTC+5:30") == ["Asia/Kolkata", "Asia/Colombo"]
    assert found("+05:45") == ["Asia/Kathmandu"]
    assert found("UTC-9:30") == ["Pacific/Marquesas"]
    assert found("+5.5") == found("东五区半") == found("UTC+5:30")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "🎉🎉",
        ".",
        "南京路步行街",
        "UTC+99",
        "+25:00",
        "-13",
        "asia",
        "x" * 101,
        "东九十区",
        "我不知道",
        "你好",
        "100",
        "20210001",
        "15",
        "谢谢",
        "hello",
    ],
)
def test_what_means_no_zone_finds_none(typed: str) -> None:
    assert found(typed) == []


@given(st.text() | st.lists(WORDS, max_size=6).map("".join))
def test_whatever_is_typed_a_few_different_known_zones_are_found_or_none(typed: str) -> None:
    names = found(typed)
    assert len(names) <= MAX_FOUND
    assert len(set(names)) == len(names)
    assert set(names) <= set(all_zones())


@given(st.sampled_from(all_zones()), st.sampled_from(LANGUAGES))
def test_every_citys_own_name_finds_it(name: str, language: str) -> None:
    if not name.startswith("Etc/"):
        assert name in found(city(name, language))


@given(st.text() | WORDS | st.sampled_from(["Asia", "localtime", "../x", "a/" * 200]))
def test_any_stored_text_is_a_zone_or_none(text: str) -> None:
    zone = find(text)
    assert zone is None or isinstance(zone, ZoneInfo)


def test_zones_are_canonical_and_each_can_be_used() -> None:
    assert len(all_zones()) > 400
    assert list(all_zones()) == sorted(set(all_zones()))
    assert all(canonical(name) == name and find(name) is not None for name in all_zones())
    assert {"Asia/Shanghai", "Asia/Kolkata", "Etc/UTC", "Etc/GMT-8"} <= set(all_zones())
    assert not {"Asia/Calcutta", "PRC", "Etc/Unknown"} & set(all_zones())


def test_the_lists_are_short_and_begin_with_shanghai() -> None:
    assert set(REGIONS) == set(Region)
    listed = [name for names in REGIONS.values() for name in names]
    assert listed[0] == DEFAULT_ZONE.key == "Asia/Shanghai"
    assert len(set(listed)) == len(listed)
    assert set(listed) <= set(all_zones())
    assert all(0 < len(names) <= 12 for names in REGIONS.values())


def test_a_zones_number_is_its_own_and_stays() -> None:
    assert all(by_number(number(name)) == name for name in all_zones())
    assert number("Asia/Shanghai") == 1_521_017_445
    assert by_number(0) is None
    assert by_number(2**63 - 1) is None


@pytest.mark.parametrize(
    ("name", "moment", "zh", "en"),
    [
        ("Asia/Shanghai", WINTER, "上海 (UTC+8)", "Shanghai (UTC+8)"),
        ("Asia/Kolkata", WINTER, "加尔各答 (UTC+5:30)", "Kolkata (UTC+5:30)"),
        ("Asia/Kathmandu", WINTER, "加德满都 (UTC+5:45)", "Kathmandu (UTC+5:45)"),
        ("America/St_Johns", WINTER, "圣约翰斯 (UTC-3:30)", "St. John’s (UTC-3:30)"),
        ("Europe/London", WINTER, "伦敦 (UTC+0)", "London (UTC+0)"),
        ("Europe/London", SUMMER, "伦敦 (UTC+1)", "London (UTC+1)"),
        ("America/New_York", WINTER, "纽约 (UTC-5)", "New York (UTC-5)"),
        ("Etc/GMT-8", WINTER, "UTC+8", "UTC+8"),
        ("Etc/UTC", WINTER, "UTC+0", "UTC+0"),
    ],
)
def test_a_zone_reads_as_its_city_with_the_offset_of_the_moment(
    name: str, moment: datetime, zh: str, en: str
) -> None:
    assert (label(name, "zh", moment), label(name, "en", moment)) == (zh, en)


async def test_the_zone_of_a_new_chat_is_the_default(tmp_path: Path) -> None:
    async with open_bot(tmp_path, upto=Floor.STORAGE) as bot:
        chat = await bot.db.write(lambda conn: chats.ensure(conn, 1, 1, WINTER))
    assert chat.time_zone == DEFAULT_ZONE.key
