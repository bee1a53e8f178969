"""The one registry of commands: source of ``/help``, the command menu and the README's table."""

from dataclasses import dataclass
from enum import Enum, auto


def _(message: str) -> str:
    """Mark a text for extraction; the code that shows it translates it."""
    return message


class CommandGroup(Enum):
    """The parts of ``/help``, in their order."""

    STUDY = auto()
    REPORTS = auto()
    ACCOUNT = auto()
    DELETION = auto()
    OWNER = auto()
    """For the owner of the bot alone: other people do not get to know of them."""


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    summary: str
    group: CommandGroup


COMMANDS = (
    Command("start", _("go to the home screen"), CommandGroup.STUDY),
    Command("courses", _("pick what to study"), CommandGroup.STUDY),
    Command("jobs", _("running and finished jobs"), CommandGroup.STUDY),
    Command("pause", _("pause the job"), CommandGroup.STUDY),
    Command("resume", _("resume a paused job"), CommandGroup.STUDY),
    Command("cancel", _("cancel a job"), CommandGroup.STUDY),
    Command("digest", _("daily digest and new lessons"), CommandGroup.REPORTS),
    Command("progress", _("your last 30 days"), CommandGroup.REPORTS),
    Command("login", _("log in with your cookie"), CommandGroup.ACCOUNT),
    Command("accounts", _("your accounts here"), CommandGroup.ACCOUNT),
    Command("settings", _("language, pace, notices"), CommandGroup.ACCOUNT),
    Command("logout", _("remove an account"), CommandGroup.DELETION),
    Command("erase", _("remove everything here"), CommandGroup.DELETION),
    Command("help", _("all commands"), CommandGroup.STUDY),
    Command("invite", _("let people in by a link"), CommandGroup.OWNER),
    Command("people", _("who may use this bot"), CommandGroup.OWNER),
)


def commands_for(*, is_owner: bool) -> tuple[Command, ...]:
    """The commands that exist for a person."""
    return tuple(each for each in COMMANDS if is_owner or each.group is not CommandGroup.OWNER)
