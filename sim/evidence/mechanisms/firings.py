"""What mechanisms do in a run: one way of counting a function, in the tables of the run.

The first line of each says what is counted. All need a traced run.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.rules import reputation, trust
from sim.rules.terms import terms_of
from sim.scenario import Scenario
from sim.world.columns import NOBODY

Tables = dict[str, pd.DataFrame]


def orders(tables: Tables, scenario: Scenario) -> int:
    """Orders."""
    return len(tables["orders"])


def buyers(tables: Tables, scenario: Scenario) -> int:
    """People who ordered, each of a taste drawn in part for the whole community."""
    return int(tables["orders"]["consumer"].nunique())


def repeats(tables: Tables, scenario: Scenario) -> int:
    """Orders of a product that the buyer had ordered before."""
    return int(tables["orders"].duplicated(["consumer", "merchant"]).sum())


def orders_by_post(tables: Tables, scenario: Scenario) -> int:
    """Orders through posts of others."""
    orders = tables["orders"]
    return int(((orders["share"] >= 0) & (orders["sharer"] != orders["consumer"])).sum())


def orders_by_friend(tables: Tables, scenario: Scenario) -> int:
    """Orders through friends' posts."""
    return _by_channel(tables["orders"], "share")


def orders_by_ad(tables: Tables, scenario: Scenario) -> int:
    """Orders through ads."""
    return _by_channel(tables["orders"], "ad")


def orders_by_list(tables: Tables, scenario: Scenario) -> int:
    """Orders off the ranked list."""
    return _by_channel(tables["orders"], "organic")


def orders_by_own_post(tables: Tables, scenario: Scenario) -> int:
    """Orders through a post of the buyer's own."""
    return int((tables["orders"]["sharer"] == tables["orders"]["consumer"]).sum())


def reviews(tables: Tables, scenario: Scenario) -> int:
    """Reviews that stand by the last week."""
    merchants = tables["merchants"]
    return int(merchants.loc[merchants["week"] == merchants["week"].max(), "n_reviews"].sum())


def reads(tables: Tables, scenario: Scenario) -> int:
    """Posts read in the feed."""
    return _by_channel(tables["exposures"], "share")


def look_ups(tables: Tables, scenario: Scenario) -> int:
    """Leaders' posts looked up."""
    return _by_channel(tables["exposures"], "leader")


def rewarded_reads(tables: Tables, scenario: Scenario) -> int:
    """Rewarded posts read."""
    return len(_rewarded_reads(tables))


def rewarded_feed_reads(tables: Tables, scenario: Scenario) -> int:
    """Rewarded posts read in the feed."""
    return _by_channel(_rewarded_reads(tables), "share")


def rewarded_reads_inside(tables: Tables, scenario: Scenario) -> int:
    """Rewarded posts read over ties of the three inner layers."""
    return int(_rewarded_reads(tables)["tie_layer"].between(0, 2).sum())


def rewarded_reads_after_use(tables: Tables, scenario: Scenario) -> int:
    """Rewarded posts read over a tie that had brought a useful purchase in an earlier week."""
    judged = _judged(tables, scenario)
    proved = judged[judged["useful"] & (judged["tie_layer"] >= 0)]
    return _read_since(proved, _rewarded_reads(tables))


def reads_after_judging(tables: Tables, scenario: Scenario) -> int:
    """Posts read over a tie on which a purchase had been judged in an earlier week."""
    judged = _judged(tables, scenario)
    return _read_since(judged[judged["tie_layer"] >= 0], tables["exposures"])


def further_reads(tables: Tables, scenario: Scenario) -> int:
    """Posts read over a tie over which others had been read."""
    return int((tables["exposures"]["earlier_reads_on_tie"] > 0).sum())


def full_weeks(tables: Tables, scenario: Scenario) -> int:
    """Weeks of a person in which as many posts were read as attention allows."""
    exposures = tables["exposures"]
    feed = exposures[exposures["channel"] == "share"]
    limit = scenario.sharing.attention
    return int((feed.groupby(["consumer", "week"]).size() == limit).sum())


def known_reads(tables: Tables, scenario: Scenario) -> int:
    """Posts read about the product that the reader had bought last in its category."""
    category = tables["merchants"].groupby("merchant")["category"].first()
    exposures = tables["exposures"]
    feed = exposures[(exposures["channel"] == "share") & (exposures["merchant"] >= 0)]
    keys = ["consumer", "category"]
    read = feed[["week", "consumer", "merchant"]].assign(category=feed["merchant"].map(category))
    bought = tables["orders"][["week", *keys, "merchant"]].astype(
        {"category": read["category"].dtype}
    )
    last = pd.merge_asof(
        read.sort_values("week", kind="stable"),
        bought.rename(columns={"merchant": "last"}).sort_values("week", kind="stable"),
        on="week",
        by=keys,
        allow_exact_matches=False,
    )
    return int((last["last"] == last["merchant"]).sum())


