"""Every word in a figure, in English and Chinese side by side."""

import math
from collections.abc import Mapping

from sim.figures.style import LANGUAGES, style_of
from sim.figures.words_of_analyses import ANALYSIS_TEXTS
from sim.measures.over_runs import Contrast

TEXTS: Mapping[str, tuple[str, str]] = {
    # axes and labels
    "week": ("Week", "周"),
    "quality": ("Quality (0 worst, 1 best)", "质量（0 最差，1 最好）"),
    "quality.level": ("Quality of the goods (0 worst, 1 best)", "商品质量（0 最差，1 最好）"),
    "sold": ("{market}: sold", "{market}：售出"),
    "offered": ("{market}: on offer", "{market}：在售"),
    "share.orders": ("Share of orders (%)", "订单占比（%）"),
    "on.offer": ("share of what is on offer", "在售商品占比"),
    "price": ("Mean price of orders (yuan)", "订单均价（元）"),
    "margin.gross": ("Gross margin (% of sales)", "毛利（占销售额 %）"),
    "margin.profit": ("Merchants' profit (% of sales)", "商家利润（占销售额 %）"),
    "trust": ("Mean trust of ties (0 to 1)", "平均关系信任（0–1）"),
    "muted": ("Muted ties (%)", "被屏蔽的关系（%）"),
    "posts": ("Posts a week per 100 members", "每百名会员每周帖子数"),
    "size": ("Adopters in the cascade, the first included", "级联规模（含首位买家，人）"),
    "share.reaching": ("Share of cascades at least this large", "达到该规模的级联占比"),
    "kind.product": ("Products", "商品"),
    "kind.invitation": ("Invitations", "邀请"),
    "yuan.axis": ("Of 100 yuan that consumers pay (yuan)", "消费者每支付 100 元的去向（元）"),
    "relative": (
        "Difference in % of the mean in {second}",
        "差值占{second}均值的比例（%）",
    ),
    "higher.in": ("{market} higher", "{market}更高"),
    # captions
    "runs.one": ("One run (seed {seeds}), so no interval.", "单次运行（种子 {seeds}），无区间。"),
    "runs.pair": (
        "One pair of runs (seed {seeds}), so no interval.",
        "一对运行（种子 {seeds}），无区间。",
    ),
    "runs.many": (
        "{n} runs a market, paired by seed ({seeds}). {shown}",
        "每个市场 {n} 次运行，按种子配对（{seeds}）。{shown}",
    ),
    "shown.bands": (
        "Lines: means over runs; bands: their 95 % intervals (Student), week by week.",
        "线：各次运行均值；色带：逐周 95% 区间（学生 t）。",
    ),
    "shown.bars": (
        "Bars: means over runs; whiskers: 95 % intervals (Student).",
        "柱：各次运行均值；须线：95% 区间（学生 t）。",
    ),
    "shown.brackets": (
        "Means over runs; in brackets 95 % intervals (Student).",
        "各次运行均值；方括号内为 95% 区间（学生 t）。",
    ),
    "shown.sizes": (
        "Lines: means over runs; bands: their 95 % intervals (Student), size by size.",
        "线：各次运行均值；色带：逐规模 95% 区间（学生 t）。",
    ),
    "shown.halves": (
        "Means over runs; after ± half of their 95 % intervals (Student).",
        "各次运行均值；± 后为 95% 区间（学生 t）的一半。",
    ),
    "shown.points": (
        "Points: mean paired differences; lines: 95 % intervals (Student).",
        "点：平均配对差值；线：95% 区间（学生 t）。",
    ),
    "scenario": (
        "Scenario {scenario}: {consumers} consumers, {weeks} weeks.",
        "情景 {scenario}：{consumers} 名消费者，{weeks} 周。",
    ),
    "warm-up.shaded": (
        "Grey: weeks 0 to {last}, warm-up, not counted.",
        "灰色：第 0 至 {last} 周为预热期，不计入。",
    ),
    "warm-up.left": (
        "Weeks 0 to {last} are warm-up and left out.",
        "第 0 至 {last} 周为预热期，未计入。",
    ),
    "title.of": (
        "The title is about the mean of weeks {first} to {last}.",
        "标题所述为第 {first} 至 {last} 周的均值。",
    ),
    "cut.off": (
        "Arrows: beyond the axis; the number says where.",
        "箭头：超出坐标轴范围，数值见右侧。",
    ),
    "filled": (
        "Filled: the interval leaves out zero.",
        "实心：区间不含零。",
    ),
    "verdict.none": (
        "{First} and {second} have no pair of runs to compare here",
        "{First}与{second}在此没有可比的配对运行",
    ),
    # quality over weeks
    "quality.sub": (
        "Mean quality of the goods sold each week, and of those on offer",
        "每周售出商品与在售商品的平均质量",
    ),
    "quality.more": (
        "{First} sells better goods than {second}: quality {difference}",
        "{First}售出的商品质量高于{second}：{difference}",
    ),
    "quality.less": (
        "{First} sells worse goods than {second}: quality {difference}",
        "{First}售出的商品质量低于{second}：{difference}",
    ),
    "quality.unclear": (
        "No clear difference in the quality sold between {first} and {second}: {difference}",
        "{First}与{second}售出的商品质量无明显差异：{difference}",
    ),
    "quality.single": (
        "Quality sold is {a} in {first} and {b} in {second}, in one pair of runs",
        "一对运行中，{First}售出质量为 {a}，{second}为 {b}",
    ),
    "quality.alone": (
        "{First} sells goods of mean quality {a} out of an offer of mean quality {b}",
        "{First}售出商品的质量为 {a}，在售商品为 {b}",
    ),
    # sales by quality
    "sales.sub": (
        "Share of orders that fall on goods of each quality, and of what is on offer",
        "各质量等级的订单占比与在售占比",
    ),
    "sales.more": (
        "High-quality goods make up more of the sales in {first} than in {second}: "
        "{difference} points",
        "{First}中优质商品占销售的比例高于{second}：{difference} 个百分点",
    ),
    "sales.less": (
        "High-quality goods make up less of the sales in {first} than in {second}: "
        "{difference} points",
        "{First}中优质商品占销售的比例低于{second}：{difference} 个百分点",
    ),
    "sales.unclear": (
        "No clear difference in the share of high-quality goods in sales between {first} and "
        "{second}: {difference} points",
        "{First}与{second}的优质商品销售占比无明显差异：{difference} 个百分点",
    ),
    "sales.single": (
        "High-quality goods make up {a} % of sales in {first} and {b} % in {second}, "
        "in one pair of runs",
        "一对运行中，优质商品占销售的比例：{First} {a}%，{second} {b}%",
    ),
    "sales.alone": (
        "High-quality goods make up {a} % of sales in {first}",
        "{First}中优质商品占销售的 {a}%",
    ),
    "sales.good": ("High quality: {from_} and more.", "优质：质量不低于 {from_}。"),
    # price and margin
    "price.sub": (
        "What buyers are asked, what remains after the cost of the goods, and after all costs",
        "订单标价、扣除货款成本后的毛利，以及扣除全部成本后的利润",
    ),
    "price.more": (
        "Prices are higher in {first} than in {second}: {difference} yuan",
        "{First}的价格高于{second}：{difference} 元",
    ),
    "price.less": (
        "Prices are lower in {first} than in {second}: {difference} yuan",
        "{First}的价格低于{second}：{difference} 元",
    ),
    "price.unclear": (
        "No clear difference in price between {first} and {second}: {difference} yuan",
        "{First}与{second}的价格无明显差异：{difference} 元",
    ),
    "price.single": (
        "The mean price is {a} yuan in {first} and {b} yuan in {second}, in one pair of runs",
        "一对运行中，均价：{First} {a} 元，{second} {b} 元",
    ),
    "price.alone": ("The mean price is {a} yuan in {first}", "{First}的均价为 {a} 元"),
    # trust and posts
    "trust.sub": (
        "Trust in friends' recommendations, friends no longer listened to, and how much is posted",
        "对好友推荐的信任、被屏蔽的好友，以及发帖量",
    ),
    "trust.more": (
        "Recommendations of friends are trusted more in {first} than in {second}: {difference}",
        "{First}中好友推荐比{second}更受信任：{difference}",
    ),
    "trust.less": (
        "Recommendations of friends are trusted less in {first} than in {second}: {difference}",
        "{First}中好友推荐不如{second}受信任：{difference}",
    ),
    "trust.unclear": (
        "No clear difference in the trust between friends: {difference} in {first} "
        "against {second}",
        "好友间信任无明显差异：{First}较{second} {difference}",
    ),
    "trust.single": (
        "Mean tie trust is {a} in {first} and {b} in {second}, in one pair of runs",
        "一对运行中，平均关系信任：{First} {a}，{second} {b}",
    ),
    "trust.alone": ("Mean tie trust is {a} in {first}", "{First}的平均关系信任为 {a}"),
    # cascades
    "cascades.sub": (
        "Share of cascades that reach each size or more, both axes logarithmic",
        "达到各规模及以上的级联占比（双对数坐标）",
    ),
    "cascades.title": (
        "Product cascades that win no second buyer: {alone}{largest}",
        "未带来第二位买家的商品级联：{alone}{largest}",
    ),
    "cascades.alone": ("{a} % in {first}", "{First} {a}%"),
    "cascades.largest": ("; the largest has {n} buyers", "；最大的有 {n} 位买家"),
    "cascades.rooted": (
        "A cascade starts with the buyer who posted first; product and invitation cascades apart.",
        "级联始于首位发帖的买家；商品与邀请级联分开统计。",
    ),
    # where 100 yuan go
    "money.sub": (
        "What consumers pay, by where it goes, in yuan of every 100",
        "消费者支付的每 100 元的去向（元）",
    ),
    "money.pair": (
        "Of 100 yuan paid, users get back {a} in {first} and {b} in {second}; "
        "the platform takes {c} and {d}",
        "每支付 100 元，用户在{first}得回 {a} 元、在{second}得回 {b} 元；平台收取 {c} 元与 {d} 元",
    ),
    "money.alone": (
        "Of 100 yuan paid in {first}, users get back {a} and the platform takes {c}",
        "在{first}每支付 100 元，用户得回 {a} 元，平台收取 {c} 元",
    ),
    "money.users": (
        "Users: rewards and rebates. Platform: advertising, fee and commission. "
        "Losses lie left of zero.",
        "用户：推荐奖励与购物返利。平台：广告费、服务费与佣金。亏损画在零的左侧。",
    ),
    "beyond": ("more than {x} %", "超过 {x}%"),
    "money.less": ("{first} less {second}", "{first}减{second}"),
    # paired differences
    "forest.sub": (
        "{First} less {second}: paired differences of the same people with the same luck",
        "{First}减{second}：同一批人、同样运气下的配对差值",
    ),
    "forest.title": (
        "{First} against {second}, {n} outcomes: {higher} clearly higher, {lower} clearly lower, "
        "{unclear} without a clear difference",
        "{First}对{second}，{n} 项结果：{higher} 项明显更高、{lower} 项明显更低、"
        "{unclear} 项无明显差异",
    ),
    "forest.single": (
        "{First} against {second} in one pair of runs: differences without intervals",
        "一对运行中{First}与{second}的差值（无区间）",
    ),
    **ANALYSIS_TEXTS,
}
"""English and Chinese text of every key; both have the same places for values."""

