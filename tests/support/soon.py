"""Messages that follow sooner than Telegram asks for, so that tests of a whole bot wait less.

That a bot waits as long as it should is shown by ``tests/chat/test_outbox_spacing.py`` and
``tests/chat/test_reporter.py``.
"""

from pkgutil import resolve_name

SOON = {
    "bot.outbox.chat_queue.SEND_GAP": 0.1,
    "bot.chat.reporter.EDIT_GAPS": ((3600.0, 0.5),),
}
"""Real seconds between two messages of a chat, and between two edits of a job's progress."""


def follow_soon() -> None:
    """Of the bot that this process is, for as long as it lives."""
    for name, value in SOON.items():
        module, _, constant = name.rpartition(".")
        setattr(resolve_name(module), constant, value)
