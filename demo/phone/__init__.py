"""A web page that is a phone with the chat of one person and the bot."""

from demo.phone.server import PhoneServer

__all__ = ["PhoneServer"]
