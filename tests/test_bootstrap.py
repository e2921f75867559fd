"""The set-up: which interpreter it takes, what it says without one, and that it is cheap."""

import ast
import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "scripts" / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """The set-up script as a module that works on an empty project in a temporary folder."""
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements.lock").write_text("mesa==3.5.1 \\\n    --hash=sha256:00\n")
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "LOCK", str(tmp_path / "requirements.lock"))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "VENV_PYTHON", sys.executable)
    monkeypatch.setattr(module, "STAMP", str(tmp_path / "stamp"))
    return module


def fake_python(path: Path, version: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version} {path}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare_machine(tmp_path, monkeypatch):
    """A machine whose PATH and home hold no Python but the ones a test adds."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


def test_runs_on_python_3_8():
    ast.parse(SCRIPT.read_text(), feature_version=(3, 8))


def test_no_new_python_is_one_line_that_says_how_to_mend_it(bootstrap, bare_machine):
    fake_python(bare_machine / "bin" / "python3", "3.11")
    with pytest.raises(SystemExit, match=r"no Python 3\.12 or newer.*make PYTHON=") as ended:
        bootstrap.find_python({})
    assert "\n" not in str(ended.value)


def test_broken_shim_is_passed_over(bootstrap, bare_machine):
    shim = bare_machine / "bin" / "python3.12"
    shim.parent.mkdir()
    shim.write_text("#!/bin/sh\necho not installed >&2\nexit 127\n")
    shim.chmod(0o755)
    real = fake_python(bare_machine / "home/.pyenv/versions/3.12.9/bin/python", "3.12")
    assert bootstrap.find_python({}) == str(real)


def test_named_python_comes_first_unless_too_old(bootstrap, bare_machine, capsys):
    on_path = fake_python(bare_machine / "bin" / "python3.12", "3.12")
    old = fake_python(bare_machine / "old" / "python", "3.9")
    new = fake_python(bare_machine / "new" / "python", "3.14")
    assert bootstrap.find_python({"PYTHON": str(new)}) == str(new)
    assert bootstrap.find_python({"PYTHON": str(old)}) == str(on_path)
    assert "3.9, too old" in capsys.readouterr().err


def test_pyenv_elsewhere_is_found(bootstrap, bare_machine):
    fake_python(bare_machine / "py env/versions/3.9.1/bin/python", "3.9")
    new = fake_python(bare_machine / "py env/versions/3.13.1/bin/python", "3.13")
    assert bootstrap.find_python({"PYENV_ROOT": str(bare_machine / "py env")}) == str(new)


def test_nothing_is_done_when_nothing_changed(bootstrap, monkeypatch):
    Path(bootstrap.STAMP).write_text(bootstrap.wanted_stamp())
    monkeypatch.setattr(bootstrap, "install", lambda _: pytest.fail("installed again"))
    bootstrap.set_up()


def test_failed_set_up_leaves_no_stamp(bootstrap, monkeypatch):
    Path(bootstrap.STAMP).write_text("of an older lock file")

    def fail(environment):
        raise SystemExit("no network")

    monkeypatch.setattr(bootstrap, "install", fail)
    with pytest.raises(SystemExit):
        bootstrap.set_up()
    assert bootstrap.present_stamp() == ""


def test_one_package_is_cut_out_of_the_lock_file(bootstrap):
    lock = "a-uv==1 \\\n    --hash=sha256:11\nuv==2 ; x \\\n    --hash=sha256:22 \\\n"
    lock += "    --hash=sha256:33\n    # via sharesim\nvalid==3 \\\n    --hash=sha256:44\n"
    pin = bootstrap.pinned("uv", lock).split()
    assert pin == ["uv==2", ";", "x", "\\", "--hash=sha256:22", "\\", "--hash=sha256:33"]
    with pytest.raises(SystemExit, match="does not pin pip"):
        bootstrap.pinned("pip", lock)


def test_lock_file_is_hashed_and_names_no_address():
    lock = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"://|^--", lock, re.MULTILINE)
    pins = re.split(r"^(?=\w)", lock, flags=re.MULTILINE)[1:]
    assert len(pins) > 50
    assert all(re.match(r"\S+==\S+.*\\\n +--hash=sha256:", pin) for pin in pins)
