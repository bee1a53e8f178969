"""What the deaths of the bot came to, as sections of the page docs/proofs.md."""

from collections.abc import Collection

from tests.prove.crash import Crashes
from tests.prove.digest_crash import DigestCrashes
from tests.prove.report import Section
from tests.prove.soak import Soaked

_MOST_LISTED = 20
_CRASH = (
    "The real process plays a small job between both stand-ins, from its start and the login "
    "to after the summary: a video, a document, a picture, and a quiz that is left to the "
    "person. It dies at one boundary, a database commit or a send or an answer of HTTP, is "
    "started again at once, and the person repeats what went unanswered. Each time the job "
    "must go on in its message and end there; its summary must be the platform's percents, "
    "and come once, or twice where the death fell between Telegram's acceptance and our "
    "commit; the platform must see no rule broken, a restart counting as one second of its "
    "time; no cookie may be readable in the data folder, the output or a message. "
    "`CRASH_AT=17 .venv/bin/python -m pytest tests/prove/test_crash.py` repeats one.\n"
)
_SOAK = (
    "Chats, each with a student of its own, log in and study a small job, one beginning after "
    "the other, while the real process is killed at random moments and started again at once. "
    "At the end every job has ended, with the same checks as above for each chat, and no chat "
    "was told of another's student. `SOAK_SEED=7 .venv/bin/python -m pytest "
    "tests/prove/test_soak.py` draws the moments of that seed again.\n"
)
_DIGEST = (
    "The real process lives through three days with a digest between both stand-ins; the student "
    "does something before the second and the third. On the second it dies at one boundary, from "
    "its start to after the digest is marked sent, and is started again at once; on the third it "
    "starts again. This is played with a digest that is one message, and with one that is two. "
    "The second day's must come once, or, where the death fell between the commit that claims it "
    "and the one that marks it sent, once or not at all; then the third day's must name that "
    "date, and no other one any. What a digest says was gained must count from the last one that "
    "was marked sent, and none may be claimed before the platform's last answer. The platform must "
    "see no rule broken, a restart counting as one second of its time; no cookie may be readable "
    "in the data folder, the output or a message. "
    "`DIGEST_CRASH_AT='two 17' .venv/bin/python -m pytest tests/prove/test_digest_crash.py` "
    "repeats one.\n"
)


def crash_section(found: Crashes) -> Section:
    sorts = sorted(found.sorts.items())
    rows = [
        "## A death at every boundary\n",
        _CRASH,
        "| | |\n|---|---|",
        f"| boundaries | {found.boundaries} |",
        f"| deaths | {found.deaths} |",
        *(f"| of these {sort} | {number} |" for sort, number in sorts),
        f"| boundaries it did not come to again (they come by the clock) | {len(found.missed)} |",
        f"| slowest to go on after the start, in seconds | {found.slowest:.1f} |",
        f"| that was after a death at | {found.slowest_at} |",
        f"| summaries that came twice | {found.told_twice} |",
        f"| pasted cookies whose update died before their deletion | {found.cookies_left} |",
        f"| seconds | {found.seconds:.0f} |",
        f"| deaths that broke a promise | {len(found.failures)} |",
        _listed([f"`{name}`" for name in found.missed]),
        _listed([f"**broken**: `{name}`" for name in found.failures]),
    ]
    return Section("\n".join(rows).rstrip(), not found.failures)


def digest_crash_section(found: DigestCrashes) -> Section:
    sorts = sorted(found.sorts.items())
    rows = [
        "## A death at every boundary of a digest\n",
        _DIGEST,
        "| | |\n|---|---|",
        f"| boundaries | {found.boundaries} |",
        f"| deaths | {found.deaths} |",
        *(f"| of these {sort} | {number} |" for sort, number in sorts),
        f"| boundaries it did not come to again (they come by the clock) | {len(found.missed)} |",
        f"| digests that came and were marked sent | {found.once} |",
        f"| digests that were lost: claimed, and not marked sent | {found.lost} |",
        f"| of these in the chat all the same | {found.lost_yet_there} |",
        f"| of these told of by the next one | {found.told_of} |",
        f"| digests that came twice | {found.twice} |",
        *(f"| lost {at} | {number} |" for at, number in sorted(found.lost_at.items())),
        f"| seconds | {found.seconds:.0f} |",
        f"| deaths that broke a promise | {len(found.failures)} |",
        _listed([f"`{name}`" for name in found.missed]),
        _listed([f"**broken**: `{name}`" for name in found.failures]),
    ]
    return Section("\n".join(rows).rstrip(), not found.failures)


def soak_section(found: Soaked) -> Section:
    rows = [
        "## A soak of kills\n",
        _SOAK,
        "| | |\n|---|---|",
        f"| seed | {found.seed} |",
        f"| chats | {found.chats} |",
        f"| kills | {found.kills} |",
        f"| jobs interrupted by them | {found.interrupted} |",
        f"| requests to the platform | {found.requests} |",
        f"| slowest job to go on after a start, in seconds | {found.slowest:.1f} |",
        f"| summaries that came twice | {found.told_twice} |",
        f"| seconds | {found.seconds:.0f} |",
        f"| promises broken | {len(found.broken)} |",
        _listed([line.partition("\n")[0][:200] for line in found.broken]),
    ]
    return Section("\n".join(rows).rstrip(), not found.broken)


def _listed(entries: Collection[str]) -> str:
    lines = [f"- {each}" for each in list(entries)[:_MOST_LISTED]]
    return "\n" + "\n".join(lines) if lines else ""
