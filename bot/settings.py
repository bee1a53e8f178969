"""Settings, from the environment or ``.env``. They are read once at the start
(:mod:`bot.settings_reading`), then passed in.

``.env.example`` and the README list every name, default and meaning; tests keep them equal.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from stat import S_ISVTX
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.addresses import is_loopback, is_server
from bot.given_keys import GivenKeys
from bot.listen_address import ListenAddress
from bot.proxies.address import Proxy
from bot.settings_sources import EnvFile, Secrets

TELEGRAM = "https://api.telegram.org"
WEBHOOK_PORTS = frozenset({443, 80, 88, 8443})
"""Where Telegram's own servers send updates to."""
DEFAULT_WEBHOOK_LISTEN = ListenAddress("127.0.0.1", 8080)


class SettingsError(Exception):
    """The settings cannot be used. The message is one sentence for the operator per setting."""


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


class Language(StrEnum):
    """Languages the bot speaks when a person's own is not known."""

    ZH = "zh"
    EN = "en"


_SEPARATORS = re.compile(r"[\s,，、;；]+")


class AllowedUsers:
    """The people who may use the bot: Telegram user ids, or all people (``*``); ``first`` is the
    first id of the list."""

    def __init__(self, *ids: int, everybody: bool = False) -> None:
        self.ids = frozenset(ids)
        self.first = ids[0] if ids else None
        self.everybody = everybody

    def __contains__(self, user_id: object) -> bool:
        return self.everybody or user_id in self.ids

    @classmethod
    def parse(cls, text: str) -> "AllowedUsers":
        """Parse ``12, 34`` or ``*``; empty allows no person. Raises ValueError for anything
        else."""
        parts = [part for part in _SEPARATORS.split(text) if part]
        if parts in (["*"], ["＊"]):
            return cls(everybody=True)
        try:
            return cls(*(int(part) for part in parts))
        except ValueError:
            raise ValueError("must be Telegram user ids separated by commas, or *") from None


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _proxy(value: object) -> object:
    if isinstance(value, str):
        return Proxy.parse(value) if value.strip() else None
    return value


def _listen(value: object) -> object:
    if isinstance(value, str):
        return ListenAddress.parse(value) if value.strip() else None
    return value


ProxySetting = Annotated[Proxy | None, NoDecode, BeforeValidator(_proxy)]

ListenSetting = Annotated[ListenAddress | None, NoDecode, BeforeValidator(_listen)]


def _keys(value: object) -> object:
    if isinstance(value, str):
        return GivenKeys.parse(value) if value else None
    return value


_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


def _is_shared(folder: Path) -> bool:
    """Whether the folder is the root of all, or one in which each account has files, as /tmp."""
    with suppress(OSError):
        return folder == folder.parent or bool(folder.stat().st_mode & S_ISVTX)
    return False


