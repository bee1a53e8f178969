"""Photos and documents: sending them, alone or as an album, changing and fetching them."""

from dataclasses import dataclass

from demo.telegram.access import message_to_edit
from demo.telegram.errors import ApiError, bad_request
from demo.telegram.html_text import Formatted
from demo.telegram.markup import read_markup
from demo.telegram.messages import Json, Message, StoredFile
from demo.telegram.methods_edit import edited, not_modified
from demo.telegram.methods_send import draft
from demo.telegram.pictures import picture_size
from demo.telegram.request import Params, Upload
from demo.telegram.state import World
from demo.telegram.texts import caption, read_caption

MAX_DOCUMENT = 50 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_ALBUM = 10
KINDS = ("photo", "document")


@dataclass(frozen=True)
class _Media:
    """One photo or document that a call brings, with its caption."""

    kind: str
    file: StoredFile
    text: Formatted
    html: str

    def put(self, message: Message) -> Message:
        message.photo = self.file if self.kind == "photo" else None
        message.document = self.file if self.kind == "document" else None
        message.text, message.entities = self.text.text, self.text.entities
        message.html = self.html
        return message


def send_photo(world: World, params: Params) -> Json:
    """``sendPhoto``."""
    return _send(world, params, "photo")


def send_document(world: World, params: Params) -> Json:
    """``sendDocument``."""
    return _send(world, params, "document")


def _send(world: World, params: Params, kind: str) -> Json:
    text = read_caption(params)
    message = draft(world, params)
    file = _file(world, params, kind, params.text(kind), params.files.get(kind))
    media = _Media(kind, file, text, params.text("caption"))
    return world.wire(world.show(media.put(message)))


def _file(world: World, params: Params, kind: str, named: str, upload: Upload | None) -> StoredFile:
    """The file that a call uploads, attaches, or names by its ``file_id``."""
    if named.startswith("attach://"):
        upload = params.files.get(named.removeprefix("attach://"))
    elif named:
        return _known(world, kind, named)
    if upload is None:
        raise bad_request(f"there is no {kind} in the request")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        width, height = picture_size(upload.content)
        return world.keep_file(upload.name, upload.content, "photos", width=width, height=height)
    if len(upload.content) > MAX_DOCUMENT:
        raise ApiError(413, "Request Entity Too Large")
    return world.keep_file(upload.name, upload.content, "documents")


def _known(world: World, kind: str, named: str) -> StoredFile:
    file = world.files.get(named)
    if file is None:
        if "://" in named:
            raise bad_request("failed to get HTTP URL content")
        raise bad_request("wrong file identifier/HTTP URL specified")
    if kind == "photo" and not file.path.startswith("photos/"):
        raise bad_request("can't use file of type Document as Photo")
    return file


def send_media_group(world: World, params: Params) -> list[Json]:
    """``sendMediaGroup``: photos, or documents, never both in one album."""
    params.required("media")
    given = params.nested("media", "media")
    if not isinstance(given, list):
        raise bad_request("expected an Array of InputMedia")
    if not given:
        raise bad_request("there are no messages to send")
    if len(given) > MAX_ALBUM:
        raise bad_request("too many messages to send as an album")
    album = [_input_media(world, params, item) for item in given]
    if len({media.kind for media in album}) > 1:
        raise bad_request("document can't be mixed with other media types")
    group_id = str(13_000_000_000_000_000 + world.number())
    shown = []
    for media in album:
        message = media.put(draft(world, params))
        message.media_group_id = group_id
        shown.append(world.wire(world.show(message)))
    return shown


def _input_media(world: World, params: Params, item: object) -> _Media:
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = str(item.get("type", ""))
    if kind not in KINDS:
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    named = item.get("media")
    if not isinstance(named, str):
        raise bad_request("can't parse InputMedia: Can't find field \"media\"")
    html = str(item.get("caption") or "")
    text = caption(html, str(item.get("parse_mode") or ""), item.get("caption_entities"))
    return _Media(kind, _file(world, params, kind, named, None), text, html)


def edit_message_media(world: World, params: Params) -> Json:
    """``editMessageMedia``: another photo or document, or one in place of a text."""
    params.required("media")
    media = _input_media(world, params, params.nested("media", "input media"))
    buttons = read_markup(params, inline_only=True)
    message = message_to_edit(world, params)
    if message.sticker is not None or message.voice is not None:
        raise bad_request("message can't be edited")
    same_file = media.file in (message.photo, message.document)
    same_text = (message.text, message.entities) == (media.text.text, media.text.entities)
    if same_file and same_text and message.buttons == buttons:
        raise not_modified()
    media.put(message)
    message.buttons = buttons
    return edited(world, message)


def get_file(world: World, params: Params) -> Json:
    """``getFile``: at most 20 MB can be downloaded. In local mode a file is read at its path in
    the server's folder for the bot."""
    file_id = params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    file = world.files.get(file_id)
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if world.local_folder is not None:
        stored = world.local_folder / world.token / file.path
        stored.parent.mkdir(parents=True, exist_ok=True)
        stored.write_bytes(file.content)
        return {**file.wire(), "file_path": str(stored)}
    if len(file.content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {**file.wire(), "file_path": file.path}
