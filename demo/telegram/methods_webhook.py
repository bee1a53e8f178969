"""Webhooks, which :mod:`demo.telegram.webhook_sender` sends updates to, and leaving the server."""

import re

from demo.telegram.errors import bad_request, too_many_requests
from demo.telegram.messages import Json
from demo.telegram.request import Params
from demo.telegram.state import World
from demo.telegram.updates import DEFAULT_KINDS
from demo.telegram.webhook import DEFAULT_CONNECTIONS, Webhook, trouble_of_url

REST_SECONDS = 600
"""How long ``logOut`` lasts, and how long after its start a bot may not ``close``."""
MOST_CONNECTIONS, MOST_LOCAL_CONNECTIONS = 100, 100_000
LONGEST_SECRET = 256
SET_EVERY = 1.0
"""Seconds between two ``setWebhook`` with an address."""


def set_webhook(world: World, params: Params) -> bool:
    """``setWebhook``: updates are sent from now on, and ``getUpdates`` answers 409. Without a
    ``url`` it is ``deleteWebhook``."""
    url = params.text("url")
    if not url:
        return delete_webhook(world, params)
    if world.now() < world.next_set_webhook:
        raise too_many_requests(1)
    world.next_set_webhook = world.now() + SET_EVERY
    new = Webhook(url, params.text("secret_token"), _connections(world, params))
    if new.is_same(world.updates.webhook) and not params.flag("drop_pending_updates"):
        world.updates.remember_kinds(params.nested("allowed_updates", "allowed updates"))
        return True
    # The old one is closed first: what is refused leaves none.
    world.updates.webhook = None
    done = _dropping(world, params)
    trouble = trouble_of_url(url, is_local=world.local_folder is not None)
    if trouble is not None and trouble.startswith("invalid"):
        raise bad_request(trouble)
    if len(new.secret_token) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", new.secret_token):
        raise bad_request("secret token contains unallowed characters")
    world.updates.remember_kinds(params.nested("allowed_updates", "allowed updates"))
    if trouble is not None:
        raise bad_request(trouble)
    world.updates.webhook = new
    world.changes.wake()
    return done


def _connections(world: World, params: Params) -> int:
    most = MOST_CONNECTIONS if world.local_folder is None else MOST_LOCAL_CONNECTIONS
    return min(max(params.integer("max_connections", DEFAULT_CONNECTIONS), 1), most)


def delete_webhook(world: World, params: Params) -> bool:
    """``deleteWebhook``."""
    world.updates.webhook = None
    return _dropping(world, params)


def _dropping(world: World, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.changes.wake()
    return True


def get_webhook_info(world: World, _: Params) -> Json:
    """``getWebhookInfo``."""
    webhook = world.updates.webhook
    info: Json = {
        "url": webhook.url if webhook is not None else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    if webhook is not None:
        if webhook.last_error_date is not None:
            info["last_error_date"] = webhook.last_error_date
            info["last_error_message"] = webhook.last_error_message
        info |= {"max_connections": webhook.max_connections, "ip_address": "<unknown>"}
    if world.updates.allowed != DEFAULT_KINDS:
        info["allowed_updates"] = sorted(world.updates.allowed)
    return info


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
