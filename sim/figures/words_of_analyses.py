"""Words of the figures of tunings, sensitivity studies and sweeps, English and Chinese."""

from collections.abc import Mapping

ANALYSIS_TEXTS: Mapping[str, tuple[str, str]] = {
    # axes
    "lever.axis": ("{lever} ({unit})", "{lever}（{unit}）"),
    "objective.axis": ("{name} ({unit})", "{name}（{unit}）"),
    "after.weeks": ("After {weeks} weeks", "{weeks} 周后"),
    "best.at": ("best at {value} [{low}, {high}]", "最优：{value} [{low}, {high}]"),
    "runs.tuned": (
        "{n} runs, up to {seeds} paired seeds a value.",
        "{n} 次运行，每个取值最多 {seeds} 个配对种子。",
    ),
    # response curve
    "curve.optimum": (
        "{name} is best at {value} [{low}, {high}] of {lever}",
        "{lever} 为 {value} [{low}, {high}] 时，{name}最优",
    ),
    "curve.edge": (
        "{name} is best at the edge of the range: {lever} at {value}",
        "{name}在取值范围的边缘最优：{lever} 为 {value}",
    ),
    "curve.none": (
        "No clear optimum of {name} over {lever}",
        "{lever} 对{name}没有明显的最优值",
    ),
    "curve.barred": (
        "No value of {lever} keeps the constraints on {name}",
        "{lever} 的任何取值都不能满足约束（{name}）",
    ),
    "curve.sub": (
        "Response to the lever in {market}, short run and long run from the same runs",
        "{market}中对该杠杆的响应；短期与长期来自同一批运行",
    ),
    "curve.shown": (
        "Line: smooth response; band: 95 % interval; points: means over seeds with 95 % intervals.",
        "线：平滑响应；色带：95% 区间；点：按种子平均及其 95% 区间。",
    ),
    "curve.marks": (
        "Dashed: best value, its 95 % interval shaded. Bar below: as good within {smallest}.",
        "虚线：最优值，阴影为其 95% 区间。下方横条：与最优相差不超过 {smallest}。",
    ),
    "curve.present": ("Dotted: the present setting, {value}.", "点线：当前设置 {value}。"),
    "surface.sub": (
        "Smooth response after {weeks} weeks; cross: best values; crosshairs: 95 % interval",
        "{weeks} 周后的平滑响应；叉：最优值；十字线：95% 区间",
    ),
    "surface.shown": ("Small points: values that were run.", "小点：实际运行过的取值。"),
    # moves
    "moves.title": (
        "{lever}: {value} is best as things are; {parameter} moves it most",
        "{lever}：现状下最优为 {value}；{parameter} 对其影响最大",
    ),
    "moves.still": (
        "{lever}: {value} is best, and stays so whatever is uncertain here",
        "{lever}：最优为 {value}，不随此处的不确定因素变化",
    ),
    "moves.sub": (
        "Best value where one uncertainty stands at an end of its plausible range",
        "某一不确定因素取其合理范围端点时的最优值",
    ),
    "moves.low": ("at its low end", "取低端"),
    "moves.high": ("at its high end", "取高端"),
    "moves.shown": (
        "Lines: 95 % intervals from 4 seeds. Hollow: no clear optimum there. Dashed: as things "
        "are, its 95 % interval shaded.",
        "线：4 个种子的 95% 区间。空心：该处无明显最优。虚线：现状，阴影为其 95% 区间。",
    ),
    # Pareto front
    "pareto.title": (
        "What can be had of {first} and {second} at once",
        "{first}与{second}可以兼得多少",
    ),
    "pareto.sub": (
        "Values of {lever} that no other value beats in both objectives",
        "在两个目标上都不被其他取值超过的 {lever}",
    ),
    "pareto.shown": (
        "Lines: 95 % intervals. Numbers: value of the lever.",
        "线：95% 区间。数字：杠杆取值。",
    ),
    # sensitivity
    "sobol.title": (
        "{first} decides most: {share} % of the variance of {name}; luck: {luck} %",
        "{first} 影响最大：占{name}方差的 {share}%；运气占 {luck}%",
    ),
    "sobol.open": (
        "{n} points leave open which input decides {name}; luck: {luck} %",
        "{n} 个取值点尚不能断定哪个输入决定{name}；运气占 {luck}%",
    ),
    "sobol.few": (
        "{n} points are too few to tell what decides {name}",
        "{n} 个取值点过少，无法断定什么决定{name}",
    ),
    "sobol.wide": (
        "Intervals wider than {width} points do not tell large shares from small ones.",
        "区间宽于 {width} 个百分点时，占比大小无法分辨。",
    ),
    "sobol.sub": (
        "{name}, {first} less {second}: share of its variance that each input explains",
        "{name}，{first}减{second}：各输入解释的方差比例",
    ),
    "sobol.axis": ("Share of the variance (%)", "方差占比（%）"),
    "sobol.alone": ("alone (first order)", "单独作用（一阶）"),
    "sobol.all": ("with all interactions (total)", "含全部交互（总效应）"),
    "sobol.shown": (
        "Whiskers: 95 % bootstrap intervals. {n} pairs of runs, every input over its plausible "
        "range; seed: luck.",
        "须线：95% 自助法区间。{n} 对运行，各输入在其合理范围内变化；种子代表运气。",
    ),
    "tornado.title": (
        "{name}: {first} wins in {share} % of the points tried",
        "{name}：在 {share}% 的取值点上{first}占优",
    ),
    "tornado.sub": (
        "Mean difference, {first} less {second}, with an input in the low and the high fifth",
        "{first}减{second}的平均差值：输入取最低与最高五分之一时",
    ),
    "tornado.low": ("low fifth of the range", "范围最低五分之一"),
    "tornado.high": ("high fifth of the range", "范围最高五分之一"),
    "tornado.shown": (
        "Whiskers: 95 % intervals (Student) over base samples, {n} in all; vertical line: mean.",
        "须线：按基础样本（共 {n} 个）计算的 95% 区间（学生 t）；竖线：总体均值。",
    ),
    # sweeps
    "sweep.curve": (
        "{name} over {lever}, market by market",
        "各市场中{name}随 {lever} 的变化",
    ),
    "sweep.curve.sub": (
        "Means over {n} worlds at each value, the same worlds in every market",
        "每个取值为 {n} 个世界的均值，各市场使用相同的世界",
    ),
    "sweep.shown": ("Bands: 95 % intervals (Student).", "色带：95% 区间（学生 t）。"),
    "map.title.some": (
        "{name}: {first} leads at {n} of {all} points for sure, {second} at {m}",
        "{name}：{all} 个取值点中，{first}在 {n} 个、{second}在 {m} 个明显占优",
    ),
    "map.sub": (
        "{First} less {second}, mean paired difference at each point",
        "{First}减{second}：各取值点的平均配对差值",
    ),
    "map.shown": (
        "Black line: break-even. Crossed out: the 95 % interval holds zero.",
        "黑线：盈亏平衡。打叉：95% 区间包含零。",
    ),
    "percent": ("%", "%"),
}
"""Text of every key in both languages, with the same places for values."""

