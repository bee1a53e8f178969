"""What the owner of the bot is told by itself."""

from collections.abc import Mapping
from typing import Any

from bot.chat.i18n import Translator
from bot.outbox.screen import Screen
from storage.enums import OwnerCause


def notice(tr: Translator, cause: OwnerCause, facts: Mapping[str, Any]) -> Screen:
    """``facts`` are those that :class:`~bot.chat.owner_notices.OwnerNotices` stores."""
    return Screen(tr.html("👑 For the owner") + "\n" + _text(tr, cause, facts))


def _text(tr: Translator, cause: OwnerCause, facts: Mapping[str, Any]) -> str:
    match cause:
        case OwnerCause.TELEGRAM_AWAY:
            time = tr.duration(_number(facts, "seconds"))
            return tr.html(
                "📡 Telegram could not be reached for {time}. It answers again; jobs went on "
                "meanwhile.",
                time=time,
            )
        case OwnerCause.PLATFORM_AWAY:
            time = tr.duration(_number(facts, "seconds"))
            return tr.html(
                "🌧 The platform has given no usable answer for {time}. Jobs wait, and go on by "
                "themselves.",
                time=time,
            )
        case OwnerCause.DISK:
            return tr.html(
                "💾 The disk is nearly full: {free} MB are left. Please free some space, or "
                "backups and jobs will stop.",
                free=round(_number(facts, "free_mb")),
            )
        case OwnerCause.BACKUP:
            return tr.html(
                "🗄 The nightly backup failed and is tried again every 10 minutes. The log says "
                "why; most often the disk is full."
            )
        case OwnerCause.FAULT:
            return tr.html(
                "🐞 The bot met an error. The log has the details under the number "
                "<code>{reference}</code>. Further errors of today are only in the log.",
                reference=str(facts.get("reference", "")),
            )
        case OwnerCause.UPGRADE:
            return tr.html(
                "⬆️ Version {version} is running now (before: {before}); the database is at "
                "version {schema}.",
                version=str(facts.get("version", "")),
                before=str(facts.get("before") or "–"),
                schema=round(_number(facts, "schema")),
            )


def _number(facts: Mapping[str, Any], name: str) -> float:
    value = facts.get(name)
    return value if isinstance(value, int | float) else 0.0
