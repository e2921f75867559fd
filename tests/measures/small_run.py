"""A run of two weeks written down by hand: five people, three merchants, eight ties.

Week 0: Ann (0) and Bo (1) buy on their own; Ann posts for a reward, Eve (4) posts unheard, Bo
invites. Week 1: Cy (2) buys through Ann's post and is refunded nothing; Dan (3, no member) buys
through it too, joins, and sends the goods back; Bo's invitation is read by Dan before.
"""

from types import SimpleNamespace

import numpy as np

from sim import ledger as books
from sim.ledger import CONSUMER, MERCHANT, OUTSIDE, PLATFORM, Ledger
from sim.measures.offer import offer_of
from sim.measures.tables import RunTables
from sim.measures.ties import measured_ties
from sim.measures.weekly import weekly_row
from sim.network.ties import layers_packed
from sim.rules.rewards import MarketTerms
from sim.rules.terms import terms_of
from sim.scenario import Scenario
from sim.week import WeekFlows, no_click_sums, no_clicks, no_orders, no_reads
from sim.world.columns import (
    CATALOGUE,
    INVITATION,
    MUTED,
    ORGANIC,
    PRODUCT,
    SHARE,
    ConsumerColumns,
    MemoryColumns,
    MerchantColumns,
    OrderColumns,
    PlatformColumns,
    PostColumns,
    ReadColumns,
    ShopWindow,
    TieColumns,
)
from sim.world.posts import no_posts
from sim.world.remembered import nothing_remembered
from sim.world.world import World, ties_of
from tests.small_columns import small

ANN, BO, CY, DAN, EVE = range(5)
N_PEOPLE, N_MERCHANTS = 5, 3
TERMS = MarketTerms(
    sender_rate=0.06,
    receiver_rate=0.04,
    rebate_rate=0.02,
    levels=1,
    level_decay=0.5,
    disclosed=1,
    post_friction=0.0,
    n_slots=0,
    fee_rate=0.02,
    commission_rate=0.0,
    refunds=1,
    self_referral_guard=1,
)


def tie_at(ties: TieColumns, place: int) -> int:
    """The row of the tie at a place of the followers' lists."""
    return int(ties.row_start[ties.reader[place]]) + int(ties.nth[place])


def world_by_hand() -> World:
    """Everybody but Dan is a member; merchants 0 and 1 sell in category 0, merchant 2 in 1."""
    member = [True, True, True, False, True]
    reader = [BO, CY, DAN, ANN, DAN, ANN, BO, ANN]
    layer = np.array([0, 1, 2, 3, 0, 1, 2, 3], dtype=np.int8)
    network = SimpleNamespace(
        n_people=N_PEOPLE,
        reader=np.array(reader, dtype=np.int32),
        n_ties=len(reader),
        follower_start=np.array([0, 3, 5, 7, 7, 8]),
        layer=layer,
        packed_layer=layers_packed(layer),
        weight=None,
    )
    ties = ties_of(network, max_followed=0)  # type: ignore[arg-type]
    ties.marks[tie_at(ties, 2)] |= MUTED
    return World(
        seed=7,
        network=network,  # type: ignore[arg-type]
        consumers=small(
            ConsumerColumns,
            N_PEOPLE,
            member=member,
            joined_week=[0, 0, 0, -1, 0],
            insight=np.ones(N_PEOPLE),
            general_trust=np.full(N_PEOPLE, 0.8),
        ),
        memory=small(MemoryColumns, N_PEOPLE),
        ties=ties,
        merchants=small(
            MerchantColumns,
            N_MERCHANTS,
            category=[0, 0, 1],
            quality_level=[1, 3, 4],
            quality=[0.25, 0.75, 1.0],
            unit_cost_fen=[3000, 4000, 5000],
            price_fen=[4000, 5000, 6000],
            admitted=[True, True, True],
            active=[True, True, True],
            entered_week=[0, 0, 0],
        ),
        platform=small(PlatformColumns, 1),
        shop=small(ShopWindow, 0, catalogue_start=[0, 2, 3], catalogue=[0, 1, 2]),
        posts=no_posts(0, 0),
        remembered=nothing_remembered(N_PEOPLE, 2, 1, ties.nth.dtype),
    )


