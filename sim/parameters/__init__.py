"""Every parameter of the model, stated once."""

from sim.parameters.demand import Belief, Demand
from sim.parameters.people import OF_THE_GENERATOR, Network, Population
from sim.parameters.platforms import Ads, Hybrid, Referral, Run, Shocks
from sim.parameters.sharing import Sharing
from sim.parameters.statement import ID_LIMIT, Kind, Parameter, Type, Value, parameters_of
from sim.parameters.supply import MARKETS, PLATFORMS, Merchants, Reviews, Screening
from sim.parameters.trust import Trust

SECTIONS: dict[str, type] = {
    "population": Population,
    "network": Network,
    "demand": Demand,
    "belief": Belief,
    "sharing": Sharing,
    "trust": Trust,
    "merchants": Merchants,
    "screening": Screening,
    "reviews": Reviews,
    "ads": Ads,
    "referral": Referral,
    "hybrid": Hybrid,
    "shocks": Shocks,
    "run": Run,
}
"""The dataclass of each section of a scenario, in the order in which they are written."""

PARAMETERS: dict[str, Parameter] = {
    parameter.key: parameter
    for section, group in SECTIONS.items()
    for parameter in parameters_of(section, group)
}
"""All parameters by key (`section.name`), in the order in which they are written."""

__all__ = [
    "ID_LIMIT",
    "MARKETS",
    "OF_THE_GENERATOR",
    "PARAMETERS",
    "PLATFORMS",
    "SECTIONS",
    "Ads",
    "Belief",
    "Demand",
    "Hybrid",
    "Kind",
    "Merchants",
    "Network",
    "Parameter",
    "Population",
    "Referral",
    "Reviews",
    "Run",
    "Screening",
    "Sharing",
    "Shocks",
    "Trust",
    "Type",
    "Value",
    "parameters_of",
]