def muted_ties(tables: Tables, scenario: Scenario) -> int:
    """Weeks of a muted tie, at least: share muted times ties of inner layers ever read over."""
    exposures = tables["exposures"]
    near = exposures[exposures["tie_layer"].between(0, 2)]
    n_ties = len(near.drop_duplicates(["consumer", "sharer"]))
    return int(tables["weekly"]["muted_share"].sum() * n_ties)


def recommendations(tables: Tables, scenario: Scenario) -> int:
    """Posts by buyers about what was no worse than they believe this market to be."""
    return len(_rewarded_posts(tables))


def warnings(tables: Tables, scenario: Scenario) -> int:
    """Posts by buyers that earn nothing where recommendations do: warnings."""
    shares = tables["shares"]
    return int(((shares["source_order"] >= 0) & ~shares["rewarded"]).sum())


def inflated_posts(tables: Tables, scenario: Scenario) -> int:
    """Posts that state more than their author had experienced."""
    posts = _rewarded_posts(tables)
    lived = tables["orders"]["experienced_quality"].to_numpy()[posts["source_order"]]
    return int((posts["stated_quality"] > lived).sum())


def posts_without_use(tables: Tables, scenario: Scenario) -> int:
    """Product posts of opportunists, which no order precedes."""
    shares = tables["shares"]
    return int(((shares["kind"] == "product") & (shares["source_order"] < 0)).sum())


def posts_with_credit(tables: Tables, scenario: Scenario) -> int:
    """Recommendations by people who had public credit to lose."""
    posts, credit = _rewarded_posts(tables), _credit_by_week(tables, scenario)
    return _held(credit, posts["week"] - 1, posts["sharer"], 1)


def reads_of_tiers(tables: Tables, scenario: Scenario) -> int:
    """Posts read of people in a tier above the lowest."""
    read, credit = tables["exposures"], _credit_by_week(tables, scenario)
    return _held(credit, read["week"] - 1, read["sharer"], reputation.TIER_1_MILLI)


def credit_weeks(tables: Tables, scenario: Scenario) -> int:
    """Weeks of a sharer with public credit, which fades."""
    return int((_credit_by_week(tables, scenario) > 0).sum())


def doubled_points(tables: Tables, scenario: Scenario) -> int:
    """Useful recommendations on a streak, which earn double."""
    judged = _judged(tables, scenario)
    useful = judged["useful"].astype(int)
    run = (1 - useful).groupby(judged["sharer"]).cumsum()
    length = useful.groupby([judged["sharer"], run]).cumsum()
    return int((judged["useful"] & (length >= scenario.trust.streak_length)).sum())


def judged_ties(tables: Tables, scenario: Scenario) -> int:
    """Purchases over a tie, which are held against what was stated."""
    return int((tables["orders"]["tie_layer"] >= 0).sum())


def useless_outcomes(tables: Tables, scenario: Scenario) -> int:
    """Purchases through posts that fell short of what was stated by more than the tolerance."""
    return int((~_judged(tables, scenario)["useful"]).sum())


def tolerated_outcomes(tables: Tables, scenario: Scenario) -> int:
    """Purchases through posts that fell short of what was stated, within the tolerance."""
    judged = _judged(tables, scenario)
    short = judged["experienced_quality"] < judged["stated_quality"]
    return int((short & judged["useful"]).sum())


def reads_of_followed(tables: Tables, scenario: Scenario) -> int:
    """Posts read of leaders to whom there was no tie when they were looked up before."""
    exposures = tables["exposures"]
    stranger = exposures[(exposures["channel"] == "leader") & (exposures["tie_layer"] < 0)]
    first = stranger.groupby(["consumer", "sharer"])["week"].min().rename("first").reset_index()
    feed = exposures[exposures["channel"] == "share"].merge(first, on=["consumer", "sharer"])
    return int((feed["week"] > feed["first"]).sum())


def invitations(tables: Tables, scenario: Scenario) -> int:
    """Invitations."""
    return int((tables["shares"]["kind"] == "invitation").sum())


def invited(tables: Tables, scenario: Scenario) -> int:
    """People who joined through an invitation."""
    cascades = tables["cascades"]
    invitation = cascades[cascades["kind"] == "invitation"]
    return int((invitation["size"] - 1).sum())


def newcomers(tables: Tables, scenario: Scenario) -> int:
    """People who became members after the first week."""
    members = tables["weekly"]["members"]
    return int(members.iloc[-1] - members.iloc[0])


def shared_rewards(tables: Tables, scenario: Scenario) -> int:
    """Rewards paid to somebody above the sharer who brought the order."""
    transfers = tables["transfers"]
    reward = transfers[transfers["purpose"] == "reward"]
    sharer = tables["orders"]["sharer"].to_numpy()[reward["order"]]
    return int((reward["payee"].to_numpy() != sharer).sum())


def rebates(tables: Tables, scenario: Scenario) -> int:
    """Rebates spent."""
    return _for(tables, "rebate")


