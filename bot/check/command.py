"""``python -m bot check``: looks at everything that a bot needs, and says what to do.

It makes and changes nothing, and may run beside the bot.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from bot.addresses import is_loopback
from bot.check.connections import (
    CLOCK,
    PLATFORM,
    TELEGRAM,
    TOKEN,
    check_platform,
    check_telegram,
)
from bot.check.data_folder import KEY, NAMES, check_data_folder
from bot.check.finding import Finding, note, ok, unchecked, wrong
from bot.check.machine import LOAD, check_load, check_zones
from bot.health.command import state_of
from bot.proxies.routes import Routes
from bot.settings_reading import SettingsReading

SETTINGS, HEALTH = "settings", "health"


async def findings_of(
    reading: SettingsReading, routes: Routes, now: Callable[[], datetime]
) -> list[Finding]:
    """Every finding, in the order of the table. What depends on a setting that is wrong is not
    checked. ``now`` is the machine's clock."""
    settings, bad = reading.settings, reading.wrong
    found = check_settings(reading, routes)
    if blocking := bad & {"TELEGRAM_API_URL", "TELEGRAM_PROXY"}:
        found += [_not_yet(name, blocking) for name in (TELEGRAM, TOKEN, CLOCK)]
    else:
        found += await check_telegram(settings, routes.telegram, now)
    if blocking := bad & {"ZJY_BASE_URL", "PLATFORM_PROXY"}:
        found.append(_not_yet(PLATFORM, blocking))
    else:
        found.append(await check_platform(settings, routes.platform))
    if blocking := bad & {"DATA_DIR"}:
        found += [_not_yet(name, blocking) for name in NAMES]
    else:
        seen = await check_data_folder(settings, now())
        bad_keys = bad & {"BOT_KEYS"}
        found += [_not_yet(KEY, bad_keys) if bad_keys and s.name == KEY else s for s in seen]
    found.append(check_zones())
    blocking = bad & {"MAX_RUNNING_JOBS", "PLATFORM_REQUESTS_PER_SECOND"}
    found.append(
        _not_yet(LOAD, blocking) if blocking else check_load(settings, state_of(settings.data_dir))
    )
    return found


def check_settings(reading: SettingsReading, routes: Routes) -> list[Finding]:
    """One finding for each mistake, or a single good one, and what is worth a note."""
    found = [wrong(SETTINGS, mistake.sentence) for mistake in reading.mistakes]
    if not found:
        found.append(ok(SETTINGS, "each is right"))
    if routes.unusable:
        names = ", ".join(routes.unusable)
        found.append(note(SETTINGS, f"proxy variables that cannot be used are left out: {names}"))
    address = reading.settings.health_address
    if address is not None and not is_loopback(f"http://{address}"):
        found.append(
            note(
                HEALTH,
                f"HEALTH_ADDRESS {address} can be reached from other machines, and asks for no "
                "password",
            )
        )
    return found


def _not_yet(name: str, blocking: Collection[str]) -> Finding:
    return unchecked(name, f"not checked: correct {', '.join(sorted(blocking))} first")
