"""What is printed, and what is published: the page and its plot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.geocodage import outlines, plot
from bench.geocodage.lists import lycees_of_france
from bench.geocodage.peers import ADDOK, ADDOK_ROWS, MERGE
from bench.geocodage.study import (
    CAUSES,
    LISTED,
    LOST,
    MISLED,
    PROPOSED,
    RIGHT,
    ROUNDS,
    WRONG,
    Result,
)
from territoires.errors import SourceUnavailable
from territoires.geocoding import Gazetteer
from territoires.indicators import format_number, format_share
from territoires.settings import shipped_data_dir
from territoires.sources.indicateurs_lycees import (
    REVIEWED_FILE,
    place_lycees,
    read_lycees,
    read_reviewed,
)
from territoires.sources.packages import LYCEES, default_store
from territoires.tables.writing import write_file

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = Path(__file__).with_name("page.md")
PAGE = ROOT / "docs" / "geocodage.md"
PLOT = ROOT / "docs" / "captures" / "geocodage.svg"
REAL = ("lycées", "France services", "annuaires")


def show(result: Result) -> None:
    """Print one list."""
    print(
        f"{result.trial.group}, {result.trial.name} : {result.rows} lignes, "
        f"{format_number(result.speed)} lignes/s\n"
        f"    sûres et justes {result.share(RIGHT):.3%}, justes {result.right:.3%}, fausses parmi "
        f"les sûres {result.outcomes[WRONG]} ({result.wrong_among_sure:.4%}), à vérifier "
        f"{result.share(PROPOSED, LISTED, MISLED):.3%}, non trouvées {result.share(LOST):.3%}"
    )
    for name, peer in result.peers.items():
        print(
            f"    {name}, {peer.rows} lignes : justes {peer.right:.3%}, fausses {peer.wrong:.4%}, "
            f"{format_number(peer.speed)} lignes/s (nous {result.speed / peer.speed:.3g} fois plus "
            f"vite), nous sur ces lignes : justes {peer.ours_right:.3%}, "
            f"fausses {peer.ours_wrong:.4%}"
        )


def write(results: Sequence[Result], gazetteer: Gazetteer) -> None:
    """Write the page and its plot."""
    text = TEMPLATE.read_text("utf-8").format(
        tables="\n\n".join(_table(results, group) for group in _groups(results)),
        merge=_against(results, MERGE),
        addok=_against(results, ADDOK),
        asked=format_number(ADDOK_ROWS),
        line=round(1000 * gazetteer.thresholds.contours_embarques_km),
        outlines=outlines.told(gazetteer),
        rounds=ROUNDS,
        causes=_causes(results),
        lycees=_lycees(results),
        **_indicator(gazetteer),
        aims=_aims(results),
        measured=gazetteer.thresholds.mesure_le,
    )
    for path, content in ((PAGE, text), (PLOT, plot.draw(results))):
        write_file(path, content.encode("utf-8"))
        print(f"écrit : {path.relative_to(ROOT)}")


def _groups(results: Sequence[Result]) -> list[str]:
    return list(dict.fromkeys(one.trial.group for one in results))


def _table(results: Sequence[Result], group: str) -> str:
    heads = (
        "lignes", "sûres et justes", "justes, sûres ou proposées", "fausses parmi les sûres",
        "à vérifier", "dont la bonne est proposée ou listée", "non trouvées", "lignes/s",
    )  # fmt: skip
    lines = [
        f"| {group[:1].upper()}{group[1:]} | {' | '.join(heads)} |",
        "|---|" + "---:|" * len(heads),
    ]
    lines += [_row(one) for one in results if one.trial.group == group]
    return "\n".join(lines)


def _row(one: Result) -> str:
    doubtful = one.share(PROPOSED, LISTED, MISLED)
    helped = one.share(PROPOSED, LISTED) / doubtful if doubtful else None
    cells = [
        format_number(one.rows),
        format_share(one.share(RIGHT), 2),
        format_share(one.right, 2),
        f"{one.outcomes[WRONG]} ({format_share(one.wrong_among_sure, 3)})",
        format_share(doubtful, 2),
        "—" if helped is None else format_share(helped, 1),
        format_share(one.share(LOST), 2),
        format_number(one.speed),
    ]
    return f"| {one.trial.name} | {' | '.join(cells)} |"


def _against(results: Sequence[Result], name: str) -> str:
    """Lay a peer and us side by side, on the rows that it was asked."""
    heads = (
        "lignes", "nous : justes", "`{}` : justes", "nous : fausses", "`{}` : fausses",
        "`{}` : lignes/s", "nous / `{}`",
    )  # fmt: skip
    lines = [
        f"| Liste | {' | '.join(heads).format(*[name] * 4)} |",
        "|---|" + "---:|" * len(heads),
    ]
    for one in results:
        if peer := one.peers.get(name):
            cells = [
                format_number(peer.rows),
                format_share(peer.ours_right, 2),
                format_share(peer.right, 2),
                format_share(peer.ours_wrong, 2),
                format_share(peer.wrong, 2),
                format_number(peer.speed),
                f"× {format_number(one.speed / peer.speed, 0 if one.speed > peer.speed else 2)}",
            ]
            group = f"{one.trial.group[:1].upper()}{one.trial.group[1:]}"
            lines.append(f"| {group}, {one.trial.name} | {' | '.join(cells)} |")
    if len(lines) == 2:
        return f"*`{name}` n’était pas installé lors de la mesure.*"
    return "\n".join(lines)


def _causes(results: Sequence[Result]) -> str:
    real, noisy = Counter[str](), Counter[str]()
    for one in results:
        (real if one.trial.group in REAL else noisy).update(one.causes)
    lines = ["| Cause | listes réelles | registre bruité |", "|---|---:|---:|"]
    for cause in (*CAUSES, "autre"):
        if real[cause] or noisy[cause]:
            lines.append(
                f"| {cause} | {format_number(real[cause])} | {format_number(noisy[cause])} |"
            )
    return "\n".join(lines)


def _lycees(results: Sequence[Result]) -> str:
    found = next((one for one in results if one.trial.group == "lycées"), None)
    if found is None:
        return "*Paquet absent lors de la mesure.*"
    schools = lycees_of_france()
    overseas = found.failures["geo_motif"].str.contains("Collectivité d'outre-mer")
    lines = [
        f"Sur {format_number(found.rows)} lycées en France (paquet `{LYCEES.name}` "
        f"{LYCEES.version}), {format_number(found.outcomes[LOST])} ne sont pas placés et "
        f"{found.outcomes[WRONG]} le sont dans un autre département que celui de leur UAI. Parmi "
        f"les premiers, {int(overseas.sum())} sont dans une collectivité d’outre-mer, reconnue "
        "mais sans contour ici. Les autres :",
        "",
        "| UAI | Ville | Code postal | Département de l’UAI | Ce qui est dit |",
        "|---|---|---|---|---|",
    ]
    for row, placed in found.failures[~overseas].iterrows():
        school = schools.loc[row]
        lines.append(
            f"| {school['uai']} | {school['ville']} | {school['cp']} | {school['departement']} | "
            f"{placed['geo_motif']} |"
        )
    return "\n".join(lines)


def _indicator(gazetteer: Gazetteer) -> dict[str, str]:
    """Say what the build makes of the whole list of lycées."""
    try:
        schools = read_lycees(default_store())
    except SourceUnavailable:
        return {"indicator": "*Paquet absent lors de la mesure.*", "abroad": "—", "all": "—"}
    reviewed = read_reviewed(shipped_data_dir() / "indicateurs" / REVIEWED_FILE)
    placed = place_lycees(schools, reviewed, gazetteer.register)
    return {
        "indicator": " ".join(line.strip() for line in placed.lines),
        "abroad": format_number(int((schools["pays"] != "FR").sum())),
        "all": format_number(len(schools)),
    }


def _aims(results: Sequence[Result]) -> str:
    by_name = {(one.trial.group, one.trial.name): one for one in results}
    clean = [
        by_name["adresses propres", name]
        for name in ("code postal et nom", "adresse sur une ligne")
    ]
    typed = by_name["fautes de frappe", "code postal et nom, une faute"]
    lines = [
        "| But | Mesuré |",
        "|---|---|",
        f"| adresses officielles propres : au moins 99,9 % justes | "
        f"{format_share(min(one.right for one in clean), 3)} |",
        f"| au plus 0,01 % fausses parmi les sûres | "
        f"{format_share(max(one.wrong_among_sure for one in clean), 4)} |",
        f"| une faute de frappe : au moins 98 % justes | {format_share(typed.right, 2)} |",
        f"| au plus 0,1 % fausses parmi les sûres | {format_share(typed.wrong_among_sure, 4)} |",
        f"| 30 000 lignes propres par seconde | {format_number(min(one.speed for one in clean))} |",
        f"| 3 000 lignes à une faute par seconde | {format_number(typed.speed)} |",
    ]
    return "\n".join(lines)
