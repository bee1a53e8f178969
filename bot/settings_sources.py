"""Where settings come from beside the environment: ``.env``, and a container's secrets."""

from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.env_file import read_env_file, read_text_file
from bot.given_keys import SECRET_FILE

ENV_FILE = Path(".env")
"""In the folder in which the bot is started."""
TOKEN_SECRET = Path("/run/secrets/bot_token")
"""Where a container engine puts the secret ``bot_token``."""
WRITTEN: ContextVar[Mapping[str, str] | None] = ContextVar("WRITTEN", default=None)
"""What ``.env`` holds, if it was read already."""


class EnvFile(PydanticBaseSettingsSource):
    """The values of ``.env``; names in any case, as in the environment. Raises EnvFileError."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls)
        written = WRITTEN.get()
        if written is None:
            written = read_env_file(ENV_FILE, settings_cls.model_fields)
        self._values = {name.casefold(): value for name, value in written.items() if value}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self._values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        fields = self.settings_cls.model_fields
        return {name: value for name, value in self._values.items() if name in fields}


class Secrets(PydanticBaseSettingsSource):
    """``BOT_TOKEN`` and ``BOT_KEYS`` as secrets of this container, if it has them. Raises
    EnvFileError."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self().get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        token = (read_text_file(TOKEN_SECRET) or "").strip()
        given = {"bot_token": token} if token else {}
        return given | ({"bot_keys": f"@{SECRET_FILE}"} if SECRET_FILE.exists() else {})
