"""What the bot reads at each start and what does not change between tests: read by the first."""

import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from unittest.mock import patch

from bot.chat.i18n import Translators, load_translators


@contextmanager
def authorities_and_texts_read_once() -> Iterator[Callable[[str], Translators]]:
    """Within the block, trusted authorities are read once per file and the texts once per default
    language, however many bots and clients of httpx are made: that is most of what making one
    takes. Yields what reads the texts."""
    create = ssl.create_default_context

    @cache
    def read(cafile: str, _key_log: str | None) -> ssl.SSLContext:
        return create(cafile=cafile)

    def shared(*purpose: ssl.Purpose, cafile: str | None = None, **rest: object) -> ssl.SSLContext:
        if purpose or any(rest.values()) or cafile is None:
            return create(*purpose, cafile=cafile, **rest)  # type: ignore[arg-type]
        return read(cafile, os.environ.get("SSLKEYLOGFILE"))

    with ExitStack() as patched:
        patched.enter_context(patch("ssl.create_default_context", shared))
        texts = patched.enter_context(patch("bot.build.load_translators", cache(load_translators)))
        yield texts
