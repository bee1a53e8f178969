"""The registry of phrases that people type instead of a command: which command each stands for.

A message stands for a command only if the whole of it is one of the phrases. Marks, blanks, case,
full width, traditional characters and words of politeness do not count. The phrases of every
language are understood, whatever language the person chose.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import Enum

from bot.chat.pieces import goes_on, may_go_on


class Courtesy(Enum):
    """Phrases that ask for nothing."""

    HELLO = "hello"
    THANKS = "thanks"


Meaning = str | Courtesy
"""The name of a command, or a courtesy."""

PHRASES: Mapping[Meaning, Mapping[str, Sequence[str]]] = {
    "start": {
        "zh": ("开始", "开始学习", "首页", "主页", "菜单", "主菜单", "回到首页", "返回"),
        "en": ("start", "begin", "home", "menu", "main menu", "back"),
    },
    "courses": {
        "zh": ("课程", "我的课程", "选课", "看课程", "课程列表"),
        "en": ("course", "courses", "my courses", "show courses"),
    },
    "jobs": {
        "zh": ("任务", "我的任务", "看任务", "任务列表"),
        "en": ("job", "jobs", "my jobs", "tasks", "show jobs"),
    },
    "pause": {
        "zh": ("暂停", "暂停任务", "先暂停"),
        "en": ("pause", "pause the job"),
    },
    "resume": {
        "zh": ("继续", "继续学", "继续学习", "继续任务", "接着学"),
        "en": ("resume", "continue", "go on", "resume the job"),
    },
    "cancel": {
        "zh": ("取消", "取消任务", "停止", "结束任务"),
        "en": ("cancel", "stop", "cancel the job"),
    },
    "digest": {
        "zh": ("汇报", "每日汇报", "日报"),
        "en": ("digest", "daily digest", "report", "daily report"),
    },
    "progress": {
        "zh": ("进度", "我的进度", "看进度", "学习进度"),
        "en": ("progress", "my progress", "show progress"),
    },
    "login": {
        "zh": ("登录", "登陆", "登入", "怎么登录", "重新登录"),
        "en": ("log in", "sign in", "how to log in"),
    },
    "accounts": {
        "zh": ("账号", "账户", "我的账号", "切换账号"),
        "en": ("account", "accounts", "my accounts"),
    },
    "settings": {
        "zh": ("设置", "设定"),
        "en": ("settings", "setting", "options"),
    },
    "logout": {
        "zh": ("退出登录", "退出登陆", "登出", "退出账号"),
        "en": ("log out", "sign out"),
    },
    "erase": {
        "zh": ("删除全部", "全部删除", "删除所有", "清除全部"),
        "en": ("erase", "erase everything", "delete everything", "delete all"),
    },
    "help": {
        "zh": ("帮助", "怎么用", "怎么使用", "如何使用", "使用说明", "说明"),
        "en": ("help", "how to use", "how do I use this", "how does it work", "manual"),
    },
    Courtesy.HELLO: {
        "zh": ("你好", "您好", "你好呀", "嗨", "哈喽", "在吗", "早", "早上好", "晚上好"),
        "en": ("hi", "hello", "hey", "hi there", "good morning", "good evening"),
    },
    Courtesy.THANKS: {
        "zh": ("谢谢", "谢谢你", "多谢", "感谢", "辛苦了", "好的谢谢"),
        "en": ("thanks", "thank you", "thx", "many thanks"),
    },
}

_ACT_AT_ONCE = frozenset({"pause", "resume"})
"""Commands that ask for no confirmation: a question that holds only their word shows the jobs."""
_LONGEST = 40
"""Characters of a message that can be a phrase."""
_TRADITIONAL = str.maketrans(
    "開頁單選課務暫繼續錄幫麼進匯彙報設賬帳號刪請問謝學習個說樣陸戶換結嗎體終陳",
    "开页单选课务暂继续录帮么进汇汇报设账账号删请问谢学习个说样陆户换结吗体终陈",
)
_ASKED_POLITELY = re.compile(r"\A(?:请问?|麻烦你?|帮我|我要|我想要?|给我|please)+")
_SAID_SOFTLY = re.compile(r"(?:一下|吧|啊|呀|哦|please)+\Z")
_NOT_SAID = re.compile(r"[\W_]+")


def meaning_of(text: str) -> Meaning | None:
    """What a message stands for; None if it is no phrase, or may be a part of a cookie."""
    if len(text) > _LONGEST or may_go_on(text) or goes_on(text):
        return None
    said = _plain(text)
    meaning = next((_MEANINGS[form] for form in _forms(said) if form in _MEANINGS), None)
    if meaning in _ACT_AT_ONCE and any(mark in text for mark in "?？"):
        return "jobs"
    return meaning


def command_of(text: str) -> str | None:
    """The name of the command that a message gives: by ``/name``, or by a phrase for it."""
    if text.startswith("/"):
        word = text[1:].split(maxsplit=1)[0] if text[1:].strip() else ""
        return word.partition("@")[0].lower()
    meaning = meaning_of(text)
    return meaning if isinstance(meaning, str) else None


def _forms(said: str) -> Sequence[str]:
    """The text as it is, and without words of politeness."""
    bare = _ASKED_POLITELY.sub("", said)
    return said, bare, _SAID_SOFTLY.sub("", said), _SAID_SOFTLY.sub("", bare)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_TRADITIONAL)
    return _NOT_SAID.sub("", plain)


_MEANINGS: Mapping[str, Meaning] = {
    _plain(phrase): meaning
    for meaning, languages in PHRASES.items()
    for phrases in languages.values()
    for phrase in phrases
}
