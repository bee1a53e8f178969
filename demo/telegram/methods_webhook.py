"""Webhooks, of which only the bookkeeping exists, and leaving the server."""

from urllib.parse import urlsplit

from demo.telegram.errors import bad_request, too_many_requests
from demo.telegram.messages import Json
from demo.telegram.request import Params
from demo.telegram.state import World

PORTS = frozenset({443, 80, 88, 8443})
REST_SECONDS = 600
"""How long ``logOut`` lasts, and how long after its start a bot may not ``close``."""


def set_webhook(world: World, params: Params) -> bool:
    """``setWebhook``: ``getUpdates`` answers 409 from now on; nothing is ever delivered."""
    url = params.text("url")
    if url:
        parts = urlsplit(url)
        if parts.scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in PORTS:
            raise bad_request(
                "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
            )
    world.updates.webhook_url = url
    world.updates.remember_kinds(params.nested("allowed_updates", "allowed updates"))
    return _dropping(world, params)


def delete_webhook(world: World, params: Params) -> bool:
    """``deleteWebhook``."""
    world.updates.webhook_url = ""
    return _dropping(world, params)


def _dropping(world: World, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.changes.wake()
    return True


def get_webhook_info(world: World, _: Params) -> Json:
    """``getWebhookInfo``."""
    return {
        "url": world.updates.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }


def log_out(world: World, _: Params) -> bool:
    """``logOut``: no method works for ten minutes after it."""
    world.logged_out_until = world.now() + REST_SECONDS
    return True


def close(world: World, _: Params) -> bool:
    """``close``: refused in the first ten minutes after the bot was started."""
    left = world.started + REST_SECONDS - world.now()
    if left > 0:
        raise too_many_requests(int(left) + 1)
    world.started = world.now()
    return True
