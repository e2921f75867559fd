"""The command `python -m sim.evidence.measurements DATA_SET FILE...`: numbers with intervals."""

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial

from sim.evidence.measurements.brands import MEAN_PRICE_YUAN, measure_brands
from sim.evidence.measurements.catalogue import DATA_SETS
from sim.evidence.measurements.stored import curve_table, shown


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure one data set and print what was found; 0 if good, 2 for wrong input."""
    asked = _parser().parse_args(arguments)
    data_set = DATA_SETS[asked.data_set]
    measure = data_set.measure
    if asked.data_set == "catsup":
        measure = partial(measure_brands, mean_price_yuan=asked.mean_price_yuan)
    try:
        found = measure(*asked.files).stored()
    except KeyError as error:
        print(f"{asked.data_set}: a file has no column {error}", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"{asked.data_set}: {error}", file=sys.stderr)
        return 2
    if asked.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    print(data_set.title)
    for one in found["measurements"]:
        sets = f"; sets {one['sets']}" if one["sets"] else ""
        print(
            f"{shown(one['value']):>9}  ({shown(one['low'])} to {shown(one['high'])})  "
            f"{one['what']} [{one['unit']}], n = {one['n']:,} {one['counted']}{sets}"
        )
    if found["curve"]:
        print(curve_table(found["curve"]))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sim.evidence.measurements",
        description="Measure a data set: numbers with 95 % intervals, and the parameter they set.",
    )
    which = parser.add_subparsers(dest="data_set", required=True, metavar="DATA_SET")
    for name, data_set in DATA_SETS.items():
        one = which.add_parser(name, help=data_set.title, description=data_set.title)
        one.add_argument(
            "files",
            nargs=len(data_set.files),
            metavar="FILE",
            help="in this order: " + ", ".join(data_set.files),
        )
        one.add_argument("--json", action="store_true", help="print one JSON document")
        if name == "catsup":
            one.add_argument(
                "--mean-price-yuan",
                type=float,
                default=MEAN_PRICE_YUAN,
                help="price at which the elasticity is matched (default: %(default)s)",
            )
    return parser


if __name__ == "__main__":
    sys.exit(main())
