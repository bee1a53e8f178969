"""Waits for the digests' own tasks."""

import asyncio

from bot.digest.service import Digests


async def until_served(digests: Digests) -> None:
    """Wait until no chat is being served or read."""
    while digests._tasks:
        await asyncio.wait(digests._tasks)
