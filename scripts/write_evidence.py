"""Write the numbers of docs/evidence.md from the documents in results/published/."""

import json
from pathlib import Path
from typing import Any

from sim.report.evidence_page import Stored, filled

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = ROOT / "results" / "published"


def main() -> None:
    """Fill the page between its markers."""
    page = ROOT / "docs/evidence.md"
    page.write_text(filled(page.read_text(encoding="utf-8"), stored()), encoding="utf-8")
    print(f"wrote {page.relative_to(ROOT)}")


def stored() -> Stored:
    """The published documents, the baseline's where there are several."""
    return Stored(
        claims=_first("claims"),
        validation=_first("validate"),
        calibration=_first("calibrate"),
        tunings=[_read(path) for path in sorted(PUBLISHED.glob("*/tune.json"))],
        comparisons=[_read(path) for path in sorted(PUBLISHED.glob("*/compare.json"))],
    )


def _first(command: str) -> dict[str, Any] | None:
    found = sorted(PUBLISHED.glob(f"**/{command}.json"))
    return _read(found[0]) if found else None


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
