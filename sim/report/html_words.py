"""Words of the HTML report in English and Chinese."""

from collections.abc import Mapping

LANGUAGES = ("en", "zh")
"""Languages a report can be in."""

TEXTS: Mapping[str, tuple[str, str]] = {
    "title": ("Referral rewards against ad bidding", "分享返利与广告竞价"),
    "more": (
        "Shoppers gain more in {first} than in {second}{reward}: {difference} yuan per person and "
        "week (95 % interval {interval}), more in {k} of {n} paired runs.",
        "{reward}消费者在{first}的所得高于{second}："
        "每人每周 {difference} 元（95% 区间 {interval}），{n} 对配对运行中有 {k} 对更高。",
    ),
    "less": (
        "Shoppers gain less in {first} than in {second}{reward}: {difference} yuan per person and "
        "week (95 % interval {interval}), more in {k} of {n} paired runs.",
        "{reward}消费者在{first}的所得低于{second}："
        "每人每周 {difference} 元（95% 区间 {interval}），{n} 对配对运行中有 {k} 对更高。",
    ),
    "unclear": (
        "There is no clear difference for shoppers between {first} and {second}{reward}: "
        "{difference} yuan per person and week (95 % interval {interval}), "
        "more in {k} of {n} paired runs.",
        "{reward}消费者在{first}与{second}的所得没有明显差异："
        "每人每周 {difference} 元（95% 区间 {interval}），{n} 对配对运行中有 {k} 对更高。",
    ),
    "single": (
        "{first} less {second} gives shoppers {difference} yuan per person and week{reward}. "
        "One pair of runs: there is no interval.",
        "{reward}{first}减{second}，消费者所得为每人每周 {difference} 元。"
        "只有一对运行，因此没有区间。",
    ),
    "reward": (" at a reward of {rate} %", "奖励为 {rate}% 时，"),
    "run": ("One run of {market}, seed {seed}", "{market}的一次运行，种子 {seed}"),
    "about": (
        "Scenario {name}: {people} people, {weeks} weeks, the last {counted} of them counted; "
        "{n} runs a market.",
        "情景 {name}：{people} 人，{weeks} 周，其中最后 {counted} 周计入；各市场 {n} 次运行。",
    ),
    "partial": (
        "Partial result: stopped after {n} of {wanted} pairs.",
        "部分结果：在 {wanted} 对中完成 {n} 对后停止。",
    ),
    "outcomes": ("How it came out", "结果"),
    "outcome": ("Outcome", "指标"),
    "difference": ("Difference", "差值"),
    "interval": ("95 % interval", "95% 区间"),
    "pairs": ("Pairs", "对数"),
    "verdict": ("Verdict", "判断"),
    "v.more": ("higher in {first}", "{first}更高"),
    "v.less": ("higher in {second}", "{second}更高"),
    "v.unclear": ("no clear difference", "没有明显差异"),
    "v.single": ("no interval", "无区间"),
    "sides": ("The two sides at the end", "末期的两侧"),
    "sides.note": (
        "Of the hybrid, over the last 13 weeks.",
        "混合市场，取最后 13 周。",
    ),
    "member_share": ("Members who look there", "在此看货的成员占比"),
    "merchant_share": ("Merchants who sell there", "在此卖货的商家占比"),
    "order_share": ("Orders placed there", "在此下单的占比"),
    "surplus_per_order_fen": ("Surplus of an order", "每单消费者剩余"),
    "profit_per_member_fen": ("Profit of the platform there", "该侧平台利润"),
    "money": ("Where 100 yuan go", "100 元去了哪里"),
    "money.note": (
        "Of 100 yuan that shoppers pay, who gets how much; means over runs, counted weeks only; "
        "in brackets 95 % intervals (Student). What lies left of zero is a loss.",
        "消费者每支付 100 元，各方各得多少；各次运行的均值，仅计入计算期；"
        "方括号内为 95% 区间（学生 t）。零点左侧为亏损。",
    ),
    "part": ("Goes to", "去向"),
    "weeks": ("Week by week", "逐周变化"),
    "week": ("Week", "周"),
    "weeks.note": (
        "Lines: means over {n} runs a market; bands: 95 % intervals (Student). "
        "Grey weeks are warm-up and do not count.",
        "线：各市场 {n} 次运行的均值；色带：95% 区间（学生 t）。灰色各周为预热期，不计入。",
    ),
    "settings": ("Settings", "设置"),
    "settings.note": (
        "What differs from the defaults of the model; all others are the defaults.",
        "与模型默认值不同的设置；其余均为默认值。",
    ),
    "settings.same": ("All settings are the defaults of the model.", "所有设置均为模型默认值。"),
    "setting": ("Setting", "设置"),
    "value": ("Value", "取值"),
    "usual": ("Default", "默认值"),
    "made": ("What made this", "来源"),
    "made.note": (
        "Every number here was read from these runs; sharesim reproduce makes any of them again.",
        "此处每个数字都读自这些运行；用 sharesim reproduce 可重新生成其中任何一个。",
    ),
    "seed": ("Seed", "种子"),
    "yuan_week": ("yuan per person and week", "元/人/周"),
    "yuan_member_week": ("yuan per member of either side and week", "元/两侧成员/周"),
    "yuan": ("yuan", "元"),
    "scale": ("0 to 1", "0 到 1"),
    "share": ("% of all", "占总数 %"),
    "percent": ("% of sales", "占销售额 %"),
    "posts": ("posts per 100 members", "每百名会员帖子数"),
    "consumer_surplus_fen": ("Shoppers' gain", "消费者所得"),
    "household_gain_fen": ("Households in all", "家庭总所得"),
    "household_gain_net_fen": (
        "Households net of the effort of posting",
        "家庭净所得（扣除发帖精力）",
    ),
    "mean_quality_sold": ("Quality of what is sold", "售出商品的质量"),
    "mean_quality_offered": ("Quality on offer", "在售商品的质量"),
    "mean_price_fen": ("Price paid", "成交价格"),
    "merchant_profit_fen": ("Merchants' profit", "商家利润"),
    "platform_profit_fen": ("Platform's profit", "平台利润"),
    "mean_tie_trust": ("Trust between friends", "朋友间的信任"),
    "profit_share": ("Merchants' margin", "商家利润率"),
    "posts_per_100_members": ("Posts", "发帖"),
}
"""Every text by its key, in English and in Chinese."""


def words(lang: str, key: str, **values: object) -> str:
    """The text of that key in the language, its places filled."""
    return TEXTS[key][0 if lang == "en" else 1].format(**values)
