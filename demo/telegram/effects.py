"""The animations that an app plays once when a message comes."""

import re

from demo.telegram.errors import bad_request
from demo.telegram.request import Params
from demo.telegram.state import Chat, ChatKind

EFFECTS = {
    "5107584321108051014": "👍",
    "5104858069142078462": "👎",
    "5159385139981059251": "❤",
    "5104841245755180586": "🔥",
    "5046509860389126442": "🎉",
    "5046589136895476101": "💩",
}
"""The effects that cost nothing: their ids, and the emoji that apps show for them."""


def read_effect(params: Params, chat: Chat) -> str | None:
    """The ``message_effect_id`` of a call; what begins with no digit counts as none, as in the API.

    Raises ``ApiError`` 400 for an effect outside a private chat, and for an unknown one.
    """
    digits = re.match(r"[0-9]+", params.text("message_effect_id"))
    effect_id = digits[0] if digits else ""
    if not effect_id.strip("0"):
        return None
    if chat.kind is not ChatKind.PRIVATE:
        raise bad_request("can't use message effects in the chat")
    if effect_id not in EFFECTS:
        raise bad_request("EFFECT_ID_INVALID")
    return effect_id
