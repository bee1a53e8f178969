"""The text or caption of a message, as a call gives it."""

from demo.telegram.entities import parse_html, plain
from demo.telegram.errors import bad_request
from demo.telegram.fields import optional_flag, optional_text
from demo.telegram.given import given_entities
from demo.telegram.html_text import Formatted, utf16_length
from demo.telegram.request import Params

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_SOURCE_BYTES = 1 << 15
"""The API looks at no longer text, markup included."""


def read_text(params: Params) -> Formatted:
    """The ``text`` of a call. Raises ``ApiError`` 400."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    _check_link_preview(params)
    entities = params.nested("entities", "entities")
    formatted = formatted_text(params.text("text"), params.text("parse_mode"), entities)
    if not formatted.text:
        raise bad_request("message text is empty")
    if utf16_length(formatted.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return formatted


def _check_link_preview(params: Params) -> None:
    options = params.nested("link_preview_options", "link preview options")
    if options is None:
        return
    if not isinstance(options, dict):
        raise bad_request("object expected as link preview options")
    try:
        optional_text(options, "url")
        for name in ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text"):
            optional_flag(options, name)
    except ValueError as error:
        raise bad_request(str(error)) from None


def read_caption(params: Params) -> Formatted:
    """The ``caption`` of a call, which may be empty. Raises ``ApiError`` 400."""
    entities = params.nested("caption_entities", "caption entities")
    return caption(params.text("caption"), params.text("parse_mode"), entities)


def caption(text: str, parse_mode: str, entities: object) -> Formatted:
    """A caption within its limit. Raises ``ApiError`` 400."""
    formatted = formatted_text(text, parse_mode, entities)
    if utf16_length(formatted.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return formatted


def formatted_text(text: str, parse_mode: str, entities: object) -> Formatted:
    """A text of any length with its markup. Raises ``ApiError`` 400.

    Of the API's parse modes only HTML is implemented; ``entities`` count without a mode.
    """
    if len(text.encode()) > MAX_SOURCE_BYTES:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if not text or mode in {"", "none"}:
        return plain(text, given_entities(entities))
    if mode == "html":
        return parse_html(text)
    if mode in {"markdown", "markdownv2"}:
        raise bad_request(f"can't parse entities: the stand-in has no {parse_mode}, use HTML")
    raise bad_request("unsupported parse_mode")
