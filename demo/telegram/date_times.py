"""How a moment in a text is to be drawn: the format of ``<tg-time>`` and of ``date_time``."""


def checked_format(given: str) -> str:
    """The format as the API gives it back: ``r``, or ``w``, one of ``dD``, one of ``tT``, in order.

    Signs may come in any order and twice; of a short and a long one the short one counts. Raises
    ``ValueError`` for any other sign, and for ``r`` beside others.
    """
    if given in {"r", "R"}:
        return "r"
    if not set(given) <= set("wWdDtT"):
        raise ValueError(given)
    weekday = "w" if set(given) & set("wW") else ""
    return weekday + _one(given, "dD") + _one(given, "tT")


def _one(given: str, signs: str) -> str:
    return next((sign for sign in signs if sign in given), "")
