"""The adoption curve by hand, against plain counting, and with a shape that was planted."""

import numpy as np
import pandas as pd
import pytest

from sim.evidence.measurements import adoption
from sim.evidence.measurements.adoption import (
    Counts,
    adoption_counts,
    adoption_curve,
    events_of_run,
    rise_exponent,
)


def events(*rows):
    """(person, item, time, what) with what of "a" adopts, "s" shows, "as" both."""
    table = pd.DataFrame(rows, columns=["person", "item", "time", "what"])
    does = {"adopts": table["what"].str.contains("a"), "shows": table["what"].str.contains("s")}
    return table.drop(columns="what").assign(**does)


def ties(*pairs):
    return pd.DataFrame(pairs, columns=["truster", "trusted"])


def counts_of(curve, k):
    row = curve.set_index("k").loc[k]
    return row["exposed"], row["adopted"]


def test_one_person_who_trusts_three():
    """Person 0 sees 1, then 2, adopts, and then 3: exposed at 0, 1 and 2, adopted at 2."""
    log = events((1, 7, 10, "s"), (2, 7, 20, "s"), (0, 7, 25, "a"), (3, 7, 30, "s"))
    curve = adoption_curve(ties((0, 1), (0, 2), (0, 3)), log, max_k=3)
    assert counts_of(curve, 0) == (1, 0)  # 1, 2, 3 showed without adopting: not counted at 0
    assert counts_of(curve, 1) == (1, 0)
    assert counts_of(curve, 2) == (1, 1)
    assert counts_of(curve, 3) == (0, 0)


def test_what_is_shown_at_the_same_time_came_not_before():
    log = events((1, 7, 10, "s"), (0, 7, 10, "a"))
    assert counts_of(adoption_curve(ties((0, 1)), log), 0) == (1, 1)
    assert counts_of(adoption_curve(ties((0, 1)), log), 1) == (0, 0)


def test_two_at_the_same_time_skip_a_state():
    log = events((1, 7, 10, "s"), (2, 7, 10, "s"), (0, 7, 11, "a"))
    curve = adoption_curve(ties((0, 1), (0, 2)), log)
    assert counts_of(curve, 1) == (0, 0)
    assert counts_of(curve, 2) == (1, 1)


def test_a_trusted_person_who_shows_again_counts_once():
    log = events((1, 7, 10, "s"), (1, 7, 12, "s"), (0, 7, 15, "a"))
    curve = adoption_curve(ties((0, 1)), log)
    assert counts_of(curve, 1) == (1, 1)
    assert counts_of(curve, 2) == (0, 0)


def test_only_the_first_adoption_counts():
    log = events((0, 7, 5, "a"), (1, 7, 10, "s"), (0, 7, 15, "a"))
    curve = adoption_curve(ties((0, 1)), log)
    assert counts_of(curve, 0) == (1, 1)
    assert counts_of(curve, 1) == (0, 0)


def made_up(seed, n_people=25, n_items=6):
    random = np.random.default_rng(seed)
    pairs = {tuple(pair) for pair in random.integers(0, n_people, (120, 2)) if pair[0] != pair[1]}
    n = 90
    log = pd.DataFrame(
        {
            "person": random.integers(0, n_people, n),
            "item": random.integers(0, n_items, n) * 10,
            "time": random.integers(0, 15, n),
            "adopts": random.random(n) < 0.7,
            "shows": random.random(n) < 0.7,
        }
    )
    return ties(*sorted(pairs)), log


