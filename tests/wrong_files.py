"""Wrong scenarios and sweeps, each with the line that tells what is wrong."""

from sim.scenario import scenario_names

WRONG = {
    "unknown section": (
        "[referal]\nreward_rate = 0.1\n",
        "1: referal: unknown section: did you mean [referral]?",
    ),
    "section far from any": (
        "[zzz]\n",
        "1: zzz: unknown section: sections are population, network, demand, belief, sharing, "
        "trust, merchants, screening, reviews, ads, referral, hybrid, shocks, run",
    ),
    "unknown key": (
        "[referral]\nreward_rat = 0.1\n",
        "2: referral.reward_rat: unknown key: did you mean referral.reward_rate?",
    ),
    "key of another section": (
        "[referral]\nannoyance = 0.1\n",
        "2: referral.annoyance: unknown key: did you mean sharing.annoyance?",
    ),
    "key far from any": (
        "[run]\nqqqq = 1\n",
        "2: run.qqqq: unknown key: docs/parameters.md lists all keys",
    ),
    "key without a section": (
        "reward_rate = 0.1\n",
        "1: reward_rate: outside a section: it belongs to [referral]",
    ),
    "unknown key without a section": (
        "speed = 9\n",
        "1: speed: outside a section: every key but extends stands in a section",
    ),
    "extends misspelt": (
        'extend = "baseline"\n',
        "1: extend: unknown key: did you mean extends?",
    ),
    "extends in a section": (
        '[run]\nextends = "baseline"\n',
        "2: run.extends: unknown key: extends stands above the first section",
    ),
    "section as a key": ("run = 5\n", "1: run: a section, not a key: write [run]"),
    "section as a list": ("[[run]]\nweeks = 5\n", "1: run: a section, not a list: write [run]"),
    "key as a section": (
        "[run.weeks]\nmany = 5\n",
        "1: run.weeks: a key, not a section: write weeks = ... below [run]",
    ),
    "section in a section": (
        "[run.speed]\nfast = true\nslow = false\n",
        "1: run.speed: unknown key: did you mean run.seed?",
    ),
    "text for a whole number": (
        '[run]\nweeks = "many"\n',
        '2: run.weeks: expected a whole number, got "many": for example 104',
    ),
    "real for a whole number": (
        "[run]\nweeks = 26.0\n",
        "2: run.weeks: expected a whole number, got 26.0: for example 104",
    ),
    "true for a number": (
        "[referral]\nreward_rate = true\n",
        "2: referral.reward_rate: expected a number, got true: for example 0.06",
    ),
    "number for true or false": (
        "[referral]\nsymbolic = 1\n",
        "2: referral.symbolic: expected true or false, got 1: for example false",
    ),
    "date for a number": (
        "[run]\nseed = 2024-01-01\n",
        "2: run.seed: expected a whole number, got 2024-01-01: for example 1",
    ),
    "number for text": (
        "[network]\nfile = 5\n",
        '2: network.file: expected text in quotes, got 5: for example "ties.csv"',
    ),
    "text for a list": (
        '[screening]\nmarkets = "referral"\n',
        '2: screening.markets: expected a list of names in quotes, got "referral": '
        'for example ["referral"]',
    ),
    "numbers in a list of names": (
        "[screening]\nmarkets = [1]\n",
        "2: screening.markets: expected a list of names in quotes, got [1]: "
        'for example ["referral"]',
    ),
    "not a number": (
        "[ads]\nclick_ratio = nan\n",
        "2: ads.click_ratio: nan is not a finite number: "
        "give a number from 0 to 1 (times per place)",
    ),
    "without end": (
        "[network]\nmean_degree = 1e999\n",
        "2: network.mean_degree: inf is not a finite number: "
        "give a number from 0 to 10,000 (directed ties per person)",
    ),
    "above the highest": (
        "[referral]\nreward_rate = 1.2\n",
        "2: referral.reward_rate: 1.2 is above the highest value 1: "
        "give a number from 0 to 1 (share of price)",
    ),
    "below the lowest": (
        "[population]\nn_consumers = -5\n",
        "2: population.n_consumers: -5 is below the lowest value 0: "
        "give a whole number from 0 to 2,147,483,647 (people)",
    ),
    "far above the highest": (
        f"[run]\nweeks = 1{'0' * 80}\n",
        "2: run.weeks: a number of 80 digits is above the highest value 65,535: "
        "give a whole number from 0 to 65,535 (weeks)",
    ),
    "unknown choice, close": (
        '[ads]\nmechanism = "gps"\n',
        '2: ads.mechanism: unknown value "gps": did you mean "gsp"?',
    ),
    "unknown choice, far": (
        '[ads]\nmechanism = "lottery"\n',
        '2: ads.mechanism: unknown value "lottery": give one of "gsp", "vcg", "first_price"',
    ),
    "unknown market": (
        '[screening]\nmarkets = ["referral", "add"]\n',
        '2: screening.markets: unknown value "add": did you mean "ads"?',
    ),
    "market listed twice": (
        '[screening]\nmarkets = ["ads", "ads"]\n',
        '2: screening.markets: "ads" is listed twice: name each once',
    ),
    "file of ties missing": (
        '[network]\nfile = "ties.csv"\n',
        '2: network.file: no such file "ties.csv": '
        "a relative path starts at the scenario file, with --set at the working directory",
    ),
    "file of ties a folder": (
        '[network]\nfile = "."\n',
        '2: network.file: "." is a folder, not a file: name a file of ties in it',
    ),
    "file of ties a device": (
        '[network]\nfile = "/dev/null"\n',
        '2: network.file: "/dev/null" is a device or a pipe, not a file: save it as a file',
    ),
    "seeds run out": (
        "[run]\nseed = 9_223_372_036_854_775_807\n",
        "2: run.seed: seed + replicates goes beyond the highest value 9,223,372,036,854,775,807: "
        "replicate r has seed + r: give a smaller seed",
    ),
    "key twice": (
        "[run]\nweeks = 5\nseed = 1\nweeks = 6\n",
        "4: run.weeks: written twice: first in line 2",
    ),
    "section twice": (
        "[run]\nweeks = 5\n[ads]\n[run]\nseed = 6\n",
        "4: run: written twice: first in line 1",
    ),
    "key twice in two ways": (
        "run.weeks = 5\n[run]\nseed = 6\n",
        "2: not valid TOML: cannot declare ('run',) twice",
    ),
    "word without quotes": (
        "[ads]\nmechanism = vcg\n",
        '2: ads.mechanism: not valid TOML: text stands in quotes: mechanism = "vcg"',
    ),
    "True": (
        "[referral]\nsymbolic = True\n",
        "2: referral.symbolic: not valid TOML: write true",
    ),
    "number without a first digit": (
        "[referral]\nreward_rate = .1\n",
        "2: referral.reward_rate: not valid TOML: a number begins with a digit: 0.1",
    ),
    "line that says nothing": (
        "[run]\nweeks 5\n",
        "2: not valid TOML: expected '=' after a key in a key/value pair",
    ),
    "value missing": ("[run]\nweeks =\n", "2: run.weeks: not valid TOML: invalid value"),
    "header not closed": (
        "[run\nweeks = 5\n",
        "1: not valid TOML: expected ']' at the end of a table declaration",
    ),
    "text not closed": (
        '[ads]\nmechanism = "gsp\nn_slots = 4\n',
        "2: ads.mechanism: not valid TOML: unterminated string",
    ),
    "list not closed": (
        '[screening]\nmarkets = ["ads",\n  "referral"\nadmit_share = 0.5\n',
        "2: screening.markets: not valid TOML: the list is not closed with ]",
    ),
    "inline table": (
        "run = { weeks = 5 }\n",
        "1: run: inline tables are not allowed: write a section [run] with one key a line",
    ),
    "base missing": (
        'extends = "basline"\n',
        '1: extends: no such scenario "basline": did you mean baseline?',
    ),
    "base file missing": (
        'extends = "folder/none.toml"\n',
        f'1: extends: no such file "folder/none.toml": shipped scenarios are '
        f"{', '.join(scenario_names())}",
    ),
    "base itself": (
        'extends = "wrong.toml"\n',
        "1: extends: a circle: wrong.toml extends wrong.toml: name another scenario",
    ),
    "base not text": (
        'extends = ["baseline"]\n',
        '1: extends: expected a name or a path in quotes, got ["baseline"]: for example "baseline"',
    ),
}

