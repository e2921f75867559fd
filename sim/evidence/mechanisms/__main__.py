"""The command `python -m sim.evidence.mechanisms`: the printed list of mechanisms."""

from sim.evidence.mechanisms.printed import mechanisms_table

if __name__ == "__main__":
    print(mechanisms_table())
