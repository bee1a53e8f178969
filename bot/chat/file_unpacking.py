"""Unpacks files in memory: zip, Word and Excel files, gzip, and the encoded parts of mails.

What is unpacked is bounded in bytes, entries and depth, so that a small file cannot fill the
memory.
"""

import base64
import binascii
import io
import quopri
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 4 * 1024 * 1024
"""The most bytes that are unpacked from one file, of all its entries together."""
MOST_ENTRIES = 200
DEEPEST = 2
"""Files within files."""
LONGEST_PART = 1024 * 1024
"""Longer contents are cut into parts of so many bytes."""
_OVERLAP = 4096
"""Bytes that two parts share, so that no value is cut."""

_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b\x08"
_PACKED_ELSEWISE = (
    *(b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"BZh"),
)
_NO_TEXT = (b"%PDF-", b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\xd0\xcf\x11\xe0")
_LOCKED = 0x1
"""The flag of a zip entry that a password encrypts."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|bmp|emf|wmf|mp4|mp3|ttf|exe)\Z", re.IGNORECASE)
_XML_LINE = re.compile(rb"</(?:\w{1,9}:)?(?:p|si|c|row|t[rdc])>|<(?:\w{1,9}:)?(?:br|cr|tab)\s?/>")
_XML_TAG = re.compile(rb"<[^<>]*>")
_ENCODED = re.compile(
    rb"^content-transfer-encoding:[ \t]{0,9}(?:(base64)|quoted-printable)\b",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_HEADERS = 2048
_HEADERS_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """``contents`` are the file and what it holds, each at most :data:`LONGEST_PART` bytes long.

    ``is_whole``: everything was read. ``is_packed``: the file holds others.
    """

    contents: tuple[bytes, ...]
    is_whole: bool
    is_packed: bool


def unpacked(content: bytes) -> Unpacked:
    """The file and everything in it, as far as the bounds allow. Raises nothing."""
    unpacking = _Unpacking()
    contents = tuple(_parts(unpacking.all_of(content, DEEPEST)))
    packed = content.startswith((_ZIP, _GZIP, *_PACKED_ELSEWISE))
    return Unpacked(contents, unpacking.is_whole, packed)


class _Unpacking:
    def __init__(self) -> None:
        self.is_whole = True
        self._bytes_left = MOST_BYTES
        self._entries_left = MOST_ENTRIES

    def all_of(self, content: bytes, depth: int) -> Iterator[bytes]:
        if content.startswith((*_PACKED_ELSEWISE, *_NO_TEXT)):
            self.is_whole = False
        if not content.startswith((_ZIP, _GZIP)):
            yield content
            yield from _mail_parts(content)
            return
        if not depth:
            self.is_whole = False
            return
        read = self._zipped if content.startswith(_ZIP) else self._gzipped
        for each in read(content):
            yield from self.all_of(each, depth - 1)

    def _gzipped(self, content: bytes) -> Iterator[bytes]:
        packed = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            read = packed.decompress(content, self._bytes_left)
        except zlib.error:
            self.is_whole = False
            return
        self._bytes_left -= len(read)
        self.is_whole = self.is_whole and packed.eof
        yield read

    def _zipped(self, content: bytes) -> Iterator[bytes]:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                infos = [info for info in archive.infolist() if not info.is_dir()]
                is_office = any(info.filename == "[Content_Types].xml" for info in infos)
                # The texts of an office file come before its styles and settings.
                infos.sort(key=lambda info: not _is_text_of_office(info.filename))
                for info in infos:
                    if not _PICTURE.search(info.filename):
                        yield from self._entry(archive, info, is_office=is_office)
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
            self.is_whole = False

    def _entry(
        self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, is_office: bool
    ) -> Iterator[bytes]:
        is_locked = bool(info.flag_bits & _LOCKED) or info.compress_type not in _METHODS
        if is_locked or not self._entries_left or not self._bytes_left:
            self.is_whole = False
            return
        self._entries_left -= 1
        try:
            with archive.open(info) as entry:
                read = entry.read(self._bytes_left)
                self.is_whole = self.is_whole and not entry.read(1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError):
            self.is_whole = False
            return
        self._bytes_left -= len(read)
        if info.filename.endswith(".xml") or is_office:
            # Word cuts a text anywhere into runs of equal style.
            yield _XML_TAG.sub(b"", _XML_LINE.sub(b"\n", read))
        yield read


def _is_text_of_office(name: str) -> bool:
    return name.endswith(("document.xml", "sharedStrings.xml", "content.xml")) or "/sheet" in name


def _mail_parts(content: bytes) -> Iterator[bytes]:
    """The decoded parts of a mail or a saved page."""
    done = 0
    for header in _ENCODED.finditer(content):
        begin = _HEADERS_END.search(content, header.end(), header.end() + _LONGEST_HEADERS)
        if begin is None or begin.end() <= done:
            continue
        end = content.find(b"\n--", begin.end())
        done = len(content) if end < 0 else end
        body = content[begin.end() : done]
        if header.group(1):
            try:
                yield base64.b64decode(b"".join(body.split()) + b"==")
            except binascii.Error:
                continue
        else:
            yield quopri.decodestring(body)


def _parts(contents: Iterator[bytes]) -> Iterator[bytes]:
    for content in contents:
        yield content[:LONGEST_PART]
        for start in range(
            LONGEST_PART - _OVERLAP, len(content) - _OVERLAP, LONGEST_PART - _OVERLAP
        ):
            yield content[start : start + LONGEST_PART]
