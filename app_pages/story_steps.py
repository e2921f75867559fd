"""The steps of the story. Every number is read from what is published."""

from html import escape

import streamlit as st

from app_parts import blocks, charts, tables, worlds
from app_parts.cascades import cascade_explorer, leaders_league
from app_parts.choices import choose_one
from app_parts.guess import ask_again, guess_number, guess_one
from app_parts.language import t
from app_parts.lives import inspector, sale_of, sale_options
from app_parts.money import money
from app_parts.network_player import network_player
from app_parts.numbers import interval, number, with_bounds
from app_parts.outcomes import PRICE, TRUST
from app_parts.presets import preset_title
from app_parts.side_by_side import SHARES, WORTH, difference, on_sharing_side
from app_parts.stored import MARKETS, Mean, Stored, published_places, read_stored
from app_parts.traced import PLAYED, Told
from sim.experiments.errors import StoreError

#: Sizes of cascades whose shares are shown, as facts name them.
_REACHING = (2, 5, 10, 20, 50, 100)
_LIVES, _CASCADE = "story_lives", "story_cascade"
BEHIND_ANSWERS = (
    "played",
    f"{_CASCADE}_root",
    *(f"{_LIVES}_{part}" for part in ("what", "person", "merchant", "sale")),
)
"""Choices that appear with an answer: a link may hold them before anybody has guessed."""


def rents(stored: Stored, told: Told | None) -> None:
    """Ads and rents: what of 100 yuan goes into advertising, and who pays for it."""
    paid = stored.money[MARKETS[1], "advertising"]
    guess = guess_number("rents", escape(t("story.rents.question")), 0, 60, _yuan)
    if guess is None:
        return
    _told("rents", guess, paid, 1, stored.n_pairs)
    money(stored, 3)
    seen = stored.differences[PRICE.outcome]
    _sentence(
        t(f"story.rents.price_{seen.verdict}"),
        PRICE.estimate(seen, stored),
        PRICE.bounds(seen, stored),
        seen.n,
    )
    ask_again("rents")


def referral(stored: Stored, told: Told) -> None:
    """A referral: how rarely a read post sells, and where the money of one sale goes."""
    sold, n = told.facts["orders_per_1000_reads"]
    guess = guess_number("referral", escape(t("story.referral.question")), 0, 100, str)
    if guess is None:
        return
    _told("referral", guess, sold, 1, n)
    blocks.note(t("story.referral.counts"))
    blocks.heading(t("story.referral.follow"), 3, t("story.referral.follow_text"))
    options = sale_options(told.extract)
    if options:
        sale_of(told.extract, int(next(iter(options))), "story_sale")
    with st.expander(t("story.referral.inspect")):
        inspector(told.extract, _LIVES)
    ask_again("referral")


def leaders(stored: Stored, told: Told) -> None:
    """Credit and leaders: how unequal the income from sharing is, and who got there."""
    top, n = told.facts["top_percent"]
    guess = guess_number("leaders", escape(t("story.leaders.question")), 0, 100, _percent)
    if guess is None:
        return
    _told("leaders", guess, top, 0, n)
    earning, n = told.facts["earning_percent"]
    _sentence(t("story.leaders.earning"), number(earning.mean, 0), _bounds(earning, 0), n)
    leaders_league(told.extract, "story_league")
    ask_again("leaders")


def fission(stored: Stored, told: Told) -> None:
    """Fission, and why most shares die."""
    alone, n = told.facts["alone_percent"]
    guess = guess_number("fission", escape(t("story.fission.question")), 0, 100, str)
    if guess is None:
        return
    _told("fission", guess, alone, 0, n)
    blocks.note(t("story.fission.counts"))
    spread, n = told.facts["reproduction"]
    verdict = "below" if not spread.high >= 1 else "above" if spread.low > 1 else "unclear"
    _sentence(t(f"story.fission.spread_{verdict}"), number(spread.mean, 2), _bounds(spread, 2), n)
    blocks.heading(t("story.fission.watch"), 3, t("story.fission.watch_text"))
    names = {name: t(f"story.fission.{name}") for name in PLAYED if told.player(name)}
    if names:
        which = choose_one("played", t("story.fission.which"), names, default=next(iter(names)))
        network_player(told.player(which), str(told.player(which)["market"]), f"player_{which}")
    blocks.heading(t("story.fission.sizes"), 3)
    rows: list[tables.Row] = [
        (
            t("story.fission.at_least", n=size),
            [_share(told.facts[f"reaching_{size}"][0])],
        )
        for size in _REACHING
        if f"reaching_{size}" in told.facts
    ]
    head = [t("story.fission.size"), t("story.fission.share")]
    st.html(blocks.table(head, rows))
    tables.take_along("sizes", head, rows)
    blocks.note(t("story.fission.sizes_note", n=n))
    with st.expander(t("story.fission.explore")):
        cascade_explorer(told.extract, _CASCADE)
    ask_again("fission")


