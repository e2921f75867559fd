"""Scenarios: a value for every parameter, from TOML files and settings, checked."""

from sim.parameters.problems import InputError, Problem, ScenarioError
from sim.scenario.files import Check, check_file, load_scenario, load_sweep
from sim.scenario.scenario import Scenario, without_effect
from sim.scenario.settings import parse_setting
from sim.scenario.source import scenario_names, sweep_names
from sim.scenario.sweep import keys_set_by, sweep_of
from sim.scenario.writing import baseline_toml, parameters_markdown

__all__ = [
    "Check",
    "InputError",
    "Problem",
    "Scenario",
    "ScenarioError",
    "baseline_toml",
    "check_file",
    "keys_set_by",
    "load_scenario",
    "load_sweep",
    "parameters_markdown",
    "parse_setting",
    "scenario_names",
    "sweep_names",
    "sweep_of",
    "without_effect",
]
