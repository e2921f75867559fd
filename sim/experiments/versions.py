"""What made a result: the code, the libraries, the state of the working tree."""

import hashlib
import platform
import subprocess
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = Path(__file__).parents[1]

#: Parts of the package that cannot change a table: they ask for runs, read them or show them.
_WITHOUT_EFFECT = (
    "__init__.py",
    "__main__.py",
    "api.py",
    "commands",
    "evidence",
    "experiments",
    "figures",
    "network/reports.py",
    "network/statistics.py",
    "report",
)
#: The one part of them that makes the model and takes the tables from it.
_WITH_EFFECT = ("experiments/replicate.py",)

_LIBRARIES = ("igraph", "mesa", "networkx", "numba", "numpy", "pandas", "pyarrow", "scipy")


@lru_cache(maxsize=1)
def code_version() -> str:
    """Hash of every module that can change the outputs of a run, 16 hexadecimal digits."""
    return hash_of_code(PACKAGE)


def hash_of_code(package: Path) -> str:
    """Hash of the names and contents of the modules under `package` that can change outputs."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py"), key=lambda path: path.relative_to(package).parts):
        name = path.relative_to(package).as_posix()
        if name not in _WITH_EFFECT and _is_in(name, _WITHOUT_EFFECT):
            continue
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


@lru_cache(maxsize=1)
def libraries() -> dict[str, str]:
    """Version of Python and of each library that takes part in a run, by name."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@lru_cache(maxsize=1)
def working_tree() -> dict[str, str | bool | None]:
    """Commit of the code and whether it was changed since (`dirty`); null outside a repository."""
    commit = _git("rev-parse", "HEAD")
    changes = _git("status", "--porcelain")
    return {"commit": commit or None, "dirty": None if changes is None else changes != ""}


def _git(*arguments: str) -> str | None:
    command = ["git", "-C", str(PACKAGE), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _is_in(name: str, parts: tuple[str, ...]) -> bool:
    return any(name == part or name.startswith(f"{part}/") for part in parts)
