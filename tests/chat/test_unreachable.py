"""Which answers are about the chat as a whole, and which about one message."""

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.outbox.unreachable import says_unreachable

THE_CHAT = [
    "chat not found",
    "private chat not found",
    "PEER_ID_INVALID",
    "USER_IS_BLOCKED",
    "user is deleted",
    "INPUT_USER_DEACTIVATED",
    "group chat was deactivated",
    "group chat was upgraded to a supergroup chat",
    "need administrator rights in the channel chat",
    "not enough rights to send text messages to the chat",
    "have no rights to send a message",
    "Have no write access to the chat",
    "CHAT_WRITE_FORBIDDEN",
    "CHAT_ADMIN_REQUIRED",
    "CHANNEL_PRIVATE",
]
ONE_MESSAGE = [
    "message is too long",
    "message text is empty",
    'can\'t parse entities: Unsupported start tag "chat not found" at byte offset 0',
    "BUTTON_DATA_INVALID",
    "message to edit not found",
    "message to delete not found",
    "message can't be edited",
    "message can't be deleted",
    "MESSAGE_ID_INVALID",
    "message is not modified: specified new message content is exactly the same",
    "there is no text in the message to edit",
    "query is too old and response timeout expired or query ID is invalid",
    "IMAGE_PROCESS_FAILED",
    "PHOTO_INVALID_DIMENSIONS",
    "reply markup is too long",
    "wrong file identifier/HTTP URL specified",
    "not enough rights to manage pinned messages in the chat",
    "message thread not found",
    "odd",
]


@pytest.mark.parametrize("prefix", ["Bad Request: ", "Error: ", "[Error]: ", ""])
@pytest.mark.parametrize("words", THE_CHAT)
def test_a_400_that_is_about_the_chat(words: str, prefix: str) -> None:
    assert says_unreachable(BadRequest(prefix + words))


@pytest.mark.parametrize("words", ONE_MESSAGE)
def test_a_400_that_is_about_one_message(words: str) -> None:
    assert not says_unreachable(BadRequest(f"Bad Request: {words}"))


@pytest.mark.parametrize(
    "words",
    [
        "bot was blocked by the user",
        "user is deactivated",
        "bot can't initiate conversation with a user",
        "bots can't send messages to bots",
        "bot was kicked from the supergroup chat",
        "bot is not a member of the channel chat",
        "the group chat was deleted",
        "not enough rights to send text messages to the chat",
        "odd",
    ],
)
def test_every_403_is_about_the_chat(words: str) -> None:
    assert says_unreachable(Forbidden(f"Forbidden: {words}"))


@pytest.mark.parametrize(
    "trouble",
    [
        ChatMigrated(-100),
        RetryAfter(5),
        TimedOut(),
        NetworkError("chat not found"),
        InvalidToken("user is deactivated"),
        TelegramError("odd"),
    ],
)
def test_what_is_no_refusal_of_the_chat(trouble: TelegramError) -> None:
    assert not says_unreachable(trouble)
