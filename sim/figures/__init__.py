"""Figures of runs and comparisons; importing this loads no plotting library."""

from sim.figures.analyses import analysis_figures
from sim.figures.folders import compare_figures, run_figures

__all__ = ["analysis_figures", "compare_figures", "run_figures"]
