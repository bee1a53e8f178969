"""The file for the keys of TLS connections, which developers name in ``SSLKEYLOGFILE``."""

import os
from collections.abc import MutableMapping
from pathlib import Path

VARIABLE = "SSLKEYLOGFILE"


def leave_out_unusable_key_log(environment: MutableMapping[str, str] = os.environ) -> bool:
    """Remove the variable if its file cannot be written: Python would fail at each connection.
    Returns whether it was removed."""
    path = environment.get(VARIABLE)
    if not path:
        return False
    try:
        with Path(path).open("ab"):
            return False
    except (OSError, ValueError):
        del environment[VARIABLE]
        return True
