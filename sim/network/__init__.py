"""Trust networks: generated or read from files, with closeness layers and tastes."""

from sim.network.building import build_network, load_network, made_network
from sim.network.loader import NetworkError
from sim.network.reports import describe, network_report
from sim.network.statistics import network_statistics
from sim.network.ties import Dropped, Network

__all__ = [
    "Dropped",
    "Network",
    "NetworkError",
    "build_network",
    "describe",
    "load_network",
    "made_network",
    "network_report",
    "network_statistics",
]
