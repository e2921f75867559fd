"""Every source of a parameter says where the value comes from, and what it cites is there."""

import pytest

from sim.evidence.patterns import FITTED, PATTERNS
from sim.evidence.sources import TAGS, cited_by, sources, sources_table
from sim.parameters import PARAMETERS

EACH = pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS)
FITTED_ROWS = {pattern.row.rstrip("ab") for pattern in PATTERNS if pattern.use == FITTED}


@EACH
def test_a_source_is_measured_calibrated_cited_or_assumed_and_complete(parameter):
    origin, _, words = parameter.source.partition(": ")
    if origin == "measured":
        assert "python -m sim.evidence.measurements" in words
    elif origin == "calibrated":
        assert words.split()[0].rstrip(",") in FITTED_ROWS
    elif origin == "cited":
        assert cited_by(parameter)
    else:
        assert origin == "assumed"
        framed = parameter.kind == "constant" or not parameter.numeric
        assert framed or parameter.plausible is not None
    assert set(cited_by(parameter)) <= set(sources())


def test_rows_are_whole_and_say_how_they_are_known():
    for row in sources().values():
        assert row.tag in TAGS
        assert len(row.figure) > 20 and len(row.source) > 5
        assert "|" not in row.figure + row.source


def test_the_table_has_every_row_once_and_the_parameters_that_cite_it():
    lines = sources_table().splitlines()[2:]
    assert len(lines) == len(sources())
    clicks = next(line for line in lines if line.startswith("| click-ratio |"))
    assert "`ads.click_ratio`" in clicks and "recalled" in clicks
