"""What can be read of a secret by one who undoes escapes and passes over separators."""

import html
import re
import unicodedata
from urllib.parse import unquote

# 240 digits without a pattern, three in eight of them letters, as in a real value.
CANARY = (
    "8B0E7153BF7C3706D85C524E440066559A6656C90BD5482A90A29B9FA5FF5180BC0DBC0E15637EBB"
    "8E3B91D26AB4A829A95249F512C17F4DD9E604A5C7B3081F62E5D94A0C71B8E36F2D85A19C40B7E3"
    "5A17F60C9D2B84E3716F0A5CD8294BE7301F96C2A58D4E7B0936F1C28AD57E4093BC6E1F07A2D58B"
)
_ESCAPE = re.compile(r"\\+(?:U([0-9A-Fa-f]{8})|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|[nrt])")


def only_digits(text: str) -> str:
    """The hex digits that a patient reader gets out of a text, escapes undone, and the halves of
    characters joined."""
    for _ in range(4):
        text = _ESCAPE.sub(lambda each: chr(int(next(filter(None, each.groups()), "20"), 16)), text)
        text = html.unescape(unquote(text))
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = re.sub(r"</?[a-z][^<>]{0,60}>", " ", text)
    return re.sub(r"[^0-9A-F]", "", unicodedata.normalize("NFKC", text).upper())


def readable(secret: str, written: str) -> list[str]:
    """The parts of 24 digits of a secret that can be read."""
    digits, secret = only_digits(written), secret.upper()
    parts = (secret[at : at + 24] for at in range(len(secret) - 23))
    return [part for part in parts if part in digits]
