"""The bench: what it times, what it holds it against, and that it is as demanding as meant."""

import json
import statistics

import pytest

from sim.__main__ import main
from sim.experiments.bench.bars import bars, demands
from sim.experiments.bench.size import Size, measure, order_of_threads, scenario_of
from sim.report.bench_text import bench_text
from sim.week import STAGES


@pytest.fixture(scope="module")
def measured():
    return measure(Size(1_500, 50.0, timed_weeks=2))


def test_weeks_of_both_markets_are_timed_on_one_and_two_threads(measured):
    assert list(measured["markets"]) == ["referral", "ads"]
    for market in measured["markets"].values():
        for told in market["threads"].values():
            assert len(told["weeks_seconds"]) == 2
            stages = told["stages_seconds"]
            assert list(stages) == [stage.name for stage in STAGES]
            assert 0.0 < sum(stages.values()) < 2 * max(told["weeks_seconds"])
            bare = told["bare"]
            ratios = [
                week / each
                for week, each in zip(told["weeks_seconds"], bare["weeks_seconds"], strict=True)
            ]
            assert told["against_bare"] == statistics.median(ratios)
            assert bare["ties_seconds"] > 0.0 and bare["shocks_seconds"] > 0.0
            assert min(bare["weeks_seconds"]) <= bare["seconds"] <= max(bare["weeks_seconds"])
        counts, n = market["counts"], measured["n_consumers"]
        drawn = counts["choices"] * (1.0 + counts["examined_per_choice"]) * n
        assert market["n_shocks"] == pytest.approx(drawn, abs=1)


def test_the_scenario_of_the_bench_is_demanding(measured):
    assert all(demand["met"] for demand in demands([measured])), demands([measured])
    assert scenario_of(Size(10, 50.0)).network.mean_degree == 9


@pytest.mark.slow
def test_the_scenario_of_the_bench_is_demanding_at_a_larger_size():
    found = measure(Size(50_000, 50.0, timed_weeks=1))
    assert all(demand["met"] for demand in demands([found])), demands([found])


def test_numbers_of_threads_take_turns():
    assert order_of_threads(Size(10, 5.0, timed_weeks=2)) == [1, 2, 2, 1]
    assert order_of_threads(Size(10, 5.0, timed_weeks=3)) == [1, 2, 2, 1, 1, 2]
    assert order_of_threads(Size(10, 5.0, timed_weeks=3, engine="mesa")) == [1, 1, 1]


def size(n_consumers, degree, week, peak=1e9, **more):
    threads = {
        "1": {"week_seconds": 1.7 * week, "against_bare": 4.0},
        "2": {"week_seconds": week, "against_bare": 2.0},
    }
    for told in threads.values():
        told["consumer_weeks_per_second"] = n_consumers / told["week_seconds"]
    return {
        "n_consumers": n_consumers,
        "mean_degree": degree,
        "peak_bytes": peak,
        "build": {"seconds": 20.0},
        "markets": {"referral": {"threads": threads}, "ads": {"threads": threads}},
    } | more


def test_bars_are_worked_out_by_hand():
    sizes = [
        size(1_000_000, 50.0, 0.5),
        size(100_000, 20.0, 0.05),
        size(10_000_000, 20.0, 20.0, 9.5e9),
    ]
    found = bars(sizes, [size(2_000, 50.0, 1.0)])
    told = [(bar["measured"], bar["met"]) for bar in found]
    assert told == [
        (4.0, False),  # against the bare work, one thread
        (2.0, True),  # and two
        (pytest.approx(1.7), True),  # two threads against one
        (1.0, True),  # GB
        (9.5, False),  # GB at ten million
        (40.0, True),  # 20 s of building over .5 s a week
        (pytest.approx(4.0), False),  # .5 to 2 microseconds a consumer-week
        (pytest.approx(1700.0), None),  # 2 million a second over 1176
    ]


@pytest.mark.slow
def test_the_command_prints_json_and_text(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["bench", "--quick", "--json"])
    assert ended.value.code == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert document["machine"]["cores"] >= 1
    assert "array engine, 10,000 consumers" in err
    text = bench_text(document)
    assert "consumer-weeks a second" in text and "bare work" in text
    assert all(demand["what"] in text for demand in document["demands"])
