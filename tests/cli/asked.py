"""A command asked in an empty folder: what it prints and leaves."""

from pathlib import Path

import pytest

from sim.__main__ import main

TINY = ["quick", "--consumers", "60", "--weeks", "3", "--set", "merchants.n_applicants=24"]
TINY += ["--engine", "mesa"]  # has less to compile


def command(capsys, *arguments):
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    told = capsys.readouterr()
    return left.value.code or 0, told.out, told.err


def files():
    return sorted(str(path) for path in Path().rglob("*") if path.is_file())
