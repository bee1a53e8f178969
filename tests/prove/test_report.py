"""The page of proofs, when some of its parts are made anew."""

from tests.prove.__main__ import PAGE
from tests.prove.report import Examples, examples_section, page

HEADING = "Jobs as a state machine"


def part_of(text: str) -> str:
    return text.partition(f"## {HEADING}\n\n")[2].partition("\n\n## ")[0]


def test_a_part_made_anew_keeps_its_paragraph_and_all_other_parts() -> None:
    before = PAGE.read_text(encoding="utf-8")
    assert page(before, []) == before
    after = page(before, [examples_section(HEADING, Examples(7, held=False, seconds=1.4))])
    about = part_of(before).partition("\n")[0]
    table = "| | |\n|---|---|\n| examples | 7 |\n| seconds | 1 |\n\n- **broken**"
    assert part_of(after) == f"{about}\n\n{table}"
    assert after.replace(part_of(after), part_of(before)) == before
