"""How far sharing spreads: cascade sizes on logarithmic axes."""

from __future__ import annotations

import pandas as pd
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from sim.figures.marks import line_with_band, market_key
from sim.figures.page import About, LeftOut, Page, caption_notes, open_page
from sim.figures.words import number
from sim.measures.cascade_sizes import alone_percent, largest_size, shares_reaching_by_run
from sim.measures.over_runs import means_over_runs

_KINDS = ("product", "invitation")


def cascade_sizes(about: About, cascades: pd.DataFrame | None) -> Page:
    """Share of cascades that reach each size, product and invitation cascades apart.

    `cascades` has a row a run and cascade with kind and size; None where a run is not traced.
    """
    if cascades is None:
        raise LeftOut("only traced runs know their cascades: use --trace")
    if cascades.empty:
        raise LeftOut("nobody shared anything")
    reaching = shares_reaching_by_run(cascades)
    words = about.words
    notes = [*caption_notes(about, "shown.sizes"), words("cascades.rooted")]
    page = open_page(about, _title(about, cascades), words("cascades.sub"), notes)
    kinds = [kind for kind in _KINDS if (reaching["kind"] == kind).any()]
    axes = page.axes(len(kinds), left=0.105, above=0.14 if len(kinds) > 1 else 0.095, gap=0.22)
    for ax, kind in zip(axes, kinds, strict=True):
        of_kind = reaching[reaching["kind"] == kind]
        means = means_over_runs(of_kind, ["market", "size"], "share")
        least = means.loc[means["mean"] > 0, "mean"].min()
        ax.set_xscale("log")
        ax.set_yscale("log", nonpositive="clip")
        for market in about.markets:
            of_market = means[(means["market"] == market) & (means["mean"] > 0)]
            line_with_band(ax, of_market, "size", market, steps=True)
        ax.set_xlim(0.9, max(10, 1.25 * of_kind["size"].max()))
        ax.set_ylim(0.5 * least, 1.3)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda size, _: f"{size:,.0f}"))
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.yaxis.set_major_locator(LogLocator(10))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:g}"))
        ax.set_xlabel(words("size"))
        if len(kinds) > 1:
            ax.set_title(words(f"kind.{kind}"), pad=10)
    if axes:
        axes[0].set_ylabel(words("share.reaching"))
    market_key(page, about)
    return page


def _title(about: About, cascades: pd.DataFrame) -> str:
    words = about.words
    alone = alone_percent(cascades, "product")
    shares = alone.groupby("market")["alone_percent"].mean()
    texts = [
        words("cascades.alone", **words.named(market), a=number(shares[market], 1))
        for market in about.markets[:2]
        if market in shares.index
    ]
    join = ", " if words.lang == "en" else "、"
    return words(
        "cascades.title",
        alone=join.join(texts),
        largest=words("cascades.largest", n=f"{largest_size(cascades, 'product'):,}"),
    )
