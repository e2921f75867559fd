"""Every market has one look, told apart without colour, and importing it is light."""

import subprocess
import sys

import pytest

from sim.figures.style import LANGUAGES, MARKETS, PART_COLOURS, style_of
from sim.figures.words import PARTS
from sim.markets import MARKETS as REGISTERED


def test_importing_the_style_loads_no_plotting_library():
    code = "import sim.figures.style, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("market", REGISTERED)
def test_every_market_of_the_product_has_a_look(market):
    assert market in MARKETS


@pytest.mark.parametrize("trait", ["colour", "dash", "marker"])
def test_markets_are_told_apart_by_each_trait_alone(trait):
    assert len({getattr(look, trait) for look in MARKETS.values()}) == len(MARKETS)


def test_every_market_has_its_names_in_every_language():
    for look in MARKETS.values():
        assert set(look.labels) == set(look.names) == set(LANGUAGES)


def test_unknown_market_goes_by_its_own_name():
    assert style_of("barter").labels == {"en": "barter", "zh": "barter"}


def test_parts_of_100_yuan_have_colours_of_their_own():
    assert list(PART_COLOURS) != [] and set(PART_COLOURS) == set(PARTS)
    assert len(set(PART_COLOURS.values()) | {look.colour for look in MARKETS.values()}) == len(
        PART_COLOURS
    ) + len(MARKETS)
