"""A real engine of the family of the national service, on loopback: addok and Redis."""

from tests.addok.engine import Engine, missing, running_engine
from tests.addok.made_streets import CITY_CODES, MadeAddress, made_addresses, write_documents

__all__ = [
    "CITY_CODES",
    "Engine",
    "MadeAddress",
    "made_addresses",
    "missing",
    "running_engine",
    "write_documents",
]