PARTS: Mapping[str, tuple[str, str]] = {
    "cost_of_goods": ("Cost of goods", "货款成本"),
    "fixed_cost": ("Merchants' fixed cost", "商家固定成本"),
    "merchant_profit": ("Merchants' profit", "商家利润"),
    "advertising": ("Advertising", "广告费"),
    "commission": ("Commission", "佣金"),
    "fee": ("Platform fee", "平台服务费"),
    "rewards": ("Sharers' rewards", "推荐奖励"),
    "rebates": ("Buyers' rebates", "买家的购物返利"),
    "refunds": ("Refunds to buyers", "买家退款"),
}
"""Names of the parts of 100 yuan, in the order in which they are stacked."""

OUTCOMES: Mapping[str, tuple[str, str]] = {
    "household_gain_fen": ("Household gain", "家庭所得"),
    "household_gain_net_fen": ("Household gain net of effort", "家庭净所得"),
    "consumer_surplus_fen": ("Consumer surplus", "消费者剩余"),
    "mean_quality_sold": ("Quality sold", "售出质量"),
    "mean_quality_offered": ("Quality on offer", "在售质量"),
    "mean_price_fen": ("Price", "价格"),
    "orders": ("Orders", "订单数"),
    "merchant_profit_fen": ("Merchants' profit", "商家利润"),
    "platform_revenue_fen": ("Platform revenue", "平台收入"),
    "platform_cost_fen": ("Platform cost", "平台成本"),
    "posts": ("Posts", "帖子数"),
    "reads": ("Posts read", "阅读数"),
    "useless_read_share": ("Useless reads, share", "无用阅读占比"),
    "conversion_per_read": ("Orders per read post", "每次阅读转化率"),
    "mean_tie_trust": ("Trust of ties", "关系信任"),
    "muted_share": ("Muted ties, share", "被屏蔽关系占比"),
    "members": ("Members", "会员数"),
    "merchants_active": ("Merchants on offer", "在售商家数"),
    "hhi": ("Concentration of sales (HHI)", "销售集中度（HHI）"),
    "gini_sales": ("Inequality of sales (Gini)", "销售不平等（基尼）"),
}
"""Names of the outcomes that are shown as paired differences, in the order shown."""


