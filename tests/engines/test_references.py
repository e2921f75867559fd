"""What compiled code takes for granted about columns: which of them share no memory."""

from itertools import combinations
from typing import NamedTuple

import numba
import numpy as np
import pytest

from sim.kernels.references import ColumnType, Reference
from sim.kernels.situation import facts_of
from sim.markets import MARKETS
from tests.engines.same import lived, lively

pytestmark = pytest.mark.skipif(
    bool(numba.config.DISABLE_JIT), reason="plain Python takes nothing for granted"
)


class Columns(NamedTuple):
    first: np.ndarray
    other: np.ndarray
    part: np.ndarray
    empty: np.ndarray


def memory_of(reference):
    """The memory that each column is said to lie in, with the column."""
    for name, kind in reference.type.fields.items():
        value = getattr(reference.columns, name)
        if isinstance(kind, ColumnType):
            yield kind.memory, value
        elif isinstance(value, Reference):
            yield from memory_of(value)


def test_columns_that_overlap_are_said_to_share_memory():
    first = np.arange(10)
    found = dict(Reference(Columns(first, np.arange(3), first[2:5], first[4:4])).type.fields)
    assert found["first"].memory == found["part"].memory == "Columns.first"
    assert found["other"].memory == "Columns.other"
    assert found["empty"].memory == "Columns.empty"


def test_fields_of_a_record_share_memory_but_not_with_others():
    rows = np.zeros(5, dtype=[("a", "i4"), ("b", "f8")])
    found = Reference(Columns(rows["a"], np.arange(3), rows["b"], rows["a"])).type.fields
    assert len({found[name].memory for name in ("first", "part", "empty")}) == 1
    assert found["other"].memory == "Columns.other"


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
    facts = facts_of(posts, world.consumers, model.terms.reputation)
    found = Reference(facts).type.fields
    assert {kind.memory for kind in found.values()} == {"PostFacts.credibility"}


@pytest.mark.parametrize("market", MARKETS)
def test_no_columns_of_a_week_share_memory_unsaid(market):
    model = lived(lively(), market)
    model._offer()
    model._index_posts()
    world = model.world
    model.engine._facts = facts_of(world.posts, world.consumers, model.terms.reputation)
    columns = [pair for pair in memory_of(model.engine._look()) if pair[1].size]
    assert len(columns) > 80
    for (memory, column), (other_memory, other) in combinations(columns, 2):
        assert memory == other_memory or not np.may_share_memory(column, other), memory
