"""``data/indicateurs/SOURCES.md``, written by the build so that it cannot drift from the data."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from territoires.indicators import Indicator, format_number
from territoires.sources.indicateurs_lycees import (
    CAUSES,
    REVIEWED_FILE,
    UNPLACED_FILE,
    PlacedLycees,
)
from territoires.sources.indicateurs_zonage import RESTORED_FROM, ZoneConversion
from territoires.sources.packages import LYCEES

_HEADER = """# Sources des indicateurs embarqués

Écrit par `territoires construire-donnees indicateurs` : ne pas modifier à la main.
Le sens de chaque indicateur est dans `catalogue.toml`, les valeurs dans `valeurs.parquet`
(une ligne par indicateur et par commune : `code_indicateur, code_commune, valeur, numerateur,
denominateur, statut`).

## Statuts

- `publie` : valeur du producteur ou calculée, classée avec les autres.
- `plancher` : le producteur publie un plancher (aucun cas dans ce lot) ; ex æquo entre eux.
- `secret` : le producteur a la valeur et la tait (aucun cas dans ce lot).
- `non_disponible` : valeur inconnue ; jamais remplacée par zéro ni par une moyenne.
- `hors_champ` sans valeur : la notion n’existe pas ici (commune sans habitant, département sans
  arrondissement).
- `hors_champ` avec valeur : une autre enquête, une autre année ; **montrée, jamais classée** ni
  mise dans un indice.

## Couverture
"""

_DEPARTEMENTS = """
## Chiffres départementaux

Chiffres de l’Insee, lus non sur insee.fr mais dans des reprises publiques de ses fichiers, le
22 novembre 2026 ; chaque valeur porte sa période. Un dépôt est désigné par son nom, le fichier lu
et sa version.

### Taux de chômage localisés, 4e trimestre 2025, provisoire

- À citer : https://www.insee.fr/fr/statistiques/2012804.
- Lu dans : dépôt `INSEE_Analysis`, fichier `src/lib/departmentData.ts`, version c82402d1
  (100 départements, sans Mayotte).
- Recoupement : dépôt `bdc-apicil-g1`, fichier
  `data/external/transformed/taux_chomage_departement.csv`, version 8d7056d6 ; 41 départements
  comparés, 41 identiques. Les 59 autres n’ont qu’une source pour ce trimestre ; face à une moyenne
  annuelle antérieure (dépôt `Compagnon-Immobilier---Datascientest`), aucun n’en est à plus de
  1 point.
- Mayotte : 37 % en 2023, enquête emploi de l’Insee rapportée par
  https://mayottehebdo.com/actualite/economie/chomage-on-atteint-un-sommet-cest-rarement-vu ;
  arrondi, une seule source.

### Taux de pauvreté, Filosofi 2021

- À citer : https://www.insee.fr/fr/statistiques/2043745.
- Lu dans, métropole : dépôt `Regions-Inegales`, fichier `sources/income_poverty_filosofi.csv`,
  version 2e365e76, colonne `poverty_rate_disp` (96 départements).
- Lu dans, Martinique et La Réunion : dépôt `INSEE_Analysis`, fichier ci-dessus.
- Recoupement : les 96 valeurs de métropole comparées à `INSEE_Analysis`, 96 identiques ; Martinique
  et La Réunion confirmées, arrondies, par
  https://inegalites.fr/La-pauvrete-dans-les-departements.
- Guadeloupe, Guyane et Mayotte : enquête Budget de famille de l’Insee, 2017, arrondi ; Guadeloupe
  lue dans https://insee.fr/fr/statistiques/4623253, Guyane et Mayotte dans
  https://www.inegalites.fr/spip.php?page=tableau&num=1760 ; les trois confirmées par
  http://www.observationsociete.fr/revenus/pauvrete-dans-les-dom-un-coin-du-voile-se-leve.html.

Les valeurs d’une autre enquête (Mayotte pour le chômage ; Guadeloupe, Guyane et Mayotte pour la
pauvreté) ont le statut `hors_champ` : elles sont montrées avec leur source et ne sont pas classées
avec les autres.
"""

_TERRITORIES = """
## Des communes aux territoires

- population : somme ;
- densité : somme des populations / somme des superficies ;
- évolution : taux annuel des sommes de population 2016 et 2023 des communes qui ont les deux ;
- distances, heures de mairie : moyenne des communes pondérée par leur population ;
- zone de tension : classe où vivent le plus d’habitants (à égalité, la plus tendue) ;
- chiffres départementaux : la valeur du département ; à cheval sur plusieurs départements,
  moyenne pondérée par la population.

