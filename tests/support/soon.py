"""Messages that follow sooner than Telegram asks for, so that tests of a whole bot wait less.

That a bot waits as long as it should is shown by ``tests/chat/test_outbox_spacing.py`` and
``tests/chat/test_reporter.py``, and by all bots that start cold (``tests/support/warm_start.py``).
"""

SOON = {
    "bot.outbox.chat_queue.SEND_GAP": 0.1,
    "bot.outbox.chat_queue.EDIT_GAP": 0.3,
    "bot.chat.reporter.EDIT_GAPS": ((3600.0, 0.5),),
}
"""Real seconds between two messages of a chat, two edits of a message, two of a job's progress."""
