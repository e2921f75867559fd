"""What became of one sale or one share, read from the event log of a traced run."""

from typing import TYPE_CHECKING, Any

from sim.experiments.errors import RunError
from sim.experiments.files import plain_rows
from sim.experiments.store import StoredRun

if TYPE_CHECKING:
    import pandas as pd

_NONE = -1


def money_of_order(run: StoredRun, order: int) -> dict[str, Any]:
    """The order, every movement of money it caused, the shares that led to it (nearest first)."""
    row = _row(run, "orders", "order", order)
    transfers = run.transfers[run.transfers["order"] == order]
    return {
        "run_key": run.key,
        "order": row,
        "transfers": plain_rows(transfers),
        "shares": _way_to_root(run.shares, row["share"]),
    }


def tree_of_share(run: StoredRun, share: int) -> dict[str, Any]:
    """The share, the shares above it up to the first, and the tree below it.

    The tree lists the share itself and all that came of it, each below its parent, with its depth.
    """
    row = _row(run, "shares", "share", share)
    if not run.cascades["root_share"].eq(row["root_share"]).any():
        raise RunError(
            f"{run.folder}: share {share} is there because it led to an order of somebody whose "
            f"orders are kept, but its cascade is not: {_of_sample(run)}; cascades.root_share "
            "lists those that are"
        )
    family = run.shares[run.shares["root_share"] == row["root_share"]]
    children: dict[int, list[dict[str, Any]]] = {}
    for child in plain_rows(family):
        children.setdefault(child["parent_share"], []).append(child)
    tree = []
    waiting = [(0, row)]
    while waiting:
        depth, node = waiting.pop()
        tree.append({"depth": depth, **node})
        waiting += [(depth + 1, child) for child in reversed(children.get(node["share"], []))]
    return {
        "run_key": run.key,
        "share": row,
        "above": _way_to_root(family, row["parent_share"]),
        "tree": tree,
    }


def _way_to_root(shares: "pd.DataFrame", share: int) -> list[dict[str, Any]]:
    way = []
    while share != _NONE:
        way += plain_rows(shares[shares["share"] == share])
        share = way[-1]["parent_share"]
    return way


def _row(run: StoredRun, table: str, column: str, number: int) -> dict[str, Any]:
    rows = run.table(table)
    found = plain_rows(rows[rows[column] == number])
    if found:
        return found[0]
    known = f"ids go from 0 to {rows[column].max()}" if len(rows) else "the run has none"
    if len(rows) and run.manifest["log_sampling_rate"] < 1:
        known += f", and {_of_sample(run)}"
    raise RunError(f"{run.folder}: {column} {number} is not there: {known}")


def _of_sample(run: StoredRun) -> str:
    kept = 100 * run.manifest["log_sampling_rate"]
    return f"the log keeps {kept:.3g} % of the consumers and cascades of so large a run"
