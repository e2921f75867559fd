"""The ten claims. Each says before any run what would speak for it; nothing here is computed."""

from dataclasses import replace

from sim.evidence.claims.about_goods import C1, C3, C8, C10
from sim.evidence.claims.about_money import C4, C5, C9
from sim.evidence.claims.about_sharing import C2, C6, C7
from sim.evidence.claims.where import MAPS

CLAIMS = tuple(
    replace(claim, maps=MAPS.get(claim.name, ()))
    for claim in (C1, C2, C3, C4, C5, C6, C7, C8, C9, C10)
)
"""Every claim, in order."""
