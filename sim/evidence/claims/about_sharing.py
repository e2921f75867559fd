"""Claims about sharing: how far it spreads, what too much of it does, who leads."""

from __future__ import annotations

from sim.evidence.claims.common import A_YEAR, NO_OPPORTUNISTS, OF_SPENDING
from sim.evidence.claims.statement import Claim, Neutral, Part, Term, fixed, less, level

A_FRIEND_OF_A_FRIEND = "a friend of a friend is reached, on average"

C2 = Claim(
    "C2",
    "Sharing spreads by fission.",
    (
        Part(
            "orders that an order brings",
            "orders per order",
            level("referral, screened", "reproduction"),
            1.0,
            "below 1 every cascade dies",
            role="main",
        ),
        Part(
            "share of product cascades of 100 and more",
            "share of cascades",
            level("referral, screened", "cascades_large"),
            1e-3,
            "the most that is seen in the field (V3), where a world of at most 5,000 people cannot "
            "show it",
            least_people=5_000,
        ),
        Part(
            "people whom an early joiner of a growing platform brings by invitation",
            "people per joiner",
            level("referral, growing", "invitations_per_joiner"),
            1.0,
            "below 1 invitations die too",
        ),
        Part(
            "depth of product cascades that anybody followed",
            "steps",
            level("referral, screened", "product_depth"),
            2.0,
            A_FRIEND_OF_A_FRIEND,
            role="told",
        ),
        Part(
            "depth of invitation cascades that anybody followed, on a growing platform",
            "steps",
            level("referral, growing", "invitation_depth"),
            2.0,
            A_FRIEND_OF_A_FRIEND,
            role="told",
        ),
    ),
    (
        Neutral(
            "some people have ten times the followers (here nobody)",
            fixed(network__hub_share=0.0),
        ),
    ),
    "real product cascades die young",
)


C6 = Claim(
    "C6",
    "Over-rewarded sharing overdraws trust and pollutes.",
    (
        Part(
            "trust in ties, at a reward of 30 % less at the usual one",
            "trust, 0 to 1",
            less("referral, high reward", "referral, screened", "mean_tie_trust"),
            -0.02,
            "a twenty-fifth of the trust there is",
            at_least=False,
            role="main",
        ),
        Part(
            "share of reads that are useless, likewise",
            "share of reads",
            less("referral, high reward", "referral, screened", "useless_read_share"),
            0.02,
            "one read in fifty",
        ),
        Part(
            "orders per read at the high reward less nine tenths of those at the usual one",
            "orders per read",
            (
                Term(1.0, "referral, high reward", "conversion_per_read"),
                Term(-0.9, "referral, screened", "conversion_per_read"),
            ),
            0.0,
            "a fall by a tenth",
            at_least=False,
        ),
        Part(
            "share of ties muted, at the high reward less at the usual one",
            "share of ties",
            less("referral, high reward", "referral, screened", "muted_share"),
            0.01,
            "one tie in a hundred",
        ),
        Part(
            "surplus at the high reward less that at the usual one",
            A_YEAR,
            less("referral, high reward", "referral, screened", "surplus_yuan_a_year"),
            -15.0,
            OF_SPENDING,
            at_least=False,
            role="told",
        ),
    ),
    (
        Neutral("reading a rewarded post costs trust (here none)", fixed(sharing__annoyance=0.0)),
        Neutral(
            "a reward makes a post less believed (here not)",
            fixed(sharing__sincerity_kappa_inner=0.0, sharing__sincerity_kappa_outer=0.0),
        ),
        NO_OPPORTUNISTS,
        Neutral("money makes sharers overstate (here not)", fixed(sharing__inflation_max=0.0)),
    ),
    "splitting the reward, disclosing it, symbolic rewards",
)


C7 = Claim(
    "C7",
    "Useful sharers become opinion leaders.",
    (
        Part(
            "later useful share of recommendations: leaders at half-time less all others",
            "share of recommendations",
            level("referral, screened", "leaders_lead_later"),
            0.05,
            "one recommendation in twenty",
            role="main",
        ),
        Part(
            "raw correlation of sharers' usefulness in the two halves of the weeks, counting noise "
            "included",
            "correlation",
            level("referral, screened", "usefulness_persists"),
            0.2,
            "below it, past usefulness tells next to nothing",
        ),
        Part(
            "the same correlation corrected for counting noise",
            "correlation",
            level("referral, screened", "usefulness_persists_corrected"),
            0.2,
            "the bound of the raw one, which is drawn towards 0 by the few outcomes that a sharer "
            "has in each half",
            role="told",
        ),
        Part(
            "share of the leaders at half-time who are leaders at the end",
            "share of leaders",
            level("referral, screened", "leaders_stay"),
            0.5,
            "half of them",
            role="told",
        ),
    ),
    (
        Neutral(
            "people differ in how well they judge (here not)", fixed(belief__insight_log_sd=0.0)
        ),
        NO_OPPORTUNISTS,
    ),
    "luck",
)
