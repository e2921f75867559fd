"""The engines in other builds: not compiled, with every index checked, with one line changed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines.compare_engines import DIFFERENT, digests

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("compare_engines.py")


def compare_engines(package_root, **settings):
    """The finished process that compared the engines of the package in that folder."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", str(package_root / SCRIPT.relative_to(ROOT))],
        env={**os.environ, "PYTHONPATH": str(package_root), **settings},
        cwd=package_root,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy(tmp_path):
    """A copy of the package with the comparison, free to be changed."""
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=skip)
    shutil.copytree(ROOT / "tests" / "engines", tmp_path / "tests" / "engines", ignore=skip)
    shutil.copy(ROOT / "tests" / "__init__.py", tmp_path / "tests")
    return tmp_path


def change(package_root, file, old, new):
    """Put ``new`` in place of ``old``, which must stand there once."""
    path = package_root / "sim" / file
    source = path.read_text()
    assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {file}"
    path.write_text(source.replace(old, new))


def test_not_compiled_the_tables_are_the_same():
    done = compare_engines(ROOT, NUMBA_DISABLE_JIT="1")
    assert done.returncode == 0, done.stderr
    assert dict(line.split() for line in done.stdout.splitlines()) == digests()


def test_every_index_is_within_its_column(tmp_path):
    done = compare_engines(ROOT, NUMBA_BOUNDSCHECK="1", NUMBA_CACHE_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr


def test_a_planted_index_out_of_range_is_found(copy):
    change(
        copy,
        "kernels/searching.py",
        "shopper, listed[shelf, step, place]",
        "shopper, listed[shelf + s.n_categories, step, place]",
    )
    done = compare_engines(copy, NUMBA_BOUNDSCHECK="1", NUMBA_CACHE_DIR=str(copy / "cache"))
    assert done.returncode not in (0, DIFFERENT)
    assert "IndexError: index is out of bounds" in done.stderr


def test_an_edited_rule_is_met_by_both_engines(copy):
    """With an old kernel the compiled engine would differ from the readable one."""
    cache = {"NUMBA_CACHE_DIR": str(copy / "cache")}
    before = compare_engines(copy, **cache)
    assert before.returncode == 0, before.stderr
    change(
        copy,
        "rules/choice.py",
        "        + terms.match_value * match\n        - 0.5",
        "        - 0.5",
    )
    after = compare_engines(copy, **cache)
    assert after.returncode == 0, after.stderr
    told = [dict(line.split() for line in done.stdout.splitlines()) for done in (before, after)]
    assert all(told[0][market] != told[1][market] for market in told[0])


#: One line in which an engine uses a rule, and what a slip could make of it.
SLIPS = {
    "the kernel forgets what an ad tells": (
        "kernels/weighing.py",
        "_believe_ads(s, choices, clicked, n_clicked, weighed)",
        "_believe_ads(s, choices, clicked, 0, weighed)",
    ),
    "the kernel takes every post for unasked": (
        "kernels/signals.py",
        "sincerities_at_first(s, 1)",
        "sincerities_at_first(s, 0)",
    ),
    "the kernel reads posts unweighed by layer": (
        "kernels/reach.py",
        "attention.reading_weight(layer_in(states[k]), trusted[k])",
        "attention.reading_weight(0, trusted[k])",
    ),
    "the kernel forgets annoyance": (
        "kernels/reading.py",
        "= 0.0, annoyance * rewarded[k]",
        "= 0.0, 0.0 * annoyance * rewarded[k]",
    ),
    "the kernel forgets annoyance at a second post": (
        "kernels/reading.py",
        "= reading.good[k], reading.bad[k]",
        "= reading.good[k], 0.0 * reading.bad[k]",
    ),
    "the kernel foresees the needs of one week only": (
        "kernels/needs.py",
        "for row in range(min(weeks, len(needed))):",
        "for row in range(min(weeks, 1)):",
    ),
    "the kernel pays the sharer alone": (
        "kernels/settling.py",
        "if above == NOBODY or (",
        "if level > 0 or (",
    ),
    "the kernel takes the receiver for the sharer of credit": (
        "kernels/living.py",
        "sharer = orders.sharer[rows[k]]",
        "sharer = orders.consumer[rows[k]]",
    ),
    "the kernel rewards warnings": (
        "kernels/posting.py",
        "praises[told] and pays",
        "pays",
    ),
    "the kernel tells the effort of posts without money": (
        "kernels/posting.py",
        "told.unpaid[j] = _posting_index(s.terms.sharing, of, k, 0.0)",
        "told.unpaid[j] = _posting_index(s.terms.sharing, of, k, of.money[k])",
    ),
    "the kernel counts clicks twice": (
        "kernels/shopping.py",
        "click_sums[merchant, CLICKS] += 1",
        "click_sums[merchant, CLICKS] += 2",
    ),
    "agents swap useful and useless": (
        "agents/judge.py",
        "good, bad = trust.evidence_of(useful, 0, terms)",
        "bad, good = trust.evidence_of(useful, 0, terms)",
    ),
    "agents state more than they lived": (
        "agents/sharer.py",
        "stated = sharing.stated_quality(x, money, terms.inflation_max)",
        "stated = sharing.stated_quality(x, money, 1.0)",
    ),
    "agents remember everything": (
        "agents/reader.py",
        "attention.remembers(u, trusted_at",
        "attention.remembers(u, 1.0",
    ),
    "agents forget their own experience": (
        "agents/shopper.py",
        "if view.memory.last_merchant[i, category] == merchant:",
        "if view.memory.last_merchant[i, category] == -2:",
    ),
    "agents send back what is good": (
        "agents/platform.py",
        "return bool(u < prob)",
        "return bool(u >= prob)",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_one_engine_is_found(copy, slip):
    change(copy, *SLIPS[slip])
    done = compare_engines(copy, NUMBA_DISABLE_JIT="1")
    assert done.returncode == DIFFERENT, done.stdout + done.stderr
