"""Compile the kernels into the cache, while somebody else looks at style and types."""

from sim import MarketModel, load_scenario

#: Long enough for merchants to adapt, and for everything else that is seldom done.
WEEKS = 14


def main() -> None:
    """Live some weeks of the market that does all that the others do."""
    scenario = load_scenario("quick").with_values({"population.n_consumers": 200})
    MarketModel(scenario, market="hybrid", trace=True).run_for(WEEKS)


if __name__ == "__main__":
    main()
