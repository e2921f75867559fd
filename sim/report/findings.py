"""The screen of findings: which reward, how sure, what would change it; which claims hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.evidence.claims.decisive import way_to_turn
from sim.evidence.claims.verdicts import flips
from sim.evidence.patterns import NOT_OUT_OF_SAMPLE
from sim.report.claim_maps import map_findings
from sim.report.markdown import table
from sim.report.world_size import world_size

Document = Mapping[str, Any]

VERDICTS = {
    "supported": "supported",
    "contradicted": "contradicted",
    "mixed": "mixed",
    "undecided": "undecided",
    "not_yet_testable": "not yet testable",
}
#: What a verdict that needs a word more means.
_MEANS = {"mixed": " (a part holds and another fails, below)"}
RATE = "referral.reward_rate"
#: The scenario that findings are about where no other is named.
USUAL = "baseline"
#: What is made as large as can be, in plain words.
_FOR = {
    "consumer_surplus": "shoppers",
    "household_gain": "households (with what sharers earn)",
    "platform_profit": "the sharing platform (audits at the founding left out)",
    "sharing_profit": "the sharing platform where it stands beside an ad platform",
}


def reward_findings(tunings: Sequence[Document]) -> str:
    """Which reward rate for whom, how sure that is, and what would change it."""
    of_rate = [one for one in tunings if _of_rate(one) and one["objective"] in _FOR]
    tuned = sorted(
        (one for one in of_rate if one["scenario"] == USUAL),
        key=lambda one: list(_FOR).index(one["objective"]),
    )
    if not tuned:
        return ""
    first = tuned[0]
    weeks, soon = first["horizon"], first["short_run"]["horizon"]
    present = _percent(first["levers"][0]["present"])
    head = [
        "best for",
        f"over {weeks} weeks",
        "as good within 1 %",
        f"gain over {present} as now, yuan a person",
        f"over {soon} weeks only",
        "worlds",
    ]
    rows = [
        [
            _FOR[one["objective"]],
            _where(one),
            _as_good(one),
            _gain(one),
            _where(one["short_run"]),
            str(_seeds(one)),
        ]
        for one in tuned
    ]
    sure = (
        "**How sure?** In brackets are 95 % intervals over luck alone, from as many worlds as the "
        f"last column says, each of {world_size(first['values'])}. 0 % to 0 % means that no reward "
        "was best whichever of these worlds were drawn. Errors of the model itself are not in them."
    )
    others = [one for one in of_rate if one["scenario"] != USUAL]
    changes = [
        *_sooner(tuned),
        *(_elsewhere(one) for one in others),
        *_moved(tuned),
    ]
    lines = [
        "**Which reward?** The share of the price that is paid to the person whose post led to the "
        f"sale. Rates from {_range(first)} were tried.",
        table(head, rows),
        sure,
    ]
    if changes:
        lines.append(f"**What would change it?** {' '.join(changes)}")
    return "\n\n".join(lines)


def _of_rate(tuning: Document) -> bool:
    return [lever["key"] for lever in tuning["levers"]] == [RATE]


def _clear(judged: Document) -> bool:
    return judged["verdict"] != "no clear optimum" and judged["recommended"] is not None


def _where(judged: Document) -> str:
    """The best rate in words, with its interval."""
    if not _clear(judged):
        return "no rate is clearly best"
    return _rate(judged["recommended"][RATE], judged["interval"][RATE])


def _rate(best: float, interval: Sequence[float]) -> str:
    low, high = interval
    return f"{_percent(best)} ({_percent(low)} to {_percent(high)})"


def _as_good(tuning: Document) -> str:
    if not _clear(tuning):
        return "–"
    low, high = tuning["flat_region"][RATE]
    return f"{_percent(low)} to {_percent(high)}"


def _gain(tuning: Document) -> str:
    gain = tuning["gain_over_present"]
    if gain is None:
        return "–"
    low, high = _yuan(gain["low"]), _yuan(gain["high"])
    return f"{_yuan(gain['estimate'], '+')} ({low} to {high})"


def _sooner(tuned: Sequence[Document]) -> list[str]:
    """For whom another rate is surely best in the short run, and better by more than 1 %."""
    other = [
        f"{_where(one['short_run'])} for {_FOR[one['objective']]}"
        for one in tuned
        if _clear(one)
        and _clear(one["short_run"])
        and _apart(one["short_run"]["interval"][RATE], one["interval"][RATE])
        and not _within(one["recommended"][RATE], one["short_run"]["flat_region"][RATE])
    ]
    if not other:
        return []
    weeks = tuned[0]["short_run"]["horizon"]
    return [f"Haste: if only {weeks} weeks count, the best is {' and '.join(other)}."]


def _elsewhere(tuning: Document) -> str:
    """What is best in another scenario than the usual one."""
    return (
        f"In `{tuning['scenario']}` the best for {_FOR[tuning['objective']]} is {_where(tuning)}."
    )


def _moved(tuned: Sequence[Document]) -> list[str]:
    """Which uncertainties, at an end of their plausible range, make another rate best for whom."""
    told, still = [], []
    for parameter in dict.fromkeys(move["parameter"] for one in tuned for move in one["moves"]):
        moved = [text for one in tuned if (text := _moved_by(parameter, one))]
        unclear = [text for one in tuned if (text := _unclear_with(parameter, one))]
        if moved:
            told.append(f"`{parameter}` surely moves it: {'; '.join(moved)}.")
        if unclear:
            told.append(f"No rate is clearly best {'; '.join(unclear)}.")
        if not moved and not unclear:
            still.append(f"`{parameter}`")
    if still:
        ends = "at either end of the plausible range of"
        told.append(f"It does not surely move {ends} {_listed(still)}.")
    return told


def _moved_by(parameter: str, tuning: Document) -> str:
    """Where that uncertainty moves what is best, and for whom; nothing where it surely does not."""
    ends = [
        f"{_rate(end['recommended'][0], end['interval'][RATE])} where it is {end['set_to']:g}"
        for end in _ends(parameter, tuning)
        if _clear(end) and _apart(end["interval"][RATE], tuning["interval"][RATE])
    ]
    return f"for {_FOR[tuning['objective']]} {' and '.join(ends)}" if ends else ""


def _unclear_with(parameter: str, tuning: Document) -> str:
    """At which ends of that uncertainty nothing is clearly best, and for whom."""
    ends = [f"{end['set_to']:g}" for end in _ends(parameter, tuning) if not _clear(end)]
    if not ends:
        return ""
    return f"for {_FOR[tuning['objective']]} where `{parameter}` is {_listed(ends)}"


def _ends(parameter: str, tuning: Document) -> list[Document]:
    moves = [move for move in tuning["moves"] if move["parameter"] == parameter]
    return [end for move in moves for end in (move["at_low"], move["at_high"])]


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _within(rate: float, region: Sequence[float]) -> bool:
    return region[0] <= rate <= region[1]


def _apart(first: Sequence[float], second: Sequence[float]) -> bool:
    return first[0] > second[1] or first[1] < second[0]


def claims_findings(claims: Document | None) -> list[str]:
    """Which claims hold, which do not, and what the verdicts hang on."""
    if claims is None:
        return []
    by_verdict: dict[str, list[str]] = {}
    for claim in claims["claims"]:
        says = claim["says"].rstrip(".").lower()
        if claim["verdict"] == "mixed":
            says += f"; main outcome {VERDICTS[claim['parts'][0]['verdict']]}"
        by_verdict.setdefault(claim["verdict"], []).append(f"{claim['claim']} ({says})")
    world = f"**The claims** are judged in worlds of {world_size(claims['values'])}."
    told = [
        f"**{VERDICTS[verdict].capitalize()}**{_MEANS.get(verdict, '')}: "
        f"{'; '.join(by_verdict[verdict])}."
        for verdict in VERDICTS
        if verdict in by_verdict
    ]
    return [
        world,
        *told,
        *_assumed(claims),
        *_screening(claims),
        *map_findings(claims),
        *_turning(claims),
    ]


def _assumed(claims: Document) -> list[str]:
    """What is supported, and is not where an assumption that favours it is taken away."""
    found: dict[str, list[str]] = {"turned": [], "unsure": []}
    for claim in claims["claims"]:
        for one in claim["neutralised"]:
            for part in one["parts"]:
                if part["lost"]:
                    found[part["lost"]].append(
                        f"{claim['claim']}, {part['outcome']} (taken away: {one['assumption']})"
                    )
    told = []
    if found["turned"]:
        told.append(
            "**Assumed, not found.** Supported, but contradicted where an assumption that favours "
            f"it is taken away: {'; '.join(found['turned'])}."
        )
    if found["unsure"]:
        told.append(
            "**No longer sure** where one is taken away: " + "; ".join(found["unsure"]) + "."
        )
    return told


def _screening(claims: Document) -> list[str]:
    turned: dict[str, list[str]] = {}
    for claim in claims["claims"]:
        net = claim["net_of_screening"]
        if net and flips(claim["parts"][0]["verdict"], net["verdict"]):
            turned.setdefault(net["verdict"], []).append(claim["claim"])
    ways = (("contradicted", "against the claim"), ("supported", "in favour of the claim"))
    told = [f"of {_listed(turned[to])} turns {way}" for to, way in ways if to in turned]
    if not told:
        return []
    return [
        "**Net of screening**, that is where both markets screen their merchants or neither does, "
        f"the main outcome {'; that '.join(told)}."
    ]


def _turning(claims: Document) -> list[str]:
    """The parameter that turns the main outcome of each claim on the least of its way to an end."""
    turned = []
    for claim in claims["claims"]:
        turning = [row for row in claim["decisive"] if row["flips_between"]]
        if not turning or not alike(claim):
            continue
        way, row = min(((_way(claim, row), row) for row in turning), key=lambda found: found[0])
        now, end = row["flips_between"]
        where = f"set to {end}"
        if row["flips_near"] is not None:
            where = (
                f"from {now:g} to about {row['flips_near']:g} ({100 * way:.0f} % of the way to "
                "the end of its range)"
            )
        turned.append(f"{claim['claim']} with `{row['parameter']}` {where}")
    if not turned:
        return []
    screening = claims["screening"]
    world = world_size(claims["values"], screening["n_consumers"], screening["weeks"])
    return [
        f"**What turns a main outcome first, alone**, in worlds of {world}: {'; '.join(turned)}."
    ]


def _way(claim: Document, row: Document) -> float:
    """Share of the way from the default to its end at which it turns; a choice only there."""
    if row["flips_near"] is None:
        return 1.0
    end = "low" if row["flips_between"][1] == row["low_value"] else "high"
    there = row[f"estimate_at_{end}"]
    return way_to_turn(row["estimate_at_default"], there, claim["smallest_effect"])


def alike(claim: Document) -> bool:
    """Whether the main outcome lies on the same side in the small world as in the whole one."""
    bound = claim["smallest_effect"]
    there, here = claim["estimate"], claim["decisive"][0]["estimate_at_default"]
    if there is None or here is None:
        return False
    return bool((there >= bound) == (here >= bound))


def losing_findings(comparisons: Sequence[Document]) -> list[str]:
    """The stored comparisons in which shoppers surely gain less where they share."""
    losing = [
        f"`{document['scenario']}` ({row['estimate'] / 100:.0f} yuan a person, "
        f"{row['low'] / 100:.0f} to {row['high'] / 100:.0f}, n = {row['n']}, in worlds of "
        f"{world_size(document['values'])})"
        for document in comparisons
        for row in document["differences"]
        if row["outcome"] == "consumer_surplus_fen"
        and (row["first"], row["second"]) == ("referral", "ads")
        and row["high"] is not None
        and row["high"] < 0
    ]
    if not losing:
        return []
    return [
        "**Where sharing loses.** Shoppers gain less in the referral market than in the ad market "
        f"in the stored comparisons {'; '.join(losing)}."
    ]


def side_findings(comparisons: Sequence[Document]) -> list[str]:
    """Where people look at the end in the stored hybrids, and what an order is worth there."""
    told = [
        f"`{document['scenario']}` {_on_first(ends['member_share'])} and "
        f"{_on_first(ends['order_share'])}, {_yuan_more(ends['surplus_per_order_fen'])} "
        f"(n = {ends['member_share']['n']}, in worlds of {world_size(document['values'])})"
        for document in comparisons
        if "sides" in document
        for ends in [{row["outcome"]: row for row in document["sides"]["differences"]}]
        if all(ends[share]["low"] is not None for share in ("member_share", "order_share"))
    ]
    if not told:
        return []
    return [
        "**Side by side**, in the hybrid, in the last 13 weeks: the share of members who look on "
        "the sharing side and that of orders placed there, and how much more than one on the ad "
        f"side an order there leaves its buyer above its price: {'; '.join(told)}."
    ]


def _on_first(row: Document) -> str:
    """Share of the first side; as both add up to one, its interval follows from the difference."""
    low, high = (50 + 50 * row[end] for end in ("low", "high"))
    return f"{100 * row['first_mean']:.0f} % ({low:.0f} to {high:.0f})"


def _yuan_more(row: Document) -> str:
    if row["low"] is None:
        return "not defined"
    estimate, low, high = (f"{row[part] / 100:.1f}" for part in ("estimate", "low", "high"))
    return f"{estimate} yuan ({low} to {high})"


def field_findings(validation: Document | None) -> list[str]:
    """How many patterns of the field are met, those that were fitted told apart."""
    if validation is None:
        return []
    rows = [row for row in validation["rows"] if row["use"] != "show" and row["hit"] is not None]
    missed = [row["row"] for row in rows if not row["hit"]]
    free = [row["hit"] for row in rows if row["use"] == "report"]
    text = (
        f"**Against the field**, in worlds of {world_size(validation['values'])}: "
        f"{validation['hits']} of {validation['of']} rows hit; of the {len(free)} that were not "
        f"fitted here, {sum(free)}"
    )
    if missed:
        text += f". Missed: {', '.join(missed)}"
    return [f"{text}. {NOT_OUT_OF_SAMPLE}"]


def _seeds(tuning: Document) -> int:
    return len({run["seed"] for run in tuning["runs"] if run["market"] == tuning["market"]})


def _range(tuning: Document) -> str:
    lever = tuning["levers"][0]
    return f"{_percent(lever['low'])} to {_percent(lever['high'])}"


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"


def _yuan(fen: float, sign: str = "") -> str:
    return f"{fen / 100:{sign}.1f}"
