"""The bot's own profile photo."""

from demo.telegram.changes import Event, EventKind
from demo.telegram.errors import bad_request
from demo.telegram.fields import required_text
from demo.telegram.messages import Json
from demo.telegram.pictures import profile_picture_size
from demo.telegram.request import Params, Upload
from demo.telegram.state import World

MAX_PHOTOS = 100
_FILES = {"static": "photo", "animated": "animation"}
"""The field of each type of ``InputProfilePhoto`` that names the uploaded file."""


def set_my_profile_photo(world: World, params: Params) -> bool:
    """``setMyProfilePhoto``: a JPEG that the same call uploads; it stands before the older ones."""
    if not params.text("photo"):
        raise bad_request("photo isn't specified")
    given = params.nested("photo", "photo")
    if not isinstance(given, dict):
        raise bad_request("object expected as profile photo")
    try:
        kind = required_text(given, "type")
        if kind not in _FILES:
            raise bad_request("invalid profile photo type specified")
        named = required_text(given, _FILES[kind])
    except ValueError as error:
        raise bad_request(str(error)) from None
    upload = _uploaded(params, named)
    if kind == "animated":
        raise bad_request("the stand-in takes no animated profile photos")
    width, height = profile_picture_size(upload.content)
    photo = world.keep_file(upload.name, upload.content, "photos", width=width, height=height)
    world.profile_photos.insert(0, photo)
    world.changes.tell(Event(EventKind.BOT))
    return True


def _uploaded(params: Params, named: str) -> Upload:
    upload = params.files.get(named.removeprefix("attach://"))
    if not named.startswith("attach://") or upload is None:
        raise bad_request("photo must be uploaded as a file")
    if not upload.content:
        raise bad_request("file must be non-empty")
    return upload


def remove_my_profile_photo(world: World, _: Params) -> bool:
    """``removeMyProfilePhoto``: the present one; the one before it is shown again."""
    del world.profile_photos[:1]
    world.changes.tell(Event(EventKind.BOT))
    return True


def get_user_profile_photos(world: World, params: Params) -> Json:
    """``getUserProfilePhotos``, newest first; people here have none."""
    user_id = params.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    if user_id != world.bot["id"] and user_id not in world.users:
        raise bad_request("user not found")
    photos = world.profile_photos if user_id == world.bot["id"] else []
    first = max(params.integer("offset"), 0)
    limit = params.integer("limit", MAX_PHOTOS)
    limit = limit if 0 < limit <= MAX_PHOTOS else MAX_PHOTOS
    shown = [
        [{**photo.wire(), "width": photo.width, "height": photo.height}]
        for photo in photos[first : first + limit]
    ]
    return {"total_count": len(photos), "photos": shown}
