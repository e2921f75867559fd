"""Write docs/measurements.md from the kept numbers; with a folder of data, measure them first."""

import sys
from pathlib import Path

from sim.evidence.measurements.catalogue import DATA_SETS
from sim.evidence.measurements.stored import measurements_markdown, store

ROOT = Path(__file__).resolve().parent.parent


def main(folders: list[str]) -> None:
    """Measure all data sets in the folder, if one is given, and write the page."""
    if folders:
        found = {}
        for name, data_set in DATA_SETS.items():
            print(f"measuring {name}")
            found[name] = data_set.measure(*(Path(folders[0]) / file for file in data_set.files))
        store(found)
    page = ROOT / "docs/measurements.md"
    page.write_text(measurements_markdown(), encoding="utf-8")
    print(f"wrote {page.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
