"""The entry to the command line, which is in `sim.commands.line`.

To import that takes half a second; Ctrl-C is answered from the first moment on.
"""

from collections.abc import Sequence

from sim.commands.interrupts import leave_when_interrupted


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; without arguments, those of the process."""
    if arguments is None:
        leave_when_interrupted()
        from sim.experiments.streams import outlive_readers

        outlive_readers()
    from sim.commands.line import run_command

    run_command(arguments)


if __name__ == "__main__":
    main()
