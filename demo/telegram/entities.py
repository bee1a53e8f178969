"""Entities of a text: those given, those that Telegram finds, and the rules of nesting."""

import re
from dataclasses import replace

from demo.telegram.html_text import Formatted, HtmlParser, utf16_length
from demo.telegram.messages import Entity

_COMMAND = re.compile(r"(?<![\w/@])/([A-Za-z0-9_]{1,64})(@[A-Za-z0-9_]{3,32})?(?![\w/@])")
_URL_END = "，。！？、；：（）【】《》"
_URL = re.compile(rf"https?://[^\s<>\"{_URL_END}]*[^\s<>\"{_URL_END}.,!?;:)]")
_SPLITTABLE = {"bold": 90, "italic": 91, "underline": 92, "strikethrough": 93, "spoiler": 94}
_PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "date_time": 30,
    "text_link": 49,
    "text_mention": 49,
    "custom_emoji": 99,
    **_SPLITTABLE,
}
"""Which of two entities of one place comes first, and so is the outer one; others have 50."""
_PLAIN_INSIDE = {"code", "pre", "date_time"}


def _settled(entities: list[Entity]) -> list[Entity]:
    """Entities in the API's order, after its rules of nesting.

    A ``code`` with a language that fills a ``pre`` becomes its language. Quotes do not nest, nor
    do links, code and moments in each other: the API drops the inner one. Bold and its like stop
    before code and moments, and go on after them.
    """
    quotes = _apart([e for e in entities if e.type.endswith("blockquote")])
    others = [e for e in entities if e.type not in _SPLITTABLE]
    whole = _apart([e for e in others if not e.type.endswith("blockquote")])
    whole = [e for e in whole if not any(_across(e, quote) for quote in quotes)]
    unformatted = [e for e in whole if e.type in _PLAIN_INSIDE]
    spans: list[Entity] = []
    for entity in _ordered([e for e in entities if e.type in _SPLITTABLE]):
        if not any(o.type == entity.type and _inside(entity, o) for o in spans):
            spans.append(entity)
    cut = [part for span in spans for part in _without(span, unformatted)]
    return _ordered([*quotes, *whole, *cut])


def _ordered(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda e: (e.offset, -e.length, _PRIORITY.get(e.type, 50)))


def _apart(entities: list[Entity]) -> list[Entity]:
    """Those that do not overlap: of two that do, the one that begins first or is the longer."""
    kept: list[Entity] = []
    for entity in _ordered(entities):
        if kept and entity.offset < _end(kept[-1]):
            last = kept[-1]
            same = (last.type, last.offset, last.length) == ("pre", entity.offset, entity.length)
            if same and entity.type == "code" and entity.language:
                kept[-1] = replace(last, language=entity.language)
        else:
            kept.append(entity)
    return [replace(e, language=None) if e.type == "code" else e for e in kept]


def _without(span: Entity, holes: list[Entity]) -> list[Entity]:
    """The parts of ``span`` that lie in none of ``holes``, which are in order."""
    parts, begin = [], span.offset
    for hole in [*holes, Entity("", _end(span), 0)]:
        end = min(hole.offset, _end(span))
        if end > begin:
            parts.append(replace(span, offset=begin, length=end - begin))
        begin = max(begin, _end(hole))
    return parts


def _end(entity: Entity) -> int:
    return entity.offset + entity.length


def _inside(inner: Entity, outer: Entity) -> bool:
    return outer.offset <= inner.offset and _end(inner) <= _end(outer)


def _across(entity: Entity, quote: Entity) -> bool:
    """Whether an entity overlaps a quote without lying in it."""
    return _overlap(entity, quote.offset, quote.length) and not _inside(entity, quote)


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
    return entity.type in {*_PLAIN_INSIDE, "text_link", "text_mention", "custom_emoji"}


def _overlap(entity: Entity, begin: int, length: int) -> bool:
    return entity.offset < begin + length and begin < entity.offset + entity.length
