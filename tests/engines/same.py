"""Small lively worlds, and the comparison of everything that two engines made of one."""

import hashlib
from dataclasses import fields, is_dataclass

import numpy as np
import pandas as pd

from sim.model import MarketModel
from sim.scenario import Scenario

#: A hundred people among whom much happens in few weeks.
LIVELY = {
    "population.n_consumers": 100,
    "population.initial_member_share": 0.7,
    "network.mean_degree": 12.0,
    "network.community_size": 25,
    "demand.n_categories": 3,
    "demand.purchase_rate_per_week": 1.5,
    "demand.purchase_rate_shape": 2.0,
    "sharing.posting_intercept": -0.5,
    "sharing.opportunist_share": 0.05,
    "sharing.leader_lookup_prob": 0.5,
    "sharing.follow_prob": 0.5,
    "sharing.invite_prob": 0.2,
    "trust.leader_share": 0.1,
    "trust.leader_min_points": 1,
    "merchants.n_applicants": 45,
    "merchants.initial_per_category": 4,
    "merchants.price_interval_weeks": 2,
    "merchants.quality_interval_weeks": 3,
    "screening.admit_share": 0.4,
    "reviews.review_prob": 0.6,
}
WEEKS = 7
#: Tables of which a run of these weeks may leave some empty, as they are named in a traced run.
TABLES = (
    "weekly",
    "merchants",
    "ledger",
    "people",
    "orders",
    "shares",
    "exposures",
    "transfers",
    "cascades",
)


def lively(values=None):
    """The lively world with some values changed."""
    return Scenario().with_values(LIVELY).with_values(values or {})


def lived(scenario, market, weeks=WEEKS, seed=3, **how):
    """A model that has lived some weeks, with its event log."""
    model = MarketModel(scenario, market=market, rng=seed, trace=True, **how)
    for _ in range(weeks):
        model.step()
    return model


def assert_same(one, other):
    """Assert that two models have the same tables and the same state behind them, bit by bit."""
    assert_same_tables(one.tables(), other.tables())
    assert_same_state(one.world, other.world)


def assert_same_tables(ours, theirs):
    assert tuple(ours) == tuple(theirs)
    assert tuple(name for name in ours if name != "sides") == TABLES
    for name, table in ours.items():
        pd.testing.assert_frame_equal(table, theirs[name], check_exact=True, obj=name)
        for column in table.select_dtypes("float"):
            bits = [t[column].to_numpy().tobytes() for t in (table, theirs[name])]
            assert bits[0] == bits[1], f"{name}.{column} differs in the sign of zero or kind of NaN"


def assert_same_state(ours, theirs, path="world"):
    """Assert that two worlds agree in every array, whatever tuple it stands in."""
    if isinstance(ours, np.ndarray):
        assert ours.dtype == theirs.dtype, path
        assert ours.tobytes() == theirs.tobytes(), path
    elif is_dataclass(ours):
        for field in fields(ours):
            part = field.name
            assert_same_state(getattr(ours, part), getattr(theirs, part), f"{path}.{part}")
    elif hasattr(ours, "_fields"):
        for part in ours._fields:
            assert_same_state(getattr(ours, part), getattr(theirs, part), f"{path}.{part}")
    else:
        assert ours == theirs, path


def digest(tables):
    """A hash of the content of all tables: equal where they are equal to the last bit."""
    content = hashlib.sha256()
    for name, table in tables.items():
        content.update(name.encode())
        for column in table:
            values = table[column]
            if isinstance(values.dtype, np.dtype) and values.dtype != object:
                content.update(values.to_numpy().tobytes())
            else:
                content.update("\0".join(values.astype(str)).encode())
    return content.hexdigest()
