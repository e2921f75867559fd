"""The cache of compiled code: warm when nothing changed, never stale, never in the way."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from sim import compiled

PACKAGE = Path(compiled.__file__).parent

# A rule in one file and a kernel that uses it in another: the case in which Numba's cache lies.
RULE = """
from numba.extending import register_jitable

@register_jitable
def doubled(x):
    return 2.0 * x
"""
KERNEL = """
from sim.compiled import compiled, float64
from sim.rule import doubled

@compiled(float64(float64))
def kernel(x):
    return doubled(x) + 1.0

@compiled
def lazy_kernel(x):
    return doubled(x) - 1.0
"""
ASK = """
import sys
from sim import kernel
print(kernel.kernel(10.0), kernel.lazy_kernel(10.0), *(
    sum(getattr(f, "stats", None).cache_hits.values()) if hasattr(f, "stats") else "plain"
    for f in (kernel.kernel, kernel.lazy_kernel)
))
"""


@pytest.fixture
def small_package(tmp_path):
    """A copy of the compiling room with one rule and one kernel."""
    sim = tmp_path / "source" / "sim"
    sim.mkdir(parents=True)
    (sim / "__init__.py").touch()
    shutil.copy(PACKAGE / "compiled.py", sim)
    (sim / "rule.py").write_text(RULE)
    (sim / "kernel.py").write_text(KERNEL)
    return sim


def start(small_package, program=ASK, **settings):
    root = small_package.parent
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    cache = {"PYTHONPATH": str(root), "XDG_CACHE_HOME": str(root / "cache")}
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env={**kept, **cache, "PYTHONDONTWRITEBYTECODE": "1", **settings},
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ask(small_package, program=ASK, **settings):
    process = start(small_package, program, **settings)
    answer, trouble = process.communicate()
    assert process.returncode == 0, trouble
    return answer.split()


def folders(small_package):
    root = small_package.parent / "cache" / "sharesim"
    return sorted(entry.name for entry in root.iterdir())


def test_a_second_start_compiles_nothing_and_an_edited_rule_is_met(small_package):
    assert ask(small_package) == ["21.0", "19.0", "0", "0"]
    assert ask(small_package) == ["21.0", "19.0", "1", "1"]
    rule = small_package / "rule.py"
    state = rule.stat()
    rule.write_text(RULE.replace("2.0", "3.0"))  # the same length
    os.utime(rule, ns=(state.st_atime_ns, state.st_mtime_ns))  # and the same time
    assert ask(small_package) == ["31.0", "29.0", "0", "0"]
    rule.write_text(RULE)
    assert ask(small_package) == ["21.0", "19.0", "1", "1"]
    assert len(folders(small_package)) == 2


@pytest.mark.slow
def test_settings_that_change_the_code_have_a_folder_of_their_own(small_package):
    ask(small_package)
    assert ask(small_package, NUMBA_BOUNDSCHECK="1")[2:] == ["0", "0"]
    assert ask(small_package, NUMBA_NUM_THREADS="1")[2:] == ["1", "1"]


def test_without_compiling_the_rules_still_run(small_package):
    assert ask(small_package, NUMBA_DISABLE_JIT="1") == ["21.0", "19.0", "plain", "plain"]


@pytest.mark.slow
def test_where_nothing_can_be_written_there_is_no_cache(small_package):
    blocked = small_package.parent / "a_file"
    blocked.touch()
    assert ask(small_package, NUMBA_CACHE_DIR=str(blocked)) == ["21.0", "19.0", "0", "0"]


@pytest.mark.slow
def test_a_broken_cache_file_is_compiled_again(small_package):
    ask(small_package)
    files = list((small_package.parent / "cache").rglob("*.nbc"))
    assert len(files) == 2
    for file in files:
        file.write_bytes(file.read_bytes()[:100])
    assert ask(small_package) == ["21.0", "19.0", "0", "0"]
    assert ask(small_package)[2:] == ["1", "1"]


def test_two_first_starts_at_once(small_package):
    started = [start(small_package) for _ in range(2)]
    answers = [process.communicate()[0].split()[:2] for process in started]
    assert answers == [["21.0", "19.0"]] * 2
    assert ask(small_package) == ["21.0", "19.0", "1", "1"]


def test_a_file_edited_while_the_process_runs_is_not_kept_under_the_old_name(small_package):
    program = f"""
import sim.compiled
from pathlib import Path
Path({str(small_package / "rule.py")!r}).write_text({RULE.replace("2.0", "5.0")!r})
from sim import kernel
print(kernel.kernel(10.0))
"""
    assert ask(small_package, program) == ["51.0"]
    (small_package / "rule.py").write_text(RULE)
    assert ask(small_package) == ["21.0", "19.0", "0", "0"]


@pytest.mark.slow
def test_only_the_newest_folders_stay(small_package):
    root = small_package.parent / "cache" / "sharesim"
    for number in range(10):
        (root / f"{number:024x}").mkdir(parents=True)
        os.utime(root / f"{number:024x}", (1_000 + number, 1_000 + number))
    (root / "something else").mkdir()
    ask(small_package)
    left = folders(small_package)
    assert "something else" in left
    assert f"{9:024x}" in left and f"{0:024x}" not in left
    assert len(left) == compiled.FOLDERS_KEPT + 1


def test_naming_the_folder_takes_milliseconds(monkeypatch):
    monkeypatch.setattr(compiled, "SOURCE_FILES", sorted(PACKAGE.rglob("*.py")))
    start = time.perf_counter()
    name = compiled.source_hash()
    assert time.perf_counter() - start < 0.2
    assert len(name) == 24


def test_fast_but_inexact_arithmetic_is_refused():
    with pytest.raises(ValueError, match="fastmath"):
        compiled.compiled(fastmath=True)


def test_functions_outside_the_package_are_compiled_but_not_kept():
    @compiled.compiled
    def outside(x):
        return x + 1

    assert outside(1) == 2
    assert not any(outside.stats.cache_hits.values())


def test_a_32_bit_real_becomes_a_64_bit_one():
    @compiled.compiled
    def third(x):
        return compiled.as_real(x) / 3

    narrow = np.float32(0.1)
    assert third(narrow) == float(narrow) / 3 == compiled.as_real(narrow) / 3
    assert isinstance(compiled.as_real(narrow), float)


def test_who_has_to_compile_first_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(compiled, "FOLDER", tmp_path)
    assert "first run of a version" in compiled.compiles_first()
    (tmp_path / "world.world").mkdir()
    (tmp_path / "world.world" / "some.nbc").touch()
    assert compiled.compiles_first() is None
    monkeypatch.setattr(compiled, "FOLDER", None)
    assert "cannot be written" in compiled.compiles_first()

    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(compiled, "cache_root", homeless)
    assert "a home folder, which there is not, cannot be written" in compiled.compiles_first()


def test_rooms_left_out_of_the_hash_neither_compile_nor_give_anything_to_what_does():
    package = Path(compiled.__file__).parent
    for file in package.rglob("*.py"):
        text = file.read_text()
        room = file.relative_to(package).parts[0].removesuffix(".py")
        if not re.search(r"import compiled|import register_jitable|sim\.compiled import", text):
            continue
        assert room not in compiled.UNCOMPILED_ROOMS, file
        for imported in re.findall(r"^from sim\.(\w+)|^from sim import (\w+)", text, re.MULTILINE):
            assert not compiled.UNCOMPILED_ROOMS & set(imported), file
