"""The Dockerfile, read as instructions."""

import re

from tests.docs.pages import ROOT


def steps() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, with continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    parted = (line.split(maxsplit=1) for line in joined.splitlines() if line.strip())
    return [(word.upper(), re.sub(r"\s+", " ", rest)) for word, rest in parted]


def final_stage() -> list[tuple[str, str]]:
    """The instructions of the image that runs."""
    last = max(at for at, (word, _) in enumerate(steps()) if word == "FROM")
    return steps()[last:]


def copied() -> set[str]:
    """What the build takes from the project's folder."""
    return {
        name.removeprefix("./")
        for word, rest in steps()
        if word == "COPY" and not rest.startswith("--from")
        for name in rest.split()[:-1]
    }