NBSP = "\N{NO-BREAK SPACE}"


class Words:
    """The catalogue in one language, and numbers as they are written in text."""

    def __init__(self, lang: str = LANGUAGES[0]) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"no figures in {lang!r}: languages are {', '.join(LANGUAGES)}")
        self.lang = lang
        self._column = LANGUAGES.index(lang)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its places filled."""
        return TEXTS[key][self._column].format(**values)

    def outcome(self, name: str) -> str:
        """Name of an outcome."""
        return OUTCOMES[name][self._column]

    def part(self, name: str) -> str:
        """Name of a part of 100 yuan."""
        return PARTS[name][self._column]

    def label(self, market: str) -> str:
        """Short name of a market."""
        return style_of(market).labels[self.lang]

    def name(self, market: str) -> str:
        """Name of a market within a sentence."""
        return style_of(market).names[self.lang]

    def within(self, name: str) -> str:
        """A name as it stands within a sentence: without its capital, unless it is all capitals."""
        return name if name[1:2].isupper() else name[:1].lower() + name[1:]

    def named(self, first: str, second: str = "") -> dict[str, str]:
        """Values for the places {First}, {first} and {second} of a sentence."""
        name = style_of(first).names[self.lang]
        other = style_of(second).names[self.lang] if second else ""
        return {"First": name[:1].upper() + name[1:], "first": name, "second": other}

    def verdict(self, topic: str, seen: Contrast, digits: int) -> str:
        """What a contrast says, from the sentences of the topic and nothing but the interval."""
        values = {
            **self.named(seen.first, seen.second),
            "a": number(seen.first_mean, digits),
            "b": number(seen.second_mean, digits),
        }
        if not seen.n:
            return self("verdict.none", **values)
        if not seen.has_interval:
            return self(f"{topic}.single", **values)
        outcome = {1: "more", -1: "less", 0: "unclear"}[seen.sign]
        return self(f"{topic}.{outcome}", **values, difference=with_interval(seen, digits))


def number(value: float, digits: int) -> str:
    """A number with that many decimals and a true minus; a dash for what is not a number."""
    if math.isnan(value):
        return "–"
    text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):
        text = text.removeprefix("-")
    return text.replace("-", "−")


def signed(value: float, digits: int) -> str:
    """A number with its sign."""
    text = number(value, digits)
    return f"+{text}" if value > 0 and text.strip("0.,") else text


def bounds(low: float, high: float, digits: int) -> str:
    """An interval in brackets."""
    return f"[{number(low, digits)},{NBSP}{number(high, digits)}]"


def with_interval(seen: Contrast, digits: int) -> str:
    """A difference with its interval."""
    return f"{signed(seen.estimate, digits)}{NBSP}{bounds(seen.low, seen.high, digits)}"
