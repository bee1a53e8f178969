"""The task that sends updates as long as a webhook is set."""

import asyncio
import time
from collections.abc import Callable

import aiohttp

from demo.telegram.state import World
from demo.telegram.webhook import Delivery, Retry, Sending, post


class WebhookSender:
    """Runs from :meth:`start` to :meth:`stop`; ``is_away`` tells whether Telegram is."""

    def __init__(self, world: World, is_away: Callable[[], bool]) -> None:
        self._world = world
        self._is_away = is_away
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            self._task = None

    async def _run(self) -> None:
        delivery: Delivery | None = None
        async with aiohttp.ClientSession() as http:
            try:
                while True:
                    delivery = self._current(delivery)
                    wake_at = None
                    if delivery is not None and not self._is_away():
                        chosen, wake_at = delivery.next(self._world.updates.to_send())
                        for each in chosen:
                            task = self._send(http, delivery, each)
                            delivery.busy[each.queue] = asyncio.create_task(task)
                    await self._wait(wake_at)
            finally:
                _drop(delivery)

    def _current(self, delivery: Delivery | None) -> Delivery | None:
        """The delivery of the webhook that is set; one that was changed begins anew."""
        webhook = self._world.updates.webhook
        if delivery is not None and delivery.webhook is webhook:
            return delivery
        _drop(delivery)
        return Delivery(webhook) if webhook is not None else None

    async def _wait(self, until: float | None) -> None:
        seconds = None if until is None else max(0.0, until - time.monotonic())
        try:
            async with asyncio.timeout(seconds):
                await self._world.changes.next()
        except TimeoutError:
            return

    async def _send(self, http: aiohttp.ClientSession, delivery: Delivery, each: Sending) -> None:
        webhook = delivery.webhook
        trouble, retry_after = await post(http, webhook, each.update)
        if trouble is None:
            self._world.updates.acknowledge(each.update_id)
            delivery.retries.pop(each.update_id, None)
        else:
            webhook.last_error_date = int(self._world.now())
            webhook.last_error_message = trouble
            delivery.retries.setdefault(each.update_id, Retry()).failed(retry_after)
        delivery.busy.pop(each.queue, None)
        self._world.changes.wake()


def _drop(delivery: Delivery | None) -> None:
    """Close the connections of a webhook that is no longer set."""
    if delivery is not None:
        for task in delivery.busy.values():
            task.cancel()
