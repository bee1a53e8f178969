"""Names the platform's answers for the metrics: by their code, or by the error of ours where they
have none that is usual."""

import re

from bot.zjy.errors import ZjyError

GOOD = "1"
_USUAL = re.compile(r"-?[0-9]{1,4}")


def label_of(trouble: ZjyError) -> str:
    """The answer's code, if it is a number of at most four digits; else the kind of the error. An
    answer could hold anything as its code, also what belongs to a person."""
    code = str(trouble.code)
    return code if _USUAL.fullmatch(code) else type(trouble).__name__
