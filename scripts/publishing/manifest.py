"""What made the published results: code, libraries, time, and a digest of every file."""

import hashlib
import json
from pathlib import Path
from typing import Any

from sim.experiments.files import write_json
from sim.experiments.versions import code_version, libraries

NAME = "manifest.json"


def write_manifest(published: Path, part: str, seconds: float) -> None:
    """Write into `manifest.json` of `published` what made that part, and in how many seconds."""
    path = published / NAME
    parts: dict[str, Any] = json.loads(path.read_text())["parts"] if path.is_file() else {}
    parts[part] = {
        "code_version": code_version(),
        "libraries": libraries(),
        "seconds": round(seconds, 1),
    }
    document = {
        "format_version": 1,
        "command": "make published",
        "parts": parts,
        "total_seconds": round(sum(one["seconds"] for one in parts.values()), 1),
        "sha256": digests(published),
    }
    write_json(document, path)


def digests(published: Path) -> dict[str, str]:
    """Return the SHA-256 of every published file but the manifest, by its path."""
    return {
        path.relative_to(published).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(published.rglob("*"))
        if path.is_file() and path.name != NAME
    }
