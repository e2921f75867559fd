"""Mistakes in what people give us, told in one line each."""

from dataclasses import dataclass


def one_line(text: str) -> str:
    """The text with all that cannot be printed as escapes: one line, which moves no cursor."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


@dataclass(frozen=True)
class Problem:
    """One mistake: where it is, what is wrong and what to do instead."""

    file: str = ""
    line: int = 0
    key: str = ""
    problem: str = ""
    hint: str = ""

    def __str__(self) -> str:
        """The mistake as `file:line: key: problem: hint`, without the parts that are empty."""
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return one_line(": ".join(filter(None, (place, self.key, self.problem, self.hint))))


class InputError(ValueError):
    """Wrong input: not a fault of the program. `lines` has one line per mistake."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class ScenarioError(InputError):
    """Mistakes in scenarios, sweeps or settings, all of them at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(*(str(problem) for problem in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type, tuple[list[Problem]]]:
        """How to make the error again in another process."""
        return type(self), (self.problems,)
