"""The line that says whether the person's message was deleted."""

from enum import Enum

from bot.chat.i18n import Translator


class Deletion(Enum):
    """Whether the message that an answer is about was deleted."""

    NOT_TRIED = "not tried"
    DONE = "done"
    REFUSED = "refused"

    @classmethod
    def of(cls, *, deleted: bool) -> "Deletion":
        return cls.DONE if deleted else cls.REFUSED


def deletion_line(tr: Translator, deletion: Deletion) -> str:
    """A further line of an answer; empty if there was nothing to delete."""
    match deletion:
        case Deletion.NOT_TRIED:
            return ""
        case Deletion.DONE:
            return "\n" + tr.html("🔒 I deleted your message.")
        case Deletion.REFUSED:
            return "\n" + tr.html("⚠️ I could not delete your message: please delete it.")
