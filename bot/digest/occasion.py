"""Why an account is read, and how far."""

from dataclasses import dataclass
from datetime import date

from bot.tracking.backfill import Allowance
from bot.zjy.gate import Priority


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why an account is read. With ``tell`` new lessons leave a notice of their own; unknown cells
    are read within the ``allowance``."""

    local_date: date
    priority: Priority
    tell: bool
    allowance: Allowance
