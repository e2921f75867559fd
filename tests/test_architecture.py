"""The import order of the rooms (the contracts in pyproject.toml) holds, and is watched."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )


def test_import_contracts_hold():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def planted(tmp_path):
    """Writes modules, given as {path: source}, into a bare `sim` under the project's contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    def plant(sources: dict[str, str]) -> Path:
        for path, source in {"sim/__init__.py": "", **sources}.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            (file.parent / "__init__.py").touch()
            file.write_text(source)
        return tmp_path

    return plant


ALLOWED = {
    "sim/draws.py": "",
    "sim/rules/choice.py": "import sim.draws",
    "sim/markets/base.py": "",
    "sim/markets/ads.py": "import sim.markets.base, sim.rules.choice",
    "sim/markets/hybrid.py": "import sim.markets.ads",
    "sim/agents/consumer.py": "import mesa",
    "sim/engines/mesa_engine.py": "import mesa, sim.agents.consumer",
    "sim/model.py": "import mesa, sim.engines.mesa_engine",
    "sim/figures/flows.py": "import matplotlib.pyplot",
    "sim/api.py": "import sim.figures.flows, sim.model",
}

FORBIDDEN = {
    "a higher room": ("sim/rules/trust.py", "import sim.agents.consumer"),
    "a room on the same step": ("sim/money.py", "import sim.draws"),
    "a room without a place": ("sim/misc.py", ""),
    "Mesa in a rule": ("sim/rules/trust.py", "import mesa"),
    "Mesa in the array engine": ("sim/engines/array_engine.py", "import mesa"),
    "a plot in a measure": ("sim/measures/welfare.py", "import matplotlib"),
    "the app": ("sim/report/page.py", "import app"),
    "a sibling market": ("sim/markets/control.py", "import sim.markets.ads"),
    "a sibling engine": ("sim/engines/array_engine.py", "import sim.engines.mesa_engine"),
}


def test_allowed_imports_pass(planted):
    done = lint_imports(planted(ALLOWED))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("what", FORBIDDEN)
def test_forbidden_import_breaks_a_contract(planted, what):
    path, source = FORBIDDEN[what]
    done = lint_imports(planted({**ALLOWED, path: source}))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Contracts: 4 kept, 1 broken." in done.stdout
