"""``python -m benchmarks.shifted SECONDS``: the bot, whose wall clock is so many seconds ahead."""

import runpy
import sys
from datetime import datetime, timedelta

from bot.clock import SystemClock

if __name__ == "__main__":
    ahead = timedelta(seconds=float(sys.argv[1]))
    unshifted = SystemClock.now

    def now(self: SystemClock) -> datetime:
        return unshifted(self) + ahead

    setattr(SystemClock, "now", now)  # noqa: B010 - a type checker takes no new method
    sys.argv = ["bot", "run"]
    runpy.run_module("bot", run_name="__main__")
