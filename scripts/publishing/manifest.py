"""What made the published results: code, libraries, time, and a digest of every file."""

import hashlib
from pathlib import Path
from typing import Any

from sim.experiments.files import write_json
from sim.experiments.versions import code_version, libraries

NAME = "manifest.json"


def write_manifest(published: Path, seconds: dict[str, float]) -> None:
    """Write `manifest.json` into `published`; `seconds` are what each part took to make."""
    document: dict[str, Any] = {
        "format_version": 1,
        "command": "make published",
        "code_version": code_version(),
        "libraries": libraries(),
        "seconds": {part: round(taken, 1) for part, taken in seconds.items()},
        "total_seconds": round(sum(seconds.values()), 1),
        "sha256": digests(published),
    }
    write_json(document, published / NAME)


def digests(published: Path) -> dict[str, str]:
    """Return the SHA-256 of every published file but the manifest, by its path."""
    return {
        path.relative_to(published).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(published.rglob("*"))
        if path.is_file() and path.name != NAME
    }
