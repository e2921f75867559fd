"""Which run a worker makes next."""

from sim.experiments.store import RunSpec
from sim.experiments.waiting import Waiting
from sim.scenario import Scenario


def specs(n_seeds):
    scenario = Scenario(name="tiny")
    cheap = scenario.with_values({"referral.reward_rate": 0.0})
    pairs = [(scenario, "referral"), (scenario, "ads"), (cheap, "referral")]
    return [RunSpec(of, market, seed) for of, market in pairs for seed in range(n_seeds)]


def test_a_worker_goes_on_with_the_network_it_has_made():
    all_of_them = specs(4)
    waiting = Waiting(all_of_them)
    taken = [(worker, waiting.next_for(worker)) for worker in (0, 1, 0, 0, 1, 0)]
    assert [(worker, all_of_them[run].seed) for worker, run in taken] == [
        (0, 0),
        (1, 1),
        (0, 0),
        (0, 0),
        (1, 1),
        (0, 2),
    ]
    assert [run for _, run in taken] == [0, 1, 4, 8, 5, 2]


def test_in_the_end_workers_help_each_other_and_every_run_is_made_once():
    waiting, taken = Waiting(specs(1)), []
    while waiting:
        taken.append(waiting.next_for(len(taken) % 2))
    assert taken == [0, 1, 2]


def test_runs_on_other_networks_are_told_apart():
    scenario = Scenario(name="tiny")
    wider = scenario.with_values({"network.mean_degree": 9.0})
    waiting = Waiting([RunSpec(of, "ads", 0) for of in (scenario, wider, scenario)])
    assert [waiting.next_for(0) for _ in range(3)] == [0, 2, 1]
