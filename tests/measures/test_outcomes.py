"""Every outcome is stated once, and the document is what the statements make."""

from pathlib import Path

from sim.measures import money_flow, quality, sources, spread, welfare
from sim.measures.cascades import CASCADE_COLUMNS
from sim.measures.outcomes import CASCADES, FROM_TABLES, WEEKLY, outcomes_markdown
from sim.measures.summary import COUNTS, FLOWS, OUTCOMES, STOCKS
from sim.measures.ties import TIES_MEASURED

ROOT = Path(__file__).parents[2]


def test_the_document_is_up_to_date():
    """`python scripts/write_outcomes.py` writes it."""
    assert (ROOT / "docs/outcomes.md").read_text(encoding="utf-8") == outcomes_markdown()


def test_every_outcome_of_a_run_is_explained():
    text = outcomes_markdown()
    assert [name for name in OUTCOMES if f"`{name}`" not in text] == []
    assert {outcome.name for outcome in WEEKLY} == {*FLOWS, *COUNTS, *STOCKS}


def test_the_number_of_ties_that_are_measured_is_that_of_the_code():
    assert f"above {TIES_MEASURED:,} ties" in outcomes_markdown()


def test_every_outcome_has_unit_and_formula_and_every_mean_its_denominator():
    for outcome in (*WEEKLY, *CASCADES, *FROM_TABLES):
        assert outcome.unit
        assert outcome.formula
        assert "|" not in outcome.formula
    assert all(outcome.denominator for outcome in WEEKLY if outcome.real)


def test_the_cascades_table_has_its_outcomes():
    assert tuple(outcome.name for outcome in CASCADES) == CASCADE_COLUMNS[2:]


def test_functions_named_exist():
    modules = (money_flow, quality, sources, spread, welfare)
    for outcome in FROM_TABLES:
        assert any(callable(getattr(module, outcome.name, None)) for module in modules), outcome
