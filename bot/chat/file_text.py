"""The text of a file, in any encoding that a browser or Windows saves."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 4096
"""The bytes in which zeros reveal UTF-16 without a mark."""


def texts_of_file(content: bytes) -> tuple[str, ...]:
    """The content as text: one text if its encoding is certain, else one for each possible
    encoding."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return (content.decode(encoding, "replace"),)
    wide = _wide(content[:_LOOKED_AT])
    if wide is not None:
        return (content.decode(wide, "replace"),)
    # UTF-16 that is mostly Chinese, or within another file: its Latin letters remain.
    narrow = (content.replace(b"\0", b"").decode(errors="replace"),) if b"\0" in content else ()
    try:
        return content.decode(), *narrow
    except UnicodeDecodeError:
        # In GBK a broken character swallows the letter after it; in UTF-8 it does not.
        return content.decode("gb18030", "replace"), content.decode(errors="replace"), *narrow


def _wide(head: bytes) -> str | None:
    """The UTF-16 variant of the content, if any: mostly Latin text has a zero in every second
    byte."""
    zeros = [head[start::2].count(0) / max(len(head[start::2]), 1) for start in (0, 1)]
    if max(zeros) > 0.5 > 2 * min(zeros):
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    return None
