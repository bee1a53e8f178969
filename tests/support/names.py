"""Who the tests speak of: the bot's token, two people, and a cookie."""

TOKEN = "123456:stand-in"
ANNA, BORIS = 1001, 1002
"""Ids of two people, and of their private chats."""
COOKIE = "5EC4E7C00C1E0F00D"
