"""Who the bot is: its name, descriptions, menus of commands and menu button."""

import re

from demo.telegram.access import known_chat
from demo.telegram.changes import Event, EventKind
from demo.telegram.errors import bad_request
from demo.telegram.fields import required_object, required_text
from demo.telegram.html_text import utf16_length
from demo.telegram.messages import Json
from demo.telegram.request import Params
from demo.telegram.state import BotCommand, BotStatus, ChatKind, World

MAX_COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
_CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})
LIMITS = {"name": 64, "description": 512, "short_description": 120}


def get_me(world: World, _: Params) -> Json:
    """``getMe``."""
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(world: World, params: Params) -> bool:
    """``setMyCommands``."""
    given = params.nested("commands", "commands")
    if given is not None and not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    commands = [_command(item) for item in given or []]
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[_key(world, params)] = commands
    world.changes.tell(Event(EventKind.COMMANDS))
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """``getMyCommands``: of exactly this scope and language."""
    commands = world.commands.get(_key(world, params), [])
    return [{"command": c.command, "description": c.description} for c in commands]


def delete_my_commands(world: World, params: Params) -> bool:
    """``deleteMyCommands``."""
    world.commands.pop(_key(world, params), None)
    world.changes.tell(Event(EventKind.COMMANDS))
    return True


def _command(item: object) -> BotCommand:
    if not isinstance(item, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(item.get(name), str):
            raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
    command = item["command"].strip().removeprefix("/")
    description = item["description"].strip()
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > 32:
        raise bad_request("command length must not exceed 32")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    return BotCommand(command, description)


def _language(params: Params) -> str:
    language = params.text("language_code")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _key(world: World, params: Params) -> tuple[str, str]:
    """Scope (``chat:7`` for those of one chat) and language code of a call."""
    scope = params.nested("scope", "BotCommandScope")
    if scope is None:
        return "default", _language(params)
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = str(scope.get("type", ""))
    if kind in _SCOPES:
        return kind, _language(params)
    if kind not in _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    given = str(scope.get("chat_id", ""))
    if not given:
        raise bad_request("can't parse BotCommandScope: Empty chat_id specified")
    chat = known_chat(world, Params({"chat_id": given}, {}))
    if chat.kind is ChatKind.PRIVATE and chat.bot is BotStatus.STRANGER:
        raise bad_request("chat not found")
    member = f":{scope.get('user_id', 0)}" if kind == "chat_member" else ""
    return f"{kind}:{chat.chat_id}{member}", _language(params)


class Setter:
    """Sets ``name``, ``description`` or ``short_description`` in a language; empty removes it."""

    def __init__(self, field: str) -> None:
        self.field = field

    def __call__(self, world: World, params: Params) -> bool:
        text = params.text(self.field).strip()
        if utf16_length(text) > LIMITS[self.field]:
            raise bad_request(f"bot {self.field.replace('_', ' ')} is too long")
        key = (self.field, _language(params))
        if text:
            world.names[key] = text
        else:
            world.names.pop(key, None)
        world.changes.tell(Event(EventKind.BOT))
        return True


class Getter:
    """Gives one text of the profile in a language, else the one for all languages."""

    def __init__(self, field: str) -> None:
        self.field = field

    def __call__(self, world: World, params: Params) -> Json:
        default = str(world.bot["first_name"]) if self.field == "name" else ""
        everywhere = world.names.get((self.field, ""), default)
        return {self.field: world.names.get((self.field, _language(params)), everywhere)}


def set_chat_menu_button(world: World, params: Params) -> bool:
    """``setChatMenuButton``, of one private chat or of all."""
    button = _menu_button(params)
    if not params.text("chat_id"):
        world.menu_button = button
    else:
        chat = known_chat(world, params)
        if chat.kind is not ChatKind.PRIVATE:
            raise bad_request("chat not found")
        chat.menu_button = None if button["type"] == "default" else button
    world.changes.tell(Event(EventKind.COMMANDS))
    return True


def get_chat_menu_button(world: World, params: Params) -> Json:
    """``getChatMenuButton``."""
    if not params.text("chat_id"):
        return world.menu_button
    return known_chat(world, params).menu_button or {"type": "default"}


def _menu_button(params: Params) -> Json:
    given = params.nested("menu_button", "menu button")
    if given is None:
        return {"type": "default"}
    if not isinstance(given, dict):
        raise bad_request("can't parse menu button: MenuButton must be an Object")
    try:
        kind = required_text(given, "type")
        if kind == "web_app":
            required_text(given, "text")
            required_text(required_object(given, "web_app"), "url")
    except ValueError as error:
        raise bad_request(f"can't parse menu button: {error}") from None
    if kind not in {"default", "commands", "web_app"}:
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    return given