class Settings(BaseSettings):
    """All settings of the bot. Read them with :mod:`bot.settings_reading`."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
    )

    bot_token: str = Field("", repr=False)
    telegram_api_url: str = TELEGRAM
    zjy_base_url: str = "https://zjy2.icve.com.cn"
    telegram_proxy: ProxySetting = None
    platform_proxy: ProxySetting = None
    webhook_url: str | None = None
    webhook_listen: ListenSetting = None
    data_dir: Path = Path("data")
    allowed_users: Annotated[AllowedUsers, NoDecode] = AllowedUsers()
    bot_keys: Annotated[GivenKeys | None, NoDecode, BeforeValidator(_keys)] = None
    clock_speed: float = Field(1.0, gt=0, allow_inf_nan=False)
    default_language: Annotated[Language, BeforeValidator(_lower)] = Language.ZH
    max_running_jobs: int = Field(200, ge=1)
    platform_requests_per_second: float = Field(20.0, gt=0, allow_inf_nan=False)
    telegram_messages_per_second: float = Field(25.0, gt=0, allow_inf_nan=False)
    backup_keep_days: int = Field(7, ge=0, le=36_500)
    health_address: ListenSetting = None
    log_level: Annotated[LogLevel, BeforeValidator(_lower)] = LogLevel.INFO
    log_format: Annotated[LogFormat, BeforeValidator(_lower)] = LogFormat.CONSOLE

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment takes precedence over the file, and both over a secret."""
        return init_settings, env_settings, EnvFile(settings_cls), Secrets(settings_cls)

    @field_validator("bot_token")
    @classmethod
    def _token(cls, value: str) -> str:
        # Phones write a full-width colon, and chat programs zero-width spaces.
        token = unicodedata.normalize("NFKC", value).replace("\u200b", "").strip()
        if token and not _TOKEN.fullmatch(token):
            raise ValueError(
                "must look as @BotFather writes it: digits, a colon, then letters, digits, - and _"
            )
        return token

    @field_validator("data_dir")
    @classmethod
    def _writable_path(cls, value: Path) -> Path:
        """SQLite takes only paths in UTF-8."""
        try:
            str(value.resolve()).encode()
        except (OSError, RuntimeError, ValueError):
            raise ValueError(
                "must be a folder whose full path is written in UTF-8 and holds no loop of links"
            ) from None
        if _is_shared(value.resolve()):
            raise ValueError(
                "must be a folder of the bot's own, as /var/lib/zjy-study-bot: the bot closes it "
                "to all others"
            )
        return value

    @field_validator("allowed_users", mode="before")
    @classmethod
    def _users(cls, value: object) -> object:
        return AllowedUsers.parse(value) if isinstance(value, str) else value

    @field_validator("telegram_api_url", "zjy_base_url")
    @classmethod
    def _url(cls, value: str) -> str:
        address = value.strip()
        if not is_server(address):
            raise ValueError(
                "must be an address that starts with http:// or https://, of letters, digits and "
                "signs of a plain keyboard, without ? and #"
            )
        return address.rstrip("/")

    @field_validator("telegram_api_url")
    @classmethod
    def _server_alone(cls, value: str) -> str:
        if urlsplit(value).path.rpartition("/")[2].lower().startswith("bot"):
            raise ValueError("must be the server's address alone, without /bot and the token")
        return value

    @field_validator("webhook_url")
    @classmethod
    def _webhook(cls, value: str | None) -> str | None:
        address = (value or "").strip()
        if not address:
            return None
        parts = urlsplit(address) if is_server(address) else None
        is_safe = parts is not None and (parts.scheme == "https" or is_loopback(address))
        if parts is None or not is_safe or "@" in parts.netloc:
            raise ValueError(
                "must be an address that starts with https://, as in https://bot.example.org/hook, "
                "without user, password, ? and #; http:// only on this machine"
            )
        return address

    @model_validator(mode="after")
    def _that_fit_together(self) -> "Settings":
        """All in one validator: the library stops at the first that raises."""
        if sentences := [*_misfits(self)]:
            raise ValueError("\n".join(sentences))
        return self


def _misfits(settings: Settings) -> Iterator[str]:
    """One sentence, without its full stop, for each group of values that do not fit together. It
    names their settings."""
    if settings.clock_speed != 1 and not is_loopback(settings.zjy_base_url):
        yield "CLOCK_SPEED may differ from 1 only when ZJY_BASE_URL is on this machine"
    if settings.webhook_url is None:
        if settings.webhook_listen is not None:
            yield "WEBHOOK_LISTEN is set and WEBHOOK_URL is not: set both, or neither"
    elif settings.health_address == (settings.webhook_listen or DEFAULT_WEBHOOK_LISTEN):
        yield "HEALTH_ADDRESS and WEBHOOK_LISTEN are the same address: change one of them"
    if settings.webhook_url is not None and settings.telegram_api_url == TELEGRAM:
        parts = urlsplit(settings.webhook_url)
        if parts.scheme != "https" or (parts.port or 443) not in WEBHOOK_PORTS:
            yield (
                "WEBHOOK_URL must start with https:// and have one of the ports 443, 80, 88 and "
                "8443: Telegram takes no other"
            )
