"""Interprets the message and the code of an answer (``docs/platform.md``, section *Result
codes*)."""

import re

from bot.zjy.errors import Code, ZjyError
from bot.zjy.texts import MOST_CHARACTERS

_MESSAGE_FIELDS = ("msg", "Msg", "message", "Message")
_EXPIRED = "用户信息异常"
_BAR = ("异常学习行为", "刷课记录")
_FORBIDDING = ("禁止", "限制", "异常", "频繁", "封")
_LOGIN = ("登录", "登陆", "登入", "其他地方", "其它地方")
_MINUTES = re.compile(r"(\d{1,5})\s*分钟(\s*[之以]?后)?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}(\.0*)?")
_USUAL = re.compile(r"-?[0-9]{1,4}")


def message(answer: dict[str, object]) -> str:
    """The platform's own message in an answer; empty if there is none."""
    for field in _MESSAGE_FIELDS:
        value = answer.get(field)
        if isinstance(value, str) and value.strip():
            return value.strip()[:MOST_CHARACTERS]
    return ""


def is_of_expiry(msg: str) -> bool:
    """Whether the message means an expired session, with any code."""
    return _EXPIRED in msg


def is_of_login(msg: str) -> bool:
    """Whether the message is about the login: the session may have ended."""
    return any(word in msg for word in _LOGIN)


def is_of_bar(msg: str) -> bool:
    """Whether the message means a bar. Minutes alone do not: 建议学习45分钟 is advice."""
    if any(words in msg for words in _BAR):
        return True
    return bool(_MINUTES.search(msg)) and any(word in msg for word in _FORBIDDING)


def minutes(msg: str) -> int | None:
    """How long a bar lasts, in minutes: those *after* which to come back, else the largest number
    of minutes named; None if there is none."""
    named = [(bool(after), int(number)) for number, after in _MINUTES.findall(msg)]
    return max(named)[1] if named else None


def number(raw: object) -> int | None:
    """A readable code: an int, a whole float or a string of one; None for anything else."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    if isinstance(raw, int):
        return raw
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() else None
    text = raw.strip()
    return int(float(text)) if _WHOLE.fullmatch(text) else None


def kept(raw: object) -> Code:
    """A readable code as shown to the student: the string ``"-1"`` differs from the number."""
    return raw.strip() if isinstance(raw, str) else number(raw)


def label_of(trouble: ZjyError) -> str:
    """The answer's name for the metrics: its code, if that is a number of at most four digits; else
    the kind of the error. An answer could hold anything as its code, also what belongs to a
    person."""
    code = str(trouble.code)
    return code if _USUAL.fullmatch(code) else type(trouble).__name__
