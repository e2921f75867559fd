"""Every mechanism of the social layer: its rule, what switches it off, where it shows.

`python -m sim.evidence.mechanisms` prints the list; docs/model.md has it too. A test switches each
off on paired seeds, sees the named column change, and counts at least a hundred firings.
"""
