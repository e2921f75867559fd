"""The known-answer cases shipped with the product, answered by its own code."""

from pathlib import Path

from sim.evidence.known_answers import judge_all, shipped_cases
from sim.experiments.files import write_json
from sim.experiments.folders import write_whole


def publish_known(target: Path) -> None:
    """Write `verify.json` into `target`: the status and source of every shipped case."""
    cases = shipped_cases()
    found = judge_all(cases)
    sources = {(case["family"], case["case"]): case["source"] for case in cases}
    told = [
        {
            **{name: case[name] for name in ("family", "case", "status", "message")},
            "source": sources[case["family"], case["case"]],
        }
        for case in found["cases"]
    ]
    counts = {name: found[name] for name in ("passed", "failed", "unsupported")}
    document = {"format_version": 1, "command": "verify", **counts, "cases": told, "runs": []}
    write_whole(target, lambda part: write_json(document, part / "verify.json"))
