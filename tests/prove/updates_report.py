"""What the bot was sent, as a section of the page docs/proofs.md."""

from tests.prove.report import Section
from tests.prove.updates import IDLE_CPU, WITHIN, Endured

_ABOUT = (
    "The real process, between both stand-ins and at `LOG_LEVEL=debug`, is sent updates that "
    "Hypothesis draws from the library's classes of the Bot API: every kind, fields left out, "
    "emptied, of another type or unknown, half emojis, NUL, objects nested too deeply, updates "
    "that are no objects or have no id. In their texts stand a cookie, whole and in pieces, and a "
    "word. After each batch another person sends `/start`, which must be answered; neither "
    "cookie, word nor token may stand in the log; of each second without updates at most "
    f"{IDLE_CPU:g} s of the processor may be used. "
    "`UPDATES_SEED=7 .venv/bin/python -m pytest tests/prove/test_updates.py` repeats one."
)


def updates_section(found: Endured) -> Section:
    """``good`` if no promise was broken and every answer came in time."""
    rows = [
        "## Updates of any shape\n",
        f"{_ABOUT}\n",
        "| | |\n|---|---|",
        f"| seed | {found.seed} |",
        f"| batches | {found.batches} |",
        f"| updates | {found.updates} |",
        f"| of these handed to the handlers | {found.handled} |",
        f"| slowest answer to `/start`, in seconds | {found.slowest:.2f} |",
        f"| answers that took more than {WITHIN:g} s | {found.late} |",
        f"| most that a batch added to the log, in bytes | {found.log_bytes} |",
        f"| most of the processor in a second without updates, in seconds | {found.idle_cpu:.2f} |",
        f"| seconds | {found.seconds:.0f} |",
        f"| promises broken | {int(bool(found.broken))} |",
    ]
    if found.broken:
        rows.append(f"\n- **broken**: {found.broken.partition(chr(10))[0][:200]}")
    return Section("\n".join(rows), not found.broken and found.late == 0)
