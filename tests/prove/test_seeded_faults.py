"""The faults that show whether each suite of tests notices one are still faults of this code."""

import pytest

from tests.prove.seeded_faults import ROOT, SeededFault, seeded_faults


@pytest.mark.parametrize("fault", seeded_faults(), ids=lambda fault: f"{fault.tests} {fault.file}")
def test_the_line_of_a_fault_stands_once_in_its_file(fault: SeededFault) -> None:
    assert (ROOT / fault.tests).exists()
    assert (ROOT / fault.file).read_text(encoding="utf-8").count(fault.before) == 1
