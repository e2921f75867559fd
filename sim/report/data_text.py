"""What field data set among the parameters, and why they set no more: for docs/evidence.md."""

from __future__ import annotations

from collections import Counter

from sim.evidence.measurements.stored import shown, stored
from sim.parameters import PARAMETERS
from sim.report.markdown import table

#: Title, what is measured, what it sets, and why it sets no more. Braces: keys of measurements.
_ROWS = (
    (
        "Purchase frequency (CDNOW)",
        "how unequally often people buy: shape {nbd_shape} of the rates' Gamma distribution",
        "`demand.purchase_rate_shape`",
        "The mean rate is that of one shop for music.",
    ),
    (
        "Price sensitivity (catsup)",
        "spread over households, {price_sensitivity_log_sd} log units",
        "`demand.price_sensitivity_log_sd`",
        "The elasticity of {elasticity_small_share} would need {price_sensitivity} a yuan for the "
        "median person, which the plausible range of `demand.price_sensitivity` reaches, so that "
        "every verdict is tried there. It is not the default, because such a coefficient is in "
        "units of the luck of a choice: taken alone it would make quality worth nearly four times "
        "as many yuan, and margins some 16 % where the field has 10 % (V13).",
    ),
    (
        "Loyalty (catsup)",
        "the brand bought last is worth {last_brand_price_share} of the price",
        "nothing",
        "The model has no loyalty of its own: habits come from what people have learned.",
    ),
    (
        "Homophily (Ciao)",
        "trusting pairs review {common_items} times as many items in common as by chance",
        "nothing",
        "`network.taste_homophily` is a share of variance, from which such a factor follows only "
        "through a whole run; and part of the factor is having read what friends wrote.",
    ),
    (
        "Clicks and conversion of ads (Facebook)",
        "{click_through} clicks an impression, {purchases_per_click} purchases a click",
        "nothing",
        "Shown to people who want nothing, and to those whom the platform chose; here ads are seen "
        "by people who look for something.",
    ),
)


def data_text() -> str:
    """How many parameters have which kind of source, and what each data set gave."""
    kinds = Counter(parameter.source.split(":")[0] for parameter in PARAMETERS.values())
    numbers = {
        one["key"]: shown(one["value"])
        for found in stored().values()
        for one in found["measurements"]
    }
    rows = [[cell.format_map(numbers) for cell in row] for row in _ROWS]
    counted = (
        f"Of {len(PARAMETERS)} parameters {kinds['measured']} are measured, {kinds['calibrated']} "
        f"fitted, {kinds['cited']} cited and {kinds['assumed']} assumed."
    )
    return f"{counted}\n\n{table(['data', 'measured', 'sets', 'why no more'], rows)}"
