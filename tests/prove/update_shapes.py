"""Updates of every kind, drawn from the library's own classes of the Bot API, and then spoilt.

What a class takes says which fields an object has and of which type; the constants of a class say
which words stand in its ``type``, ``status`` or ``source``.
"""

import collections.abc
import datetime as dt
import inspect
import itertools
import json
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any

import telegram
from hypothesis import strategies as st
from telegram import TelegramObject, Update
from telegram._utils import types as library_types

Json = dict[str, Any]
Draw = Callable[..., Any]

COOKIE = "5EC4E7C00C1E0F00D5EC4E7C00C1E0F0" * 8
PIECES = " ".join(COOKIE[start : start + 16] for start in range(0, len(COOKIE), 16))
WORD = "canaryinacoalmine"
PEOPLE = (3001, 3002, 3003)
ASKED = ("message", "edited_message", "callback_query", "my_chat_member")
DEEPEST = 3
"""Below so many objects within each other only what an object must have is drawn."""

TEXTS = (
    "",
    "/start",
    "/help",
    "/pause@zjy_demo_bot",
    "v1:home",
    WORD,
    COOKIE,
    f"auth={COOKIE}",
    PIECES,
    f"{WORD}\ud83d",
    f"\0{WORD}\0",
    "\udc00\ud800",
    "😀" * 50,
    "private",
    "x" * 5000,
)
_NAMES = {"from_user": "from"}
_WORDS = ("type", "status", "source")


@cache
def _known_names() -> dict[str, Any]:
    names: dict[str, Any] = {}
    for module in (typing, collections.abc, library_types, telegram):
        names |= {name: each for name, each in vars(module).items() if not name.startswith("__")}
    return names | {"dtm": dt}


@cache
def _fields(takes: Callable[..., None]) -> dict[str, tuple[Any, bool]]:
    """Each field that a class takes → its type, and whether an object must have it."""
    hints = typing.get_type_hints(takes, _known_names())
    parameters = inspect.signature(takes).parameters.values()
    needed = {each.name for each in parameters if each.default is each.empty}
    hints.pop("return", None)
    hints.pop("api_kwargs", None)
    return {name: (hint, name in needed) for name, hint in hints.items()}


def _constants(kind: type[TelegramObject]) -> list[str]:
    found = {
        str(each)
        for owner in kind.__mro__
        for name, each in vars(owner).items()
        if name.isupper() and isinstance(each, str)
    }
    return sorted(found)


def _subclasses(kind: type[TelegramObject]) -> list[type[TelegramObject]]:
    return [kind, *kind.__subclasses__()]


def _object(draw: Draw, kind: type[TelegramObject], depth: int) -> Json:
    kind = draw(st.sampled_from(_subclasses(kind)))
    made: Json = {}
    for name, (hint, needed) in _fields(kind.__init__).items():
        if needed or (depth < DEEPEST and draw(st.integers(0, 9)) == 0):
            made[_NAMES.get(name, name)] = _value(draw, hint, depth + 1)
    words = _constants(kind)
    for name in _WORDS:
        own = _word(kind, name)
        if own is not None:
            made[name] = own
        elif words and name in made:
            made[name] = draw(st.sampled_from(words))
    return made


def _word(kind: type[TelegramObject], name: str) -> str | None:
    """The word in this field by which the library knows one of several classes, if any."""
    fields = _fields(kind.__init__)
    if name in fields or kind.__mro__[1] is TelegramObject:
        return None
    try:
        made = kind(**{field: None for field, (_, needed) in fields.items() if needed})
    except (TypeError, ValueError, AttributeError):
        return None
    word = getattr(made, name, None)
    return str(word) if isinstance(word, str) else None


def _value(draw: Draw, hint: Any, depth: int) -> Any:  # noqa: ANN401 - JSON
    origin = typing.get_origin(hint)
    if origin in (typing.Union, UnionType):
        kinds = [each for each in typing.get_args(hint) if each is not NoneType]
        return _value(draw, draw(st.sampled_from(kinds)), depth)
    if origin in (collections.abc.Sequence, list, tuple):
        inner = typing.get_args(hint)[0]
        return [_value(draw, inner, depth) for _ in range(draw(st.integers(0, 2)))]
    if isinstance(hint, type) and issubclass(hint, TelegramObject):
        return _object(draw, hint, depth)
    return draw(_PLAIN.get(hint, st.sampled_from(TEXTS)))


_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.sampled_from([0, 1, 7, 60, *PEOPLE]),
    float: st.sampled_from([0.0, 1.5]),
    dt.datetime: st.integers(1, 2_000_000_000),
    dt.timedelta: st.integers(0, 100_000),
    str: st.sampled_from(TEXTS),
}
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 2**31, 2**53, 2**63, 10**30, 1.5, 1e300, float("inf"), float("nan")]),
    st.sampled_from(TEXTS),
    st.sampled_from([[], {}, [[]], [{}], [None], [WORD], {"id": WORD}, {WORD: PIECES}]),
    st.sampled_from([1, 60, 300]).map(lambda depth: _nested(depth)),
).map(lambda value: json.loads(json.dumps(value)))
"""Each drawn anew: it is spoilt further in its place."""


