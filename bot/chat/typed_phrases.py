"""What a typed text stands for: a command, a courtesy or a question.

A message stands for a command only if the whole of it is one of the phrases. Marks, blanks, case,
full width, traditional characters and words of politeness do not count; a message of emoji alone is
a courtesy. The phrases of every language are understood, whatever language the person chose.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from bot.chat.phrases import PHRASES, Courtesy, Meaning
from bot.chat.pieces import goes_on, may_go_on

_ACT_AT_ONCE = frozenset({"pause", "resume"})
"""Commands that ask for no confirmation: a question that holds only their word shows the jobs."""
_LONGEST = 40
"""Characters of a message that can be a phrase."""
_TRADITIONAL = str.maketrans(
    "開頁單選課務暫繼續錄幫麼進匯彙報設賬帳號刪請問謝學習個說樣陸戶換結嗎體終陳"
    "還為敗錯動應語數據靜業試測驗師電腦碼機裡裏時間後會點兒這誰幹嘍滾壓費錢發現難過貴們沒辦別",
    "开页单选课务暂继续录帮么进汇汇报设账账号删请问谢学习个说样陆户换结吗体终陈"
    "还为败错动应语数据静业试测验师电脑码机里里时间后会点儿这谁干喽滚压费钱发现难过贵们没办别",
)
_ASKED_POLITELY = re.compile(r"\A(?:请问?|麻烦你?|帮我|我要|我想要?|给我|老师|please)+")
_SAID_SOFTLY = re.compile(r"(?:一下|吧|啊|呀|哦|啦|哈|老师|please)+\Z")
_NOT_SAID = re.compile(r"[\W_]+")


def meaning_of(text: str) -> Meaning | None:
    """What a message stands for; None if it is no phrase, or may be a part of a cookie."""
    if len(text) > _LONGEST or may_go_on(text) or goes_on(text):
        return None
    said = _plain(text)
    if not said and any(unicodedata.category(sign) == "So" for sign in text):
        return Courtesy.ALL_RIGHT
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


def unmarked_command(text: str) -> str:
    """The name in a text ``/name …`` that Telegram marked as no command, as in a text set in
    monospace; empty if the text is none, or is for a bot by name."""
    word = text.split(maxsplit=1)[0] if text.startswith("/") and text.strip() else ""
    return "" if "@" in word else word[1:].lower()


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
