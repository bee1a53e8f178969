"""The codes of links that let people in: ``https://t.me/<bot>?start=<code>``."""

import hashlib
import re
import secrets
from enum import Enum, auto

LETTERS = "GHJKLMNPQRSTUVWXYZghjkmnpqrstuvwxyz"
"""No hex digits: in the log, a row of those is taken for a cookie and hidden."""
LENGTH = 26
"""More than 130 bits: a code cannot be guessed."""
_CODE = re.compile(f"[{LETTERS}]{{{LENGTH}}}")
_START = re.compile(r"/start(?:@\w+)?\s+(\S+)\s*", re.ASCII | re.IGNORECASE)


class Opened(Enum):
    """The answers to an opened link."""

    REFUSED = auto()
    """It is no link of this bot, or one that has ended."""
    KNOWN = auto()
    """The person may use the bot already; no place of the invite is taken."""
    JOINED = auto()
    CLAIMED = auto()
    """The person is the owner from now on."""


def new_code() -> str:
    """A code that was not given out before."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def hash_of(code: str) -> str:
    """What is kept of a code. It needs no salt: codes are as random as hashes."""
    return hashlib.sha256(code.encode()).hexdigest()


def link_of(username: str, code: str) -> str:
    """The link that opens the chat with the bot and sends ``/start <code>``."""
    return f"https://t.me/{username}?start={code}"


def code_in(text: str | None) -> str | None:
    """The code that an opened link sent; None for any other text."""
    sent = _START.fullmatch(text or "")
    return sent[1] if sent is not None and _CODE.fullmatch(sent[1]) else None
