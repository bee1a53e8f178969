"""The one registry of commands: source of ``/help``, the command menu and the README's table."""

from dataclasses import dataclass


def _(message: str) -> str:
    """Mark a text for extraction; the code that shows it translates it."""
    return message


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    summary: str


COMMANDS = (
    Command("start", _("begin, or back to the first screen")),
    Command("courses", _("pick a course and modules to study")),
    Command("jobs", _("what is running and what has ended")),
    Command("pause", _("let the running job rest")),
    Command("resume", _("let a paused job go on")),
    Command("cancel", _("end a job")),
    Command("digest", _("daily digest: time, days, new lessons")),
    Command("progress", _("your last 30 days as a chart")),
    Command("login", _("log in with your platform cookie")),
    Command("accounts", _("your accounts in this chat")),
    Command("settings", _("language, pace, time zone and notices")),
    Command("logout", _("remove an account and its cookie")),
    Command("erase", _("remove everything of this chat")),
    Command("help", _("what I understand")),
)