La part de la population couverte accompagne chaque valeur. Les médianes ne se combinent pas.
"""


def write_report(
    catalogue: Mapping[str, Indicator],
    counts: pd.DataFrame,
    zones: ZoneConversion,
    lycees: PlacedLycees,
) -> str:
    """Write the sources, the coverage and the decisions taken, in French Markdown."""
    parts = [
        _HEADER,
        _coverage_table(catalogue, counts),
        "\n## Sources\n",
        _source_table(catalogue),
        _zone_section(zones),
        _lycees_section(lycees),
        _DEPARTEMENTS,
        _TERRITORIES,
    ]
    return "\n".join(parts)


def _coverage_table(catalogue: Mapping[str, Indicator], counts: pd.DataFrame) -> str:
    lines = ["| Indicateur | " + " | ".join(counts.columns) + " |"]
    lines.append("|---|" + "---:|" * len(counts.columns))
    for code, row in counts.iterrows():
        cells = " | ".join(format_number(int(count)) for count in row)
        lines.append(f"| {catalogue[str(code)].label} (`{code}`) | {cells} |")
    return "\n".join(lines) + "\n"


def _source_table(catalogue: Mapping[str, Indicator]) -> str:
    lines = ["| Indicateur | Source | Millésime | COG | Licence |", "|---|---|---|---|---|"]
    for code, entry in catalogue.items():
        source = f"{entry.producer}. {entry.source}. {entry.source_url}"
        lines.append(
            f"| `{code}` | {source} | {entry.vintage} | {entry.cog_year} | {entry.licence} |"
        )
    return "\n".join(lines) + "\n"


def _zone_section(zones: ZoneConversion) -> str:
    restored = ", ".join(f"{code} (de {parent})" for code, parent in RESTORED_FROM.items())
    lines = [
        "\n## Zone de tension : des communes de juillet 2024 à celles d’aujourd’hui\n",
        "Une commune qui en a absorbé d’autres de la même zone garde cette zone. Née de communes de"
        " zones différentes, elle est `non_disponible` : aucun texte ne dit laquelle vaut pour"
        " l’ensemble, et choisir la plus peuplée inventerait un classement. Une commune rétablie"
        f" depuis prend la zone de celle dont elle faisait partie : {restored}.\n",
        f"- Communes nées d’une fusion dans la même zone : {len(zones.merged)}.",
        f"- Communes nées d’une fusion entre zones différentes : {len(zones.divided)}.",
        *(f"  - {commune} : {parts}." for commune, parts in zones.divided.items()),
        f"- Communes de juillet 2024 dont l’héritière est inconnue : {len(zones.without_heir)}"
        + (f" ({', '.join(zones.without_heir)})." if zones.without_heir else "."),
    ]
    return "\n".join(lines) + "\n"


def _lycees_section(lycees: PlacedLycees) -> str:
    placed, lost = len(lycees.places), len(lycees.unplaced)
    counts = lycees.unplaced["cause"].value_counts()
    lines = [
        "\n## Lycées : d’une liste d’adresses à des communes\n",
        f"Le paquet {LYCEES.name} {LYCEES.version} donne {format_number(placed + lost)} lignes :"
        " numéro (UAI), nom, ville, code postal. Sa licence est MIT (Brief.me, 2023) ; il ne dit"
        " pas d’où vient sa liste. Le numéro UAI est attribué par l’Éducation nationale, qui publie"
        " l’annuaire de ses établissements sous Licence Ouverte ; rien ne prouve que la liste en"
        " vienne.\n",
        f"- {lycees.repeated} lycées y sont deux fois (numéro en minuscules puis en majuscules),"
        " ce qui ne change aucune distance.",
        f"- Placés : {format_number(placed)}, dans"
        f" {format_number(lycees.places['code_commune'].nunique())} communes, à la mairie de la"
        " commune, de l’arrondissement municipal ou de la commune déléguée : la liste n’a pas de"
        " rue. Le département que porte le numéro doit concorder.",
        f"- Dont doutes tranchés à la main, un par ligne de `{REVIEWED_FILE}` : {lycees.reviewed}.",
        f"- Non placés : {format_number(lost)}, un par ligne de `{UNPLACED_FILE}` avec le motif.",
        *(
            f"  - `{cause}` ({told}) : {format_number(int(counts.get(cause, 0)))}."
            for cause, told in CAUSES.items()
        ),
    ]
    return "\n".join(lines) + "\n"