def _nested(depth: int) -> object:
    value: object = WORD
    for _ in range(depth):
        value = {"reply_to_message": value}
    return value


def _person(user_id: int) -> tuple[Json, Json]:
    """A user, and the private chat with them."""
    user = {"id": user_id, "is_bot": False, "first_name": WORD, "language_code": "zh-hans"}
    return user, {"id": user_id, "type": "private", "first_name": WORD}


def _from_a_person(draw: Draw, content: Json, kind: str) -> None:
    """Let it come out of a private chat, so that handlers see it."""
    user, chat = _person(draw(st.sampled_from(PEOPLE)))
    content["from"] = user
    if kind == "callback_query":
        content["message"] = {"message_id": 1, "date": 1_700_000_000, "chat": chat, "text": WORD}
        content["data"] = draw(st.sampled_from(TEXTS))
    else:
        content["chat"] = chat


def _places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    """Every container and key under a value."""
    keys: Sequence[Any] = ()
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = range(len(value))
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _spoil(draw: Draw, update: Json) -> None:
    """Leave a field out, put something else into it, or add one that nobody knows."""
    places = list(_places(update))
    container, key = places[draw(st.integers(0, len(places) - 1))]
    how = draw(st.sampled_from(["out", "other", "other", "added"]))
    if how == "out":
        del container[key]
    elif how == "added" and isinstance(container, dict):
        name = draw(st.sampled_from(["of_tomorrow", "_effective_user", "from_user", "api_kwargs"]))
        container[name] = draw(JUNK)
    else:
        container[key] = draw(JUNK)


@st.composite
def updates(draw: Draw) -> object:
    """One update as Telegram might send it, or as it never would."""
    if draw(st.integers(0, 19)) == 0:
        return draw(JUNK)
    kind = draw(st.sampled_from([*ASKED * 6, *Update.ALL_TYPES, "kind_of_tomorrow"]))
    hints = {name: hint for name, (hint, _) in _fields(Update.__init__).items()}
    content = _value(draw, hints.get(kind, telegram.Message), 0)
    if isinstance(content, dict) and kind in ASKED and draw(st.integers(0, 3)):
        _from_a_person(draw, content, kind)
    update: Json = {kind: content}
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 3]))):
        if list(_places(update)):
            _spoil(draw, update)
    if draw(st.integers(0, 19)) == 0:
        update = {
            "update_id": draw(st.sampled_from([None, "7", 1.5, True, -1, 0, 2**40])),
            **update,
        }
    return update


@dataclass(frozen=True, slots=True)
class PrivateText:
    """A person's private message with a text, of any shape beside it. ``update`` may be spoilt: see
    :meth:`is_there`."""

    update: Json
    kind: str
    chat_id: int
    message_id: int
    text: str

    @property
    def holds_cookie(self) -> bool:
        return COOKIE[:16] in self.text

    def is_there(self) -> bool:
        """Whether chat, message and text can still be told, and the sender is not called a bot."""
        content = self.update.get(self.kind)
        if not isinstance(content, dict) or not isinstance(content.get("chat"), dict):
            return False
        told = (content["chat"].get("id"), content.get("message_id"), content.get("text"))
        sender = content.get("from")
        is_bot = isinstance(sender, dict) and sender.get("is_bot") is True
        return told == (self.chat_id, self.message_id, self.text) and not is_bot


_NUMBERS = itertools.count(10_000)
"""The person and the message are new each time: a repeated message is taken once."""


@st.composite
def private_texts(draw: Draw) -> PrivateText:
    kind = draw(st.sampled_from(["message", "message", "edited_message"]))
    number = next(_NUMBERS)
    text = draw(st.sampled_from([WORD, COOKIE, f"auth={COOKIE}", PIECES]))
    content = _object(draw, telegram.Message, 0)
    user, chat = _person(number)
    content |= {"message_id": number, "date": 1_700_000_000, "from": user, "chat": chat}
    content["text"] = text
    update: Json = {kind: content}
    for name in draw(st.sets(st.sampled_from(sorted(_fields(telegram.Message.__init__))))):
        content.setdefault(_NAMES.get(name, name), draw(JUNK))
    for _ in range(draw(st.sampled_from([0, 1, 2, 3]))):
        _spoil(draw, content)
    return PrivateText(update, kind, number, number, text)


def batches() -> st.SearchStrategy[list[object]]:
    """Updates that wait together."""
    return st.lists(updates(), min_size=1, max_size=4)