class SmallRun:
    """What the measures read of a model, stepped by hand."""

    def __init__(self, trace: bool = True):
        self.scenario = Scenario()
        self.seed = 7
        self.week = -1
        self.trace = trace
        self.market = SimpleNamespace(name="referral", sides=(SimpleNamespace(name="referral"),))
        self.side_terms = (TERMS,)
        self.terms = terms_of(self.scenario)
        self.kept_shares = self.terms.trust.forgetting ** np.arange(9.0)
        self.world = world_by_hand()
        world = self.world
        self.measured_ties = measured_ties(world)
        self.ledger = Ledger(world.consumers, world.merchants, world.platform, trace=trace)
        self.offer = offer_of(world)
        self.weekly: list[dict] = []
        self.tables_so_far = RunTables(self)
        self.flows = self._flows(0, no_orders(), no_reads())

    def _flows(self, first_order: int, orders: OrderColumns, reads: ReadColumns) -> WeekFlows:
        n_reads, n_useless = len(reads.share), int(reads.useless.sum())
        return WeekFlows(
            self.week,
            first_order,
            orders,
            reads,
            no_clicks(),
            no_click_sums(self.world.n_merchants),
            n_reads=n_reads,
            n_useless_reads=n_useless,
        )

    def _measure(self) -> None:
        self.ledger.close_week(self.week)
        self.weekly.append(weekly_row(self, self.flows))
        self.tables_so_far.add(self.flows)

    def week_0(self) -> None:
        """Ann buys the better product, Bo the other one; three posts."""
        self.week = 0
        orders = small(
            OrderColumns,
            2,
            consumer=[ANN, BO],
            category=[0, 0],
            merchant=[1, 0],
            channel=[ORGANIC, CATALOGUE],
            price_fen=[5000, 4000],
            expected_quality=[0.6, 0.5],
            experienced_quality=[0.9, 0.2],
            surplus_fen=[1200, -100],
        )
        self.flows = self._flows(0, orders, no_reads())
        self.flows.choices, self.flows.examined = 3, 9
        self._pay(ANN, 1, 5000, 4000, 0)
        self._pay(BO, 0, 4000, 3000, 1)
        self.world.posts = small(
            PostColumns,
            3,
            first_share=0,
            fresh=0,
            sharer=[ANN, BO, EVE],
            category=[0, -1, 1],
            merchant=[1, -1, 2],
            kind=[PRODUCT, INVITATION, PRODUCT],
            rewarded=[True, False, True],
            stated_quality=[0.9, 0.0, 1.0],
            effort_fen=[250, 0, 0],
            source_order=[0, -1, -1],
            root_share=[0, 1, 2],
            upline=np.zeros((3, 0)),
        )
        # Merchants adapt before the week is measured; what was sold must not follow.
        self.world.merchants.price_fen[0] = 9999
        self.world.merchants.quality_level[0] = 4
        self._measure()

    def week_1(self) -> None:
        """Cy and Dan buy through Ann's post; Dan, who was invited too, joins and is refunded."""
        self.week = 1
        self.world.merchants.price_fen[0] = 4000
        self.world.merchants.quality_level[0] = 1
        self.offer = offer_of(self.world)
        orders = small(
            OrderColumns,
            2,
            consumer=[CY, DAN],
            category=[0, 0],
            merchant=[1, 1],
            channel=[SHARE, SHARE],
            share=[0, 0],
            sharer=[ANN, ANN],
            tie=[1, 2],
            layer=[1, 2],
            price_fen=[5000, 5000],
            expected_quality=[0.8, 0.8],
            experienced_quality=[0.7, 0.1],
            surplus_fen=[700, 0],
            refunded=[False, True],
        )
        reads = small(
            ReadColumns,
            4,
            consumer=[BO, CY, DAN, DAN],
            share=[0, 0, 0, 1],
            sharer=[ANN, ANN, ANN, BO],
            merchant=[1, 1, 1, -1],
            channel=[SHARE] * 4,
            layer=[0, 1, 2, 0],
            friends_sharing=[1, 1, 1, 1],
            useless=[True, False, False, False],
        )
        self.flows = self._flows(2, orders, reads)
        self.flows.choices, self.flows.examined, self.flows.exits = 2, 5, 1
        self._pay(CY, 1, 5000, 4000, 2, reward_to=ANN)
        self._pay(DAN, 1, 5000, 4000, 3, refunded=True)
        people = self.world.consumers
        people.member[DAN], people.joined_week[DAN], people.joined_share[DAN] = True, 1, 1
        self.world.posts = small(
            PostColumns,
            1,
            first_share=3,
            fresh=0,
            week=[1],
            sharer=[CY],
            category=[0],
            merchant=[1],
            kind=[PRODUCT],
            rewarded=[True],
            stated_quality=[0.7],
            effort_fen=[75],
            source_order=[2],
            parent_share=[0],
            root_share=[0],
            upline=np.zeros((1, 0)),
        )
        self._measure()

    def _pay(
        self,
        buyer: int,
        merchant: int,
        price: int,
        cost: int,
        order: int,
        reward_to: int | None = None,
        refunded: bool = False,
    ) -> None:
        pay, wallets = self.ledger.transfer, self.world.consumers.wallet_fen
        pay(CONSUMER, buyer, MERCHANT, merchant, price, books.PURCHASE, order)
        pay(MERCHANT, merchant, OUTSIDE, 0, cost, books.COST_OF_GOODS, order)
        if refunded:
            pay(MERCHANT, merchant, PLATFORM, 0, price, books.REFUND_RECOVERY, order)
            pay(PLATFORM, 0, CONSUMER, buyer, price, books.REFUND, order)
            return
        pay(MERCHANT, merchant, PLATFORM, 0, price // 50, books.FEE, order)
        credit = price // 50
        if reward_to is not None:
            pay(MERCHANT, merchant, CONSUMER, reward_to, price * 6 // 100, books.REWARD, order)
            credit += price // 25
        pay(MERCHANT, merchant, PLATFORM, 0, credit, books.REBATE_FUNDING, order)
        wallets[buyer] += credit


def two_weeks(trace: bool = True) -> SmallRun:
    """The run after both weeks."""
    run = SmallRun(trace)
    run.week_0()
    run.week_1()
    return run