def trust(stored: Stored, told: Told | None) -> None:
    """Overdrawn trust: what many sellers among friends do to it."""
    pushed = _published("mask-sellers")
    if pushed is None:
        blocks.note(t("story.missing"))
        return
    seen = pushed.differences[TRUST.outcome]
    options = {name: t(f"story.trust.{name}") for name in ("less", "unclear", "more")}
    guess = guess_one("trust", escape(t("story.trust.question")), options)
    if guess is None:
        return
    _judged(guess == seen.verdict, t(f"story.trust.found_{seen.verdict}"), options[guess])
    _sentence(
        t("story.trust.difference"),
        TRUST.estimate(seen, pushed),
        TRUST.bounds(seen, pushed),
        seen.n,
    )
    drawn = {
        name: found
        for name in ("baseline", "quick", "high-reward", "mask-sellers")
        if (found := _published(name)) is not None
    }
    blocks.heading(t("story.trust.worlds"), 3)
    worlds.forest(drawn, TRUST, "story_trust")
    if pushed.weeks:
        blocks.heading(t("story.trust.weeks"), 3)
        blocks.legend(MARKETS)
        st.plotly_chart(
            charts.over_weeks(
                pushed.weeks,
                {"mean_tie_trust": True},
                MARKETS,
                t("chart.trust.axis"),
                within=(0.0, 1.0),
                first_counted=int(pushed.document["counted_weeks"]["first"]),
                digits=3,
            ),
            config=charts.CONFIG,
            alt=t("chart.alt", name=t("chart.trust.name")),
            key="story_trust_weeks",
        )
        blocks.note(t("chart.caption", n=pushed.n_pairs))
        means = [pushed.weeks[market, "mean_tie_trust"] for market in MARKETS]
        rows: list[tables.Row] = [
            (str(week), [with_bounds(mean, 3) for mean in both])
            for week, both in enumerate(zip(*means, strict=True))
        ]
        head = [t("chart.week"), *(charts.market_label(market) for market in MARKETS)]
        tables.numbers("trust", head, rows)
    blocks.note(t("story.trust.doubt"))
    ask_again("trust")


def loss(stored: Stored, told: Told | None) -> None:
    """When sharing loses: all published worlds side by side."""
    found = {name: s for name in published_places() if (s := _published(name)) is not None}
    shown = worlds.SURPLUS
    verdicts = {name: s.differences[shown.outcome].verdict for name, s in found.items()}
    wins = sum(verdict == "more" for verdict in verdicts.values())
    question = escape(t("story.loss.question", n=len(found)))
    guess = guess_number("loss", question, 0, len(found), str)
    if guess is None:
        return
    losses = sum(verdict == "less" for verdict in verdicts.values())
    _judged(
        int(guess) == wins,
        t("story.loss.found", wins=wins, n=len(found), losses=losses),
        number(guess, 0),
    )
    worlds.forest(found, shown, "story_worlds")
    blocks.note(t("story.loss.doubt"))
    ask_again("loss")


def both(stored: Stored, told: Told | None) -> None:
    """Both platforms side by side: where people go, and what they find there, world by world."""
    if stored.sides is None:
        blocks.note(t("story.missing"))
        return
    guess = guess_number("both", escape(t("story.both.question")), 0, 100, str)
    if guess is None:
        return
    sides = stored.sides
    n = sides.ends["member_share"].n
    _told("both", guess, on_sharing_side(sides, "member_share"), 0, n)
    bought = on_sharing_side(sides, "order_share")
    _sentence(t("story.both.orders"), *with_bounds(bought, 0), sides.ends["order_share"].n)
    _sentence(t("story.both.worth"), *difference(sides, WORTH), sides.ends[WORTH].n)
    blocks.heading(t("story.both.worlds"), 3)
    rows: list[tables.Row] = []
    for name in published_places():
        world = _published(name)
        if world is not None and world.sides is not None:
            size = t("worlds.size", people=number(world.people, 0))
            label = t("story.both.of_size", world=preset_title(name), size=size)
            found = [with_bounds(on_sharing_side(world.sides, share), 0) for share in SHARES]
            n_pairs = number(world.sides.ends["member_share"].n, 0)
            rows.append((label, [*found, difference(world.sides, WORTH), n_pairs]))
    head = [t("story.both.world"), *(f"{t(f'sides.{share}')} (%)" for share in SHARES)]
    head += [t("story.both.gap"), t("story.both.n")]
    st.html(blocks.scrolling(t("story.both.worlds"), blocks.table(head, rows)))
    tables.take_along("both", head, rows)
    blocks.note(t("story.both.table"))
    blocks.note(t("story.both.doubt", preset=preset_title("unscreened")))
    blocks.note(t("sides.doubt"))
    ask_again("both")


def _published(name: str) -> Stored | None:
    place = published_places().get(name)
    try:
        return read_stored(place) if place else None
    except StoreError:
        return None


def _told(step: str, guess: float, found: Mean, digits: int, n: int) -> None:
    """The answer in one sentence, beside the guess."""
    away = abs(guess - found.mean)
    near = away <= max(0.2 * abs(found.mean), 1.0)
    how = "near" if near else "low" if guess < found.mean else "high"
    bounds = _bounds(found, digits)
    inside = f'<span class="soft">{escape(t("answer.interval", interval=bounds))}</span>'
    sentence = t(
        f"story.{step}.answer",
        value=blocks.strong(number(found.mean, digits)),
        interval=inside if found.low == found.low else "",
    )
    st.html(f'<p class="answer story-answer">{sentence}</p>')
    blocks.note(t(f"guess.{how}", guess=number(guess, 0)) + " " + t("story.runs", n=n))


def _judged(right: bool, sentence: str, guess: str) -> None:
    st.html(f'<p class="answer story-answer">{escape(sentence)}</p>')
    blocks.note(t("guess.right") if right else t("guess.wrong", guess=guess))


def _sentence(words: str, value: str, bounds: str, n: int) -> None:
    told = t("story.number", value=value, interval=bounds, n=n)
    st.html(f'<p class="told"><b>{escape(words)}</b> {escape(told)}</p>')


def _share(share: Mean) -> tuple[str, str]:
    """A share in % with its interval, which ends at nothing; what is rare has more decimals."""
    within = Mean(share.mean, max(share.low, 0.0), share.high)
    return with_bounds(within, 1 if share.mean >= 1 else 3)


def _bounds(mean: Mean, digits: int) -> str:
    return interval(mean.low, mean.high, digits)


def _yuan(value: float) -> str:
    return number(value, 0)


def _percent(value: float) -> str:
    return number(value, 0)
