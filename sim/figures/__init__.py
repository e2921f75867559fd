"""Figures of runs and comparisons; importing this loads no plotting library."""

from sim.figures.folders import compare_figures, run_figures

__all__ = ["compare_figures", "run_figures"]