QUANTITY_NAMES: Mapping[str, tuple[str, str]] = {
    "platform_profit_fen": ("Platform profit", "平台利润"),
    "sharing_profit_fen": ("Sharing platform's profit", "分享平台利润"),
    "sharing_members": ("Members on the sharing side", "在分享侧看货的成员"),
    "sharing_orders": ("Orders on the sharing side", "分享侧订单数"),
    "gmv_fen": ("Sales (GMV)", "成交额（GMV）"),
    "sharer_income_fen": ("Sharers' income", "分享者收入"),
    "good_merchant_profit_fen": ("Good merchants' profit", "优质商家利润"),
    "total_welfare_fen": ("Total welfare", "总福利"),
    "reward_budget": ("Rewards, share of sales", "奖励占成交额比例"),
    "quality_sold_minus_offered": ("Quality sold less offered", "售出减在售质量"),
}
"""Names of quantities beside those of `sim.figures.words.OUTCOMES`."""

UNITS: Mapping[str, tuple[str, str]] = {
    "fen per consumer": ("yuan per consumer", "元/消费者"),
    "weighted sum": ("weighted sum", "加权和"),
    "share of price": ("% of price", "占价格 %"),
    "share of reward": ("% of reward", "占奖励 %"),
    "share of posts": ("% of posts", "占帖子 %"),
    "trust, 0 to 1": ("0 to 1", "0–1"),
    "quality, 0 to 1": ("0 to 1", "0–1"),
    "share of people": ("% of people", "占人数 %"),
}
"""Units as axes show them; money is in yuan there and shares are in percent."""
