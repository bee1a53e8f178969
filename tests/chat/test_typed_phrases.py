"""A message that is a phrase stands for its command; every other message stands for nothing."""

import pytest

from bot.chat.commands import commands_for
from bot.chat.i18n import Translators
from bot.chat.phrases import PHRASES, Courtesy, Meaning, Question
from bot.chat.pieces import goes_on, may_go_on
from bot.chat.typed_phrases import command_of, meaning_of

LANGUAGES = ("zh", "en")
EVERY_PHRASE = [
    pytest.param(meaning, phrase, id=f"{phrase}")
    for meaning, languages in PHRASES.items()
    for phrases in languages.values()
    for phrase in phrases
]


def test_every_command_and_courtesy_has_phrases_in_every_language(
    translators: Translators,
) -> None:
    commands = {command.name for command in commands_for(is_owner=False)}
    assert set(PHRASES) == commands | {*Courtesy, *Question}
    for meaning, languages in PHRASES.items():
        assert set(languages) == set(translators.languages), meaning
        assert all(languages.values()), meaning


def test_no_phrase_stands_for_two_things() -> None:
    phrases = [
        phrase.casefold().replace(" ", "")
        for languages in PHRASES.values()
        for phrases in languages.values()
        for phrase in phrases
    ]
    assert len(set(phrases)) == len(phrases)


@pytest.mark.parametrize(("meaning", "phrase"), EVERY_PHRASE)
def test_a_phrase_is_understood_and_can_be_no_part_of_a_cookie(
    meaning: Meaning, phrase: str
) -> None:
    assert meaning_of(phrase) == meaning
    assert not goes_on(phrase)
    assert not may_go_on(phrase)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("开始！", "start"),
        ("  首 页 。", "start"),
        ("菜单～", "start"),
        ("課程", "courses"),
        ("任務", "jobs"),
        ("請暫停一下！", "pause"),
        ("暂停吧", "pause"),
        ("繼續", "resume"),
        ("我要登录", "login"),
        ("登錄", "login"),
        ("幫助", "help"),
        ("怎麼用？？", "help"),
        ("請問怎麼用", "help"),
        ("看进度", "progress"),
        ("彙報", "digest"),
        ("設置", "settings"),
        ("賬號", "accounts"),
        ("帳號", "accounts"),
        ("退出登錄", "logout"),
        ("刪除全部", "erase"),
        ("我要取消", "cancel"),
        ("ＨＥＬＰ", "help"),
        ("Log In.", "login"),
        ("LOGIN", "login"),
        ("please pause", "pause"),
        ("Delete everything!", "erase"),
        ("👋 你好~", Courtesy.HELLO),
        ("Hi!", Courtesy.HELLO),
        ("謝謝！", Courtesy.THANKS),
        ("Thank you :)", Courtesy.THANKS),
        ("谢谢老师！", Courtesy.THANKS),
        ("谢啦", Courtesy.THANKS),
        ("👍", Courtesy.ALL_RIGHT),
        ("😀😀", Courtesy.ALL_RIGHT),
        ("OK！", Courtesy.ALL_RIGHT),
        ("停一下", "pause"),
        ("老师，停一下吧", "pause"),
        ("別學了", "cancel"),
        ("還要多久？", "jobs"),
        ("為什麼失敗", "jobs"),
        ("What's left?", "jobs"),
        ("cookie是什么？", "login"),
        ("沒有電腦怎麼辦", "login"),
        ("我的课呢？", "courses"),
        ("會被封號嗎", Question.SAFE),
        ("Is it free?", Question.FREE),
    ],
)
def test_signs_width_case_courtesy_and_traditional_characters_do_not_count(
    text: str, meaning: Meaning | None
) -> None:
    assert meaning_of(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "不要暂停",
        "暂停了",
        "别取消",
        "什么时候能继续？",
        "我不想删除全部",
        "删除全部是什么意思",
        "可以开始学习java了吗",
        "don't stop",
        "the job is on pause",
        "please do not delete everything",
        "老师说作业要暂停一下，等下周再继续",
        "1",
        "",
        "？",
        "请",
        "学习" * 30,
    ],
)
def test_a_word_within_a_sentence_and_other_texts_stand_for_nothing(text: str) -> None:
    assert meaning_of(text) is None


@pytest.mark.parametrize("text", ["暂停？", "继续?", "pause?", "Resume？"])
def test_a_question_neither_pauses_nor_resumes(text: str) -> None:
    assert meaning_of(text) == "jobs"


@pytest.mark.parametrize("text", ["[帮助]", '"取消"', "继续；暂停;", "暂停=", "{开始", "ab12"])
def test_what_may_be_a_part_of_a_cookie_stands_for_nothing(text: str) -> None:
    assert meaning_of(text) is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/erase", "erase"),
        ("/Cancel@zjy_demo_bot now", "cancel"),
        ("/", ""),
        ("取消", "cancel"),
        ("你好", None),
        ("/pausefoo", "pausefoo"),
    ],
)
def test_a_command_is_given_by_its_name_or_a_phrase(text: str, command: str | None) -> None:
    assert command_of(text) == command
