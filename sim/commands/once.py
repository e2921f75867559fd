"""An option that takes one value is given once: of several the parser would drop all but the last.

The mistake waits to be told with the others, like a text where a number should be.
"""

from collections import Counter
from typing import Any

import typer
from typer.core import TyperGroup

from sim.commands.mistakes import wait_to_be_told
from sim.parameters.problems import Problem


class OnceEach(TyperGroup):
    """Commands whose options of one value are told where they are given twice."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return name, command and its arguments as ever, after a look at how often each comes."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            trial = typer.Context(command, info_name=name, parent=ctx, resilient_parsing=True)
            given: Counter[Any] = Counter(command.make_parser(trial).parse_args(list(rest))[2])
            for option, times in given.items():
                if times > 1 and not option.multiple and not option.is_flag:
                    problem = f"given {times} times" if times > 2 else "given twice"
                    wait_to_be_told(Problem(option.opts[0], problem=problem, hint="give it once"))
        return name, command, rest
