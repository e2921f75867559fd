"""What data set is told from the kept measurements, with what they do not set and why."""

from sim.evidence.measurements.catalogue import DATA_SETS
from sim.evidence.measurements.stored import stored
from sim.parameters import PARAMETERS
from sim.report.data_text import data_text

ROWS = [line.split(" | ") for line in data_text().splitlines()[4:]]


def test_every_parameter_that_is_measured_is_named_with_its_data():
    told = {row[2].strip("`") for row in ROWS} - {"nothing"}
    assert told == {
        key for key, parameter in PARAMETERS.items() if parameter.source.startswith("measured:")
    }
    assert told == {
        one["sets"] for found in stored().values() for one in found["measurements"] if one["sets"]
    }


def test_what_sets_nothing_says_why():
    titles = [data_set.title for data_set in DATA_SETS.values()]
    for title, _, _, why in ROWS:
        words = title.removeprefix("| ")
        assert words in titles or words.partition(" (")[0] in ("Price sensitivity", "Loyalty")
        assert len(why) > 20


def test_kinds_of_sources_are_counted():
    first = data_text().splitlines()[0]
    assert first.startswith(f"Of {len(PARAMETERS)} parameters 2 are measured, ")
