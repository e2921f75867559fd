"""Which columns share memory, and that compiled code is told so of all columns of a week."""

from itertools import combinations
from typing import NamedTuple

import numba
import numpy as np
import pytest

from sim.kernels.aliasing import memory_of
from sim.kernels.facts import FactSheet
from sim.kernels.references import ColumnType, Reference
from sim.markets import MARKETS
from tests.engines.same import lived, lively


class Columns(NamedTuple):
    first: np.ndarray
    other: np.ndarray
    part: np.ndarray
    empty: np.ndarray


def memory_told_of(reference):
    """The memory that compiled code is told each column lies in, with the column."""
    for name, kind in reference.type.fields.items():
        value = getattr(reference.columns, name)
        if isinstance(kind, ColumnType):
            yield kind.memory, value
        elif isinstance(value, Reference):
            yield from memory_told_of(value)


def test_columns_that_overlap_share_memory():
    first = np.arange(10)
    columns = Columns(first, np.arange(3), first[2:5], first[4:4])
    assert memory_of(columns) == ["first", "other", "first", "empty"]


def test_fields_of_a_record_share_memory_but_not_with_others():
    rows = np.zeros(5, dtype=[("a", "i4"), ("b", "f8")])
    columns = Columns(rows["a"], np.arange(3), rows["b"], rows["a"])
    assert memory_of(columns) == ["first", "other", "first", "first"]


@pytest.mark.parametrize("n_posts", [0, 1, 2])
def test_records_share_memory_however_many_there_are(n_posts):
    model = lived(lively(), "referral")
    world = model.world
    posts = world.posts._replace(
        **{
            name: column[:n_posts]
            for name, column in world.posts._asdict().items()
            if isinstance(column, np.ndarray)
        }
    )
    sheet = FactSheet(world.consumers, world.merchants.side, model.terms.reputation)
    facts, _ = sheet.begin(posts, threads=1)
    assert set(memory_of(facts)) == {"credibility"}


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="plain Python takes nothing for granted")
@pytest.mark.parametrize("market", MARKETS)
def test_no_columns_of_a_week_share_memory_untold(market):
    model = lived(lively(), market)
    model._offer()
    model._index_posts()
    model.engine._facts, _ = model.engine._fact_sheet.begin(model.world.posts, threads=1)
    columns = [pair for pair in memory_told_of(model.engine._look()) if pair[1].size]
    assert len(columns) > 80
    for (memory, column), (other_memory, other) in combinations(columns, 2):
        assert memory == other_memory or not np.may_share_memory(column, other), memory


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="plain Python compiles nothing")
def test_a_market_without_ties_needs_no_kernels_of_its_own():
    alone = lively({"network.mean_degree": 0.0, "network.max_followed": 0})
    models = [lived(each, "referral", weeks=0) for each in (alone, lively())]
    assert len(models[0].world.ties.state) == 0
    with_none, with_some = (model.engine._references.lasting["ties"].type for model in models)
    assert with_none == with_some
