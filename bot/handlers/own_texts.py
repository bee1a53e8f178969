"""The texts of a message beside its text and caption: of links, buttons, polls, contacts, places,
and of the person's own message that it answers or quotes."""

from collections.abc import Iterator, Mapping

from telegram import Message

_SHORTEST = 8
"""Characters; shorter texts hold no line of a value."""
_NOT_THE_PERSONS = frozenset(
    {
        *("from", "chat", "sender_chat", "sender_business_bot", "via_bot", "forward_origin"),
        *("reply_to_message", "external_reply", "quote", "pinned_message", "user", "author_chat"),
    }
)
_READ_ELSEWHERE = frozenset({"text", "caption"})
_NO_TEXTS = ("id", "_hash", "type", "username")


def hidden_text(message: Message) -> str:
    """The further texts, one a line."""
    fields = message.to_dict()
    own = {name: value for name, value in fields.items() if name not in _READ_ELSEWHERE}
    texts = list(_texts(own))
    if message.quote is not None and _quotes_itself(message):
        texts.append(message.quote.text)
    return "\n".join(dict.fromkeys(texts))


def answered(message: Message) -> Message | None:
    """The message that this one answers, if the same person wrote it."""
    replied, sender = message.reply_to_message, message.from_user
    if replied is None or replied.from_user is None or sender is None:
        return None
    return replied if replied.from_user.id == sender.id else None


def _quotes_itself(message: Message) -> bool:
    """Whether the person quotes an own message, of this chat or of another one."""
    origin = message.external_reply.origin if message.external_reply is not None else None
    author = getattr(origin, "sender_user", None)
    sender = message.from_user
    is_from_elsewhere = author is not None and sender is not None and author.id == sender.id
    return is_from_elsewhere or answered(message) is not None


def _texts(value: object, name: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if len(value) >= _SHORTEST and not name.endswith(_NO_TEXTS):
            yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key not in _NOT_THE_PERSONS:
                yield from _texts(each, str(key))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each, name)
