"""The columns in which all state lives: dtype, unit and the stages that write each.

Columns are NumPy arrays held in named tuples, so that the readable agents and the compiled kernels
work on the same memory. A comment behind a column says: unit; every stage that writes it, as
``sim.week.STAGES`` lists them too. The ledger's columns are written in settle and adapt.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

I1 = NDArray[np.int8]
I2 = NDArray[np.int16]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]
F4 = NDArray[np.float32]
F8 = NDArray[np.float64]
U1 = NDArray[np.bool_]
B1 = NDArray[np.uint8]
U2 = NDArray[np.uint16]
U4 = NDArray[np.uint32]

#: How a product came before a consumer's eyes, in the order in which looks are filled.
HABIT, SHARE, LEADER, AD, ORGANIC, CATALOGUE = range(6)
CHANNELS = ("habit", "share", "leader", "ad", "organic", "catalogue")

#: Kinds of share.
PRODUCT, INVITATION = range(2)
SHARE_KINDS = ("product", "invitation")

HOURS_PER_WEEK = 168
#: Sums of choice probabilities are integers of this scale: the order of adding cannot matter.
FIXED_POINT = 1 << 20
#: Review scores, 0..1, are summed in millionths.
MICRO = 1_000_000
#: Weeks of sales that count as recent.
RECENT_WEEKS = 4
NOBODY = -1
#: Items that kernels ask about at once: posts that are remembered, places of the ranked list.
ASKED_AT_ONCE = 16
#: Room that is made for what comes anew every week, over what is at hand.
SPARE = 1.06


class ConsumerColumns(NamedTuple):
    """One row a consumer, length ``n_consumers``."""

    taste_x: F8  # standard normal; fixed
    taste_y: F8  # standard normal; fixed
    purchase_rate: F8  # needs per week over all categories; fixed
    price_sensitivity: F8  # utility per yuan; fixed
    insight: F8  # multiplies the precision of own judgement; fixed
    sharing_propensity: F8  # log-odds; fixed
    money_response: F8  # log-odds per log-yuan; fixed
    credit_concern: F8  # log-odds per point of credit; fixed
    mute_threshold: F8  # tie trust below which commercial posts are muted; fixed
    opportunist: U1  # fixed
    member: U1  # expose (invitations), settle (first referred purchase)
    joined_week: I4  # -1 while no member; with member
    joined_share: I4  # the invitation or post that brought the person in, -1 none; with member
    joined_root: I4  # the first invitation of that chain, -1 unless invited; with member
    market_belief: F8  # believed mean quality of this market, 0..1; experience
    ad_lift: F8  # believed quality of advertised goods above the market's; experience
    general_trust: F8  # 0..1, trust in recommendations at large; experience
    wallet_fen: I8  # rebate credited and not yet spent; settle
    cash_fen: I8  # balance of the ledger, starts at 0; ledger
    credit_milli: I8  # public credit in thousandths of a point; experience, faded in measure
    streak: I4  # useful recommendations in a row; experience
    tier: I1  # 0..3, 3 is an opinion leader; measure
    followers: I4  # people who trust this one; experience (new followers)
    side: I1  # of the market, on which the person looks: see ``sim.rules.sides``; choose
    side_gain: F8  # [n_consumers, n_sides] utility of what was bought there, faded mean; no columns
    # where there is one side; experience


class MemoryColumns(NamedTuple):
    """What each consumer remembers of each category, ``[n_consumers, n_categories]``."""

    last_merchant: I2 | I4  # merchant bought from last, -1 none; experience
    mean_experience: F4  # mean of own experiences with that product, 0..1; experience
    times: B1  # how often it was bought in a row, up to MOST_TIMES; experience


#: What is known of one tie lies together: a reader's ties share few cache lines.
TIE_STATE = np.dtype(
    [
        ("useful_milli", "u2"),
        ("useless_milli", "u2"),
        ("touched", "u2"),
        ("reads", "u1"),
        ("marks", "u1"),
    ],
    align=True,
)
#: Bits of ``marks``: the closeness layer, and whether commercial posts are muted.
LAYER_BITS = 3
MUTED = 4
#: Posts read over a tie are counted up to this number.
MOST_READS = 255
#: Purchases in a row of one product are counted up to this number.
MOST_TIMES = 255


class TieColumns(NamedTuple):
    """Ties truster -> trusted: whom a post reaches, and what each reader makes of each friend.

    The followers of person j are the places ``follower_start[j]:follower_start[j + 1]`` of
    ``reader`` and ``nth``, sorted by reader. What reader i knows of their ties are the rows
    ``row_start[i]:row_start[i + 1]`` of all other columns: first the own ties, sorted by trusted
    person, then ``max_followed`` rows for leaders, the k-th of them for ``followed[i, k]``.
    """

    follower_start: I8
    reader: I4  # the truster of a network tie
    nth: B1 | U2 | U4  # its row, counted from the first row of its reader
    row_start: I8
    followed: I4  # [n_consumers, max_followed], -1 free; experience
    weight: (
        F4  # trust before any evidence, -1: as the layer says; empty where all layers say; fixed
    )
    state: NDArray[np.void]  # TIE_STATE: the columns below, row by row
    packed: I8  # the same, a row as one whole number: see ``sim.kernels.packed_ties``
    useful_milli: U2  # thousandths of a piece of evidence at week ``touched``; expose, experience
    useless_milli: U2  # likewise
    touched: U2  # week of the last change of evidence
    reads: B1  # posts read over this tie so far, up to MOST_READS; expose
    marks: B1  # LAYER_BITS, 0 innermost .. 3 outermost, fixed; MUTED; expose


class RememberedColumns(NamedTuple):
    """Posts that consumers remember, ``[memory_weeks, …]``; a week's row is week % memory_weeks.

    Those that nobody will ask for are left out where it is known, see ``weeks_foreseen``. What
    consumer i remembered of a week, in the order of reading, lies at
    ``start[row, i]:start[row, i + 1]`` of the other columns. All written in expose.
    """

    start: I4  # [memory_weeks, n_consumers + 1]
    share: I4  # share id
    nth: B1 | U2 | U4  # the tie over which it was read, counted from the first tie of its reader
    category: I1 | I2


class MerchantColumns(NamedTuple):
    """One row an applicant, length ``merchants.n_applicants``; ids are sorted by category."""

    category: I2  # fixed
    side: I1  # of the market, on which it sells: see ``sim.rules.sides``; adapt
    quality_level: I1  # 0..4, true and unseen before use; adapt
    quality: F8  # quality_level / 4; adapt
    taste_x: F8  # fixed
    taste_y: F8  # fixed
    cost_noise: F8  # standard normal, the part of cost unrelated to quality; fixed
    long_term: U1  # false: fly-by-night, looks no further than this quarter; fixed
    unit_cost_fen: I8  # fen; adapt, with quality
    price_fen: I8  # fen; adapt
    bid_fen: I8  # fen per click, 0 where no slots are sold; adapt
    budget_fen: I8  # fen per week for clicks; adapt
    cash_fen: I8  # fen; ledger
    audit_score: F8  # the platform's noisy view of quality, 0..1; adapt (audits)
    admitted: U1  # may sell on this platform; adapt
    active: U1  # sells this week; adapt
    entered_week: I4  # -1 never; adapt
    exited_week: I4  # -1 never; adapt
    review_count: I8  # strangers' reviews, fakes included; experience
    review_sum_micro: I8  # sum of their scores in millionths; experience
    recent_orders: I4  # [n_applicants, RECENT_WEEKS] orders by week; settle, zeroed in offer
    week_orders: I8  # orders this week; settle, zeroed in offer
    week_revenue_fen: I8  # posted prices of this week's orders; settle, zeroed in offer
    week_start_cash_fen: I8  # cash when the week began; offer, adapt (of those who enter)
    quarter_profit_fen: I8  # profit since the last quarterly decision; adapt
    demand_prob_sum: I8  # sum of P over those who examined it, FIXED_POINT; choose, zeroed in adapt
    demand_slope_sum: I8  # sum of price sensitivity x P(1-P), FIXED_POINT; choose, zeroed in adapt
    period_orders: I8  # orders since the last price decision; settle, zeroed in adapt
    period_referred: I8  # those of them that paid a referral reward; settle, zeroed in adapt
    period_clicks: I8  # paid clicks since the last bid decision; settle, zeroed in adapt
    period_ad_orders: I8  # orders through ads since then; settle, zeroed in adapt


class PlatformColumns(NamedTuple):
    """What the platform knows of the market as a whole."""

    cash_fen: I8  # [1]; ledger
    outside_fen: I8  # [1] suppliers, landlords, staff and investors; ledger
    member_rate_micro: I8  # [1] summed purchase rates of members, in millionths; expose, settle
    rewarded_posts: I8  # [1] rewarded product posts so far, faded by 3/4 a week, thousandths; share
    rewarded_orders: I8  # [1] orders they brought so far, faded by 3/4 a week, thousandths; settle
    side_cost_fen: I8  # [n_sides] running and audits of each side this week; offer, adapt


class ShopWindow(NamedTuple):
    """What can be found this week, the same for every consumer; written in offer, then frozen.

    A shelf is what one side of the market sells of a category; those of the first side come first.
    """

    catalogue_start: I8  # [n_shelves + 1] into catalogue and ranked
    catalogue: I4  # active merchants, by shelf, by id
    ranked: I4  # active merchants, by shelf, best score first
    slot_winner: I4  # [n_shelves, HOURS_PER_WEEK, n_slots], -1 empty
    slot_price_fen: I8  # likewise, price of a click
    slot_click_prob: F8  # [n_slots]
    best_paying: I4  # [n_shelves] what an opportunist posts, -1 nothing


class PostColumns(NamedTuple):
    """Posts of the last ``memory_weeks`` weeks; row = share id - ``first_share``.

    Rows are sorted by (week, sharer, category); posts of the newest week are rows ``fresh:``.
    Written in share.
    """

    first_share: int
    fresh: int
    week: I4
    sharer: I4
    category: I2  # -1 for an invitation
    merchant: I4  # -1 for an invitation
    kind: I1
    rewarded: U1
    stated_quality: F8
    effort_fen: I8  # of writing it, 0 but where only the reward brought that about
    source_order: I8  # -1 none
    parent_share: I8  # -1 none
    root_share: I8
    upline: I4  # [n_posts, levels - 1] sharers above the sharer, nearest first, -1 none


class OrderColumns(NamedTuple):
    """This week's orders, sorted by (consumer, category); row = order id - first id of the week.

    Written in choose, but for what a comment says.
    """

    consumer: I4
    category: I2
    merchant: I4
    channel: I1
    share: I8  # -1 none
    sharer: I4  # -1 none
    tie: I8  # row in the tie columns, -1 none
    layer: I1  # -1 none
    price_fen: I8
    rebate_used_fen: I8
    expected_quality: F8
    shock_gain: F8  # shock of the chosen product minus that of the outside option
    refunded: U1  # settle
    experienced_quality: F8  # experience
    surplus_fen: I8  # experience


class ReadColumns(NamedTuple):
    """This week's reads of posts, sorted by (consumer, share); written in choose."""

    consumer: I4
    share: I8
    sharer: I4
    merchant: I4
    channel: I1  # SHARE or LEADER
    layer: I1  # -1 without a tie
    earlier_reads: I4  # posts read over this tie before
    friends_sharing: (
        I4  # people whose posts of this product the reader reads this week, this one included
    )
    useless: U1  # the reader would not have wanted the product at its true quality


#: Sums of the clicks on a merchant's slots: all, those that cost anything, and what they cost.
CLICKS, PAID_CLICKS, CLICK_FEN, N_CLICK_SUMS = range(4)


class ClickColumns(NamedTuple):
    """This week's paid clicks, sorted by (consumer, category); written in choose."""

    consumer: I4
    merchant: I4
    price_fen: I8