GRID = '[sweep.grid]\n"run.weeks" = [4, 8]\n'

WRONG_SWEEPS = {
    "sweep as a key": ("sweep = 5\n", "1: sweep: a section, not a key: write [sweep]"),
    "sweep as a list": (
        "[[sweep]]\nreplicates = 3\n",
        "1: sweep: a section, not a list: write [sweep]",
    ),
    "unknown key": (
        f"[sweep]\nreplicate = 3\n{GRID}",
        "2: sweep.replicate: unknown key: did you mean replicates?",
    ),
    "parameter beside the grid": (
        f'[sweep]\n"run.seed" = [1]\n{GRID}',
        '2: sweep.run.seed: unknown key: write it in [sweep.grid], in quotes: "run.seed" = [...]',
    ),
    "unknown market": (
        f'[sweep]\nmarkets = ["referal"]\n{GRID}',
        '2: sweep.markets: unknown market "referal": did you mean "referral"?',
    ),
    "no market": (
        f"[sweep]\nmarkets = []\n{GRID}",
        '2: sweep.markets: expected a list of markets: any of "control", "referral", "ads", '
        '"hybrid"',
    ),
    "no replicate": (
        f"[sweep]\nreplicates = 0\n{GRID}",
        "2: sweep.replicates: expected a whole number from 1 to 1,000,000, got 0: for example 16",
    ),
    "unknown design": (
        f'[sweep]\ndesign = "grit"\n{GRID}',
        '2: sweep.design: unknown design "grit": did you mean "grid"?',
    ),
    "nothing to vary": (
        "[sweep]\nreplicates = 4\n",
        '1: sweep.design: design "grid" needs [sweep.grid]: add [sweep.grid]',
    ),
    "empty grid": (
        "[sweep]\n[sweep.grid]\n",
        "2: sweep.grid: [sweep.grid] names no key: "
        'write "key" = ... below it, for example "referral.reward_rate" = [0.0, 0.1]',
    ),
    "ranges without their design": (
        '[sweep]\n[sweep.ranges]\n"run.weeks" = [1, 5]\n',
        '1: sweep.design: design "grid" needs [sweep.grid]: write design = "latin_hypercube"',
    ),
    "no samples": (
        '[sweep]\ndesign = "sobol"\n[sweep.ranges]\n"run.weeks" = [1, 5]\n',
        '2: sweep.samples: design "sobol" needs a number of samples: for example samples = 256',
    ),
    "samples not used": (
        f"[sweep]\nsamples = 4\n{GRID}",
        '2: sweep.samples: not used by design "grid": leave it out, or change the design',
    ),
    "replicates varied": (
        '[sweep.grid]\n"run.replicates" = [4, 8]\n',
        "2: sweep.grid.run.replicates: says how often each point is run: "
        "write replicates = ... in [sweep]",
    ),
    "unknown parameter": (
        '[sweep.grid]\n"run.week" = [4, 8]\n',
        "2: sweep.grid.run.week: unknown key: did you mean run.weeks?",
    ),
    "parameter without quotes": (
        "[sweep.grid]\nrun.weeks = [4, 8]\n",
        '2: sweep.grid.run.weeks: key without quotes: write "run.weeks" = ...',
    ),
    "no list of values": (
        '[sweep.grid]\n"run.weeks" = 4\n',
        "2: sweep.grid.run.weeks: expected a list of values: for example [104]",
    ),
    "value listed twice": (
        '[sweep.grid]\n"run.weeks" = [4, 4]\n',
        "2: sweep.grid.run.weeks: 4 is listed twice: name each value once",
    ),
    "value out of limits": (
        '[sweep.grid]\n"referral.reward_rate" = [0.0, 2.0]\n',
        "2: sweep.grid.referral.reward_rate: 2.0 is above the highest value 1: "
        "give a number from 0 to 1 (share of price)",
    ),
    "range of words": (
        '[sweep]\ndesign = "sobol"\nsamples = 4\n[sweep.ranges]\n'
        '"ads.mechanism" = ["gsp", "vcg"]\n',
        "5: sweep.ranges.ads.mechanism: no number, so it has no range: "
        'vary it with design = "grid" or "list"',
    ),
    "range the wrong way round": (
        '[sweep]\ndesign = "sobol"\nsamples = 4\n[sweep.ranges]\n"run.weeks" = [8, 4]\n',
        "5: sweep.ranges.run.weeks: the low end 8 is not below the high end 4: write [low, high]",
    ),
    "range of three": (
        '[sweep]\ndesign = "sobol"\nsamples = 4\n[sweep.ranges]\n"run.weeks" = [8, 4, 2]\n',
        "5: sweep.ranges.run.weeks: expected [low, high]: for example [13, 260]",
    ),
    "list as a section": (
        '[sweep]\ndesign = "list"\n[sweep.list]\n"run.weeks" = 4\n',
        "3: sweep.list: not a list of settings: write [[sweep.list]]",
    ),
    "wrong setting in a list": (
        '[sweep]\ndesign = "list"\n[[sweep.list]]\n"run.weeks" = 4\n'
        '[[sweep.list]]\n"run.weeks" = -4\n',
        "6: sweep.list.run.weeks: -4 is below the lowest value 0: "
        "give a whole number from 0 to 65,535 (weeks)",
    ),
}

SEVERAL = """\
extends = "basline"
[referal]
reward_rate = 2
[referral]
reward_rate = 2
mechanism = vcg
[run]
weeks = [1,
seed = -1
[sweep]
design = "gird"
"""

SEVERAL_LINES = [
    'wrong.toml:1: extends: no such scenario "basline": did you mean baseline?',
    "wrong.toml:2: referal: unknown section: did you mean [referral]?",
    "wrong.toml:5: referral.reward_rate: 2 is above the highest value 1: "
    "give a number from 0 to 1 (share of price)",
    'wrong.toml:6: referral.mechanism: not valid TOML: text stands in quotes: mechanism = "vcg"',
    "wrong.toml:8: run.weeks: not valid TOML: the list is not closed with ]",
    "wrong.toml:9: run.seed: -1 is below the lowest value 0: "
    "give a whole number from 0 to 9,223,372,036,854,775,807 (1)",
    'wrong.toml:11: sweep.design: unknown design "gird": did you mean "grid"?',
]
