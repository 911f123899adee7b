"""Addresses by a service that is passed in: what to ask, and what to believe of its answers.

Pure: the service is a callable (:data:`AddressService`); the one that reaches outside is in
:mod:`territoires.sources.geoplateforme`.
"""

from territoires.geocoding.service.contract import (
    AddressService,
    Failure,
    Found,
    Question,
    Reply,
    Unknown,
)
from territoires.geocoding.service.refining import Refined, refine
from territoires.geocoding.service.rules import (
    Belief,
    Manners,
    ServiceRules,
    load_service_rules,
)

__all__ = [
    "AddressService",
    "Belief",
    "Failure",
    "Found",
    "Manners",
    "Question",
    "Refined",
    "Reply",
    "ServiceRules",
    "Unknown",
    "load_service_rules",
    "refine",
]
