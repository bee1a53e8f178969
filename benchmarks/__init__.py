"""How fast the bot answers, alone and when many chats press at once: ``make bench``."""
