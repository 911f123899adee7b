"""Housing-tension zones: from the communes of July 2024 to those of today."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from territoires.communes import Register
from territoires.errors import BuildCheckFailed

CODE_COLUMN = "CODGEO"
ZONE_COLUMN_START = "Zone en vigueur"
ZONES = {"C": 1.0, "B2": 2.0, "B1": 3.0, "A": 4.0, "Abis": 5.0}

# Communes restored after July 2024, and the commune that the list of July 2024 still had for them
# (Code officiel géographique, Insee): Neussargues en Pinatelle was divided.
RESTORED_FROM = {"15031": "15141", "15035": "15141", "15047": "15141", "15171": "15141"}


@dataclass(frozen=True)
class ZoneConversion:
    """Zones of today's communes, and what could not be said.

    Attributes
    ----------
    zones : dict of str to float
        Commune of the register to zone (1 = C … 5 = A bis).
    merged : tuple of str
        Communes born of others of the same zone since July 2024.
    divided : dict of str to str
        Communes born of others of different zones, left without a zone, with the reason.
    without_heir : tuple of str
        Codes of July 2024 whose present commune is unknown.
    """

    zones: dict[str, float]
    merged: tuple[str, ...] = ()
    divided: dict[str, str] = field(default_factory=dict)
    without_heir: tuple[str, ...] = ()


def read_zones(content: bytes) -> dict[str, str]:
    """Read the official list: commune code of July 2024 to zone (``C`` … ``Abis``).

    Raises
    ------
    BuildCheckFailed
        The columns or the zones are not those expected.
    """
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    headings = rows.fieldnames or []
    columns = [name for name in headings if name.startswith(ZONE_COLUMN_START)]
    if CODE_COLUMN not in headings or len(columns) != 1:
        message = f"Zonage ABC : colonnes inattendues : {', '.join(headings)}."
        raise BuildCheckFailed(message)
    zones = {row[CODE_COLUMN]: row[columns[0]] for row in rows}
    unknown = sorted(set(zones.values()) - set(ZONES))
    if unknown:
        message = f"Zonage ABC : zones inattendues : {', '.join(unknown)}."
        raise BuildCheckFailed(message)
    return zones


def convert_zones(zones: Mapping[str, str], register: Register) -> ZoneConversion:
    """Bring the zones to the communes of the register.

    A commune that absorbed others of the same zone keeps it. Where the zones differ, no rule
    would be official: the zone is left unknown rather than chosen.
    """
    heirs = _heirs(register)
    components: dict[str, list[str]] = {}
    orphans = []
    for code in zones:
        found = heirs.get(code, ())
        if not found:
            orphans.append(code)
        for commune in found:
            components.setdefault(commune, []).append(code)
    for commune, parent in RESTORED_FROM.items():
        if commune not in zones and parent in zones:
            components.setdefault(commune, []).append(parent)
    return _decide(zones, components, tuple(sorted(orphans)))


def _decide(
    zones: Mapping[str, str], components: Mapping[str, Iterable[str]], orphans: tuple[str, ...]
) -> ZoneConversion:
    known: dict[str, float] = {}
    merged, divided = [], {}
    for commune, codes in sorted(components.items()):
        found = {code: zones[code] for code in codes}
        if len(set(found.values())) > 1:
            parts = ", ".join(f"{code} en {zone}" for code, zone in sorted(found.items()))
            divided[commune] = parts
            continue
        known[commune] = ZONES[next(iter(found.values()))]
        if len(found) > 1:
            merged.append(commune)
    return ZoneConversion(known, tuple(merged), divided, orphans)


def _heirs(register: Register) -> dict[str, tuple[str, ...]]:
    """Say what each code, present or past, became: itself first, then history, then parents."""
    current = set(register.communes.index)
    inferior = register.inferior
    heirs: dict[str, tuple[str, ...]] = {
        str(code): (str(parent),)
        for code, parent in zip(inferior["code"], inferior["code_commune"], strict=True)
        if parent in current
    }
    former = register.former
    for code, codes in zip(former["code_ancien"], former["codes_communes"], strict=True):
        found = tuple(heir for heir in str(codes).split(";") if heir in current)
        if found:
            heirs[str(code)] = found
    heirs.update({code: (code,) for code in current})
    return heirs
