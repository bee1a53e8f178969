"""Entities of a text: those given, those that Telegram finds, and the rules of nesting."""

import re
from dataclasses import replace

from demo.telegram.html_text import Formatted, HtmlParser, utf16_length
from demo.telegram.messages import Entity

_COMMAND = re.compile(r"(?<![\w/@])/([A-Za-z0-9_]{1,64})(@[A-Za-z0-9_]{3,32})?(?![\w/@])")
_URL_END = "，。！？、；：（）【】《》"
_URL = re.compile(rf"https?://[^\s<>\"{_URL_END}]*[^\s<>\"{_URL_END}.,!?;:)]")
_MONOSPACE = {"code", "pre"}


def _settled(entities: list[Entity]) -> list[Entity]:
    """Entities in the API's order, after its rules of nesting.

    A ``code`` with a language that fills a ``pre`` becomes its language. Nothing else is
    formatted inside ``code`` and ``pre``, and quotes do not nest: the API drops what is inside.
    """
    ordered = sorted(entities, key=lambda e: (e.offset, -e.length, e.type != "pre"))
    kept: list[Entity] = []
    for entity in ordered:
        outer = [o for o in kept if o.offset + o.length >= entity.offset + entity.length]
        pre = next((o for o in outer if o.type == "pre"), None)
        same = pre is not None and (pre.offset, pre.length) == (entity.offset, entity.length)
        if pre is not None and same and entity.type == "code" and entity.language:
            kept[kept.index(pre)] = Entity("pre", pre.offset, pre.length, language=entity.language)
            continue
        if any(o.type in _MONOSPACE for o in outer):
            continue
        quote = entity.type.endswith("blockquote")
        if quote and any(o.type.endswith("blockquote") for o in outer):
            continue
        if any(o.type == entity.type for o in outer):
            continue
        if entity.type == "code" and entity.language:
            entity = Entity("code", entity.offset, entity.length)
        kept.append(entity)
    return kept


def _trimmed(formatted: Formatted) -> Formatted:
    """Without white space at both ends, as the API stores every text."""
    text = formatted.text
    lead = utf16_length(text) - utf16_length(text.lstrip())
    stripped = text.strip()
    total = utf16_length(stripped)
    entities = []
    for entity in formatted.entities:
        begin = max(entity.offset - lead, 0)
        end = min(entity.offset + entity.length - lead, total)
        if end > begin:
            entities.append(replace(entity, offset=begin, length=end - begin))
    return Formatted(stripped, entities)


def parse_html(html: str) -> Formatted:
    """The text and entities of ``html``; raises ``ApiError`` 400 when it is broken."""
    parsed = _trimmed(HtmlParser(html).parse())
    return Formatted(parsed.text, _settled([*parsed.entities, *found(parsed)]))


def plain(text: str, entities: list[Entity] | None = None) -> Formatted:
    """A text without markup (``entities`` given by the sender), with what Telegram finds in it."""
    parsed = _trimmed(Formatted(text.replace("\0", ""), entities or []))
    return Formatted(parsed.text, _settled([*parsed.entities, *found(parsed)]))


def found(formatted: Formatted) -> list[Entity]:
    """Commands and addresses that Telegram recognises by itself, outside other links."""
    entities = []
    for kind, pattern in (("bot_command", _COMMAND), ("url", _URL)):
        for match in pattern.finditer(formatted.text):
            begin = utf16_length(formatted.text[: match.start()])
            length = utf16_length(match[0])
            if not any(_fixed(e) and _overlap(e, begin, length) for e in formatted.entities):
                entities.append(Entity(kind, begin, length))
    return entities


def _fixed(entity: Entity) -> bool:
    return entity.type in {"code", "pre", "text_link", "text_mention"}


def _overlap(entity: Entity, begin: int, length: int) -> bool:
    return entity.offset < begin + length and begin < entity.offset + entity.length
