"""Settings of the form `referral.reward_rate=0.12`, as given on the command line."""

import tomllib

from sim.parameters.problems import Problem, ScenarioError


def parse_setting(text: str) -> tuple[str, object]:
    """Key and value of `KEY=VALUE`; the value is TOML, what is no TOML is taken as a string."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ScenarioError(
            [
                Problem(
                    file="--set",
                    key=text.strip(),
                    problem="expected KEY=VALUE",
                    hint="for example --set referral.reward_rate=0.12",
                )
            ]
        )
    return key.strip(), _value(value.strip())


def _value(text: str) -> object:
    if "\n" in text:  # a line of its own could set a second key
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text
