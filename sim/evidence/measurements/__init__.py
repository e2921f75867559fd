"""What can be measured in data: numbers with intervals, and the parameters that they set.

Each data set has one file; its path is always an argument. `python -m sim.evidence.measurements`
prints the numbers. They are kept in `measured.json` beside this file, the data are not.
"""