def wallet_credits(tables: Tables, scenario: Scenario) -> int:
    """Amounts that merchants paid into buyers' wallets."""
    return _for(tables, "rebate_funding")


def rewards(tables: Tables, scenario: Scenario) -> int:
    """Rewards paid."""
    return _for(tables, "reward")


def refunds(tables: Tables, scenario: Scenario) -> int:
    """Refunds."""
    return _for(tables, "refund_recovery")


def audits(tables: Tables, scenario: Scenario) -> int:
    """Audits of merchants."""
    ledger = tables["ledger"]
    return int(ledger.loc[ledger["purpose"] == "audit", "n_transfers"].sum())


def clicks(tables: Tables, scenario: Scenario) -> int:
    """Paid clicks."""
    return int(tables["ledger"].loc[tables["ledger"]["purpose"] == "ad_click", "n_transfers"].sum())


def rewarded_posts(tables: Tables, scenario: Scenario) -> int:
    """Rewarded posts."""
    return int(tables["shares"]["rewarded"].sum())


def rewarded_posts_under_ban(tables: Tables, scenario: Scenario) -> int:
    """Rewarded posts in the weeks in which the host network bans rewarded sharing."""
    shares, first = tables["shares"], scenario.shocks.host_ban_week
    banned = shares["week"].between(first, first + scenario.shocks.host_ban_weeks - 1)
    return int((banned & shares["rewarded"]).sum())


def _by_channel(table: pd.DataFrame, channel: str) -> int:
    return int((table["channel"] == channel).sum())


def _for(tables: Tables, purpose: str) -> int:
    return int((tables["transfers"]["purpose"] == purpose).sum())


def _rewarded_posts(tables: Tables) -> pd.DataFrame:
    shares = tables["shares"]
    return shares[(shares["source_order"] >= 0) & shares["rewarded"]]


def _rewarded_reads(tables: Tables) -> pd.DataFrame:
    read = tables["exposures"]
    return read[tables["shares"]["rewarded"].to_numpy()[read["share"]]]


def _read_since(orders: pd.DataFrame, reads: pd.DataFrame) -> int:
    """Reads by a buyer of somebody's posts, after the week of the first of these orders."""
    tie = ["consumer", "sharer"]
    since = orders.groupby(tie)["week"].min().rename("since").reset_index()
    read = reads.merge(since, on=tie)
    return int((read["week"] > read["since"]).sum())


def _judged(tables: Tables, scenario: Scenario) -> pd.DataFrame:
    """The orders through posts, with what was stated and whether it proved useful."""
    through = tables["orders"][tables["orders"]["share"] >= 0]
    stated = tables["shares"]["stated_quality"].to_numpy()[through["share"]]
    useful = [
        trust.outcome_useful(lived, said, float(scenario.trust.tolerance))
        for lived, said in zip(through["experienced_quality"], stated, strict=True)
    ]
    return through.assign(stated_quality=stated, useful=np.array(useful, dtype=bool))


def _credit_by_week(tables: Tables, scenario: Scenario) -> np.ndarray:
    """Week × person: credit at the end of the week, in thousandths of a point, by the rules."""
    terms, judged = terms_of(scenario).reputation, _judged(tables, scenario)
    n_weeks = len(tables["weekly"])
    n_people = 1 + int(max(tables["orders"]["consumer"].max(), tables["shares"]["sharer"].max()))
    credit = np.zeros((n_weeks, n_people), dtype=np.int64)
    now, streak = [0] * n_people, [0] * n_people
    of_week = dict(list(judged.groupby("week")))
    for week in range(n_weeks):
        if week in of_week:
            rows = of_week[week]
            for sharer, useful in zip(rows["sharer"], rows["useful"], strict=True):
                now[sharer], streak[sharer] = reputation.credit_after(
                    now[sharer], streak[sharer], useful, terms.streak_length
                )
        now = [reputation.credit_decayed(points, terms.keep_65536) for points in now]
        credit[week] = now
    return credit


def _held(credit: np.ndarray, week: pd.Series, person: pd.Series, least_milli: int) -> int:
    """Rows whose person held at least so much credit at the end of the week."""
    known = (week >= 0).to_numpy() & (person != NOBODY).to_numpy()
    return int((credit[week[known], person[known]] >= least_milli).sum())


def changes_of_side(tables: Tables, scenario: Scenario) -> int:
    """Members more or fewer on the ad side than a week before."""
    if "sides" not in tables:
        return 0
    sides = tables["sides"]
    return int(sides.loc[sides["side"] == "ads", "members"].diff().abs().sum())


def merchants_gone_over(tables: Tables, scenario: Scenario) -> int:
    """Merchants who sell on another side than the week before."""
    if "sides" not in tables:
        return 0
    rows = tables["merchants"].sort_values(["merchant", "week"])
    side, again = rows["side"].to_numpy(), rows["merchant"].to_numpy()
    return int(((side[1:] != side[:-1]) & (again[1:] == again[:-1])).sum())