def counted_plainly(tie, log, max_k):
    exposed, adopted = np.zeros(max_k + 1), np.zeros(max_k + 1)
    trusted = {p: set(group["trusted"]) for p, group in tie.groupby("truster")}
    for person in set(tie["truster"]) | set(tie["trusted"]) | set(log["person"]):
        for item in set(log["item"]):
            of_item = log[log["item"] == item]
            own = of_item[of_item["person"] == person]
            leaves = own["time"].min() if len(own) else np.inf
            adopts = own[own["time"] == leaves]["adopts"].any()
            shown = of_item[of_item["shows"] & of_item["person"].isin(trusted.get(person, ()))]
            first = shown.groupby("person")["time"].min()
            times = sorted(set(first[first < leaves]))
            states = [0] + [int((first <= time).sum()) for time in times]
            if len(own) and not adopts:
                states.pop()
            elif adopts and states[-1] <= max_k:
                adopted[states[-1]] += 1
            for k in states:
                if k <= max_k:
                    exposed[k] += 1
    return exposed, adopted


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("block", [1, 50, 2_000_000])
def test_any_log_is_counted_as_plain_counting_does(seed, block, monkeypatch):
    monkeypatch.setattr(adoption, "BLOCK", block)
    tie, log = made_up(seed)
    curve = adoption_curve(tie, log, max_k=3)
    exposed, adopted = counted_plainly(tie, log, max_k=3)
    assert curve["exposed"].tolist() == exposed.tolist()
    assert curve["adopted"].tolist() == adopted.tolist()


def test_the_order_of_rows_changes_nothing():
    tie, log = made_up(3)
    shuffled = adoption_curve(
        tie.sample(frac=1, random_state=1), log.sample(frac=1, random_state=2)
    )
    pd.testing.assert_frame_equal(shuffled, adoption_curve(tie, log))


def planted(power, seed=1, n_people=3_000, per_person=200):
    """Counts of people whose chance of adopting at k is 0.02 + 0.03 k^power."""
    random = np.random.default_rng(seed)
    prob = 0.02 + 0.03 * np.arange(6) ** power
    exposed = np.tile((per_person / 2 ** np.arange(6)).round(), (n_people, 1))
    return Counts(exposed, random.binomial(exposed.astype(int), prob).astype(float))


@pytest.mark.parametrize("power", [0.5, 1.0, 1.5])
def test_the_shape_that_was_planted_is_found(power):
    value, low, high = rise_exponent(planted(power), n_bootstrap=60)
    assert value == pytest.approx(power, abs=0.05)
    assert low < value < high and high - low < 0.2


def test_points_where_nobody_stood_are_left_out_and_three_points_have_no_shape():
    counts = planted(0.5)
    empty = np.zeros((3_000, 3))
    longer = Counts(*(np.hstack([part, empty]) for part in counts))
    assert rise_exponent(longer, 5) == pytest.approx(rise_exponent(counts, 5), rel=1e-6)
    with pytest.raises(ValueError, match="four points"):
        rise_exponent(Counts(counts.exposed[:, :3], counts.adopted[:, :3]))


def test_the_curve_has_the_promised_columns_and_intervals():
    curve = planted(0.5).curve()
    assert list(curve) == ["k", "exposed", "adopted", "prob", "low", "high"]
    assert (curve["low"] < curve["prob"]).all() and (curve["prob"] < curve["high"]).all()


SHARES = pd.DataFrame(
    {
        "week": [0, 1, 3],
        "sharer": [1, 2, 0],
        "merchant": [4, 4, 4],
        "kind": ["product", "product", "product"],
    }
)
ORDERS = pd.DataFrame({"week": [2, 2], "consumer": [0, 3], "merchant": [4, 5]})


def test_the_tables_of_a_run_give_events():
    invitation = pd.DataFrame({"week": [0], "sharer": [3], "merchant": [-1], "kind": "invitation"})
    log = events_of_run(pd.concat([SHARES, invitation]), ORDERS)
    assert len(log) == 5 and log["adopts"].sum() == 2
    curve = adoption_curve(ties((0, 1), (0, 2)), log)
    assert counts_of(curve, 2) == (1, 1)


def test_a_log_without_ties_stands_at_zero():
    curve = adoption_counts(ties().astype(int), events((0, 1, 1, "as"), (1, 2, 1, "as"))).curve()
    assert counts_of(curve, 0) == (4, 2)
