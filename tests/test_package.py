"""What `import sim` promises: light, versioned, and the public names only."""

import subprocess
import sys
from pathlib import Path

import pytest

import sim

HEAVY = ("igraph", "matplotlib", "mesa", "networkx", "numba", "numpy", "optuna", "pandas")
HEAVY += ("plotly", "pyarrow", "rich", "scipy", "streamlit", "typer")


def test_import_is_light():
    code = f"import sim, sys; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.split() == []


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        sim.no_such_name  # noqa: B018


def test_public_names_are_listed():
    assert set(sim.__all__) <= set(dir(sim))


def test_citation_names_the_same_version():
    citation = (Path(__file__).parents[1] / "CITATION.cff").read_text()
    assert f"\nversion: {sim.__version__}\n" in citation
