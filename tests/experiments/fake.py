"""A market that takes no time: the interface of the model, numbers made from seed and market."""

import os
import time
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd

from sim.measures.summary import COUNTS, FLOWS, STOCKS
from sim.network.ties import Dropped

EFFECT = {"control": 0, "referral": 3, "ads": 1}


class FakeModel:
    """Steps through weeks without people."""

    def __init__(
        self, scenario, market="referral", rng=None, engine="mesa", threads=None, trace=False
    ):
        self.scenario, self.market, self.seed, self.trace = scenario, market, rng, trace
        network = SimpleNamespace(n_ties=9, dropped=Dropped(0, 0, 2))
        self.world = SimpleNamespace(n_consumers=scenario.population.n_consumers, network=network)
        self.weeks = 0
        self.tables_so_far = SimpleNamespace(streamed=self.tables, log_sampling_rate=1.0)

    def step(self):
        self.weeks += 1
        trouble = os.environ.get("FAKE_TROUBLE", "")
        if trouble == f"fail {self.market} {self.seed}":
            raise ZeroDivisionError("planted")
        if trouble == f"die {self.market} {self.seed}":
            os._exit(9)
        if trouble.startswith("slow"):
            time.sleep(float(trouble.split()[1]))

    def tables(self):
        if os.environ.get("FAKE_LOG"):
            with open(os.environ["FAKE_LOG"], "a") as log:
                log.write(f"{self.market} {self.seed}\n")
        weeks = np.arange(self.weeks)
        about = {"market": self.market, "seed": self.seed}
        level = self.seed * 10 + EFFECT[self.market]
        columns = dict.fromkeys([*FLOWS, *COUNTS], level * 100 + weeks)
        columns |= dict.fromkeys(STOCKS, level / 100 + weeks / 7)
        tables = {
            "weekly": pd.DataFrame({**about, "week": weeks, **columns}),
            "merchants": pd.DataFrame({**about, "week": weeks, "merchant": weeks, "price_fen": 1}),
            "ledger": pd.DataFrame({**about, "week": weeks, "purpose": "purchase"}),
        }
        if self.trace:
            for name in ("orders", "shares", "exposures", "transfers", "cascades"):
                tables[name] = pd.DataFrame({"week": weeks, "order": weeks})
        return tables


def fake_room() -> ModuleType:
    """A module to stand where the model is looked for."""
    module = ModuleType("sim.model")
    module.MarketModel = FakeModel  # type: ignore[attr-defined]
    return module


def code_version() -> str:
    """The version of this code, which nobody edits while the tests run."""
    return "fake"
