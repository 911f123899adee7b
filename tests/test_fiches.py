"""Sheets, printed from the real data and read back by a PDF reader that knows nothing of them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from functools import lru_cache

import pypdf
import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from territoires.candidates import find_territories, query_from_preset, with_intervals
from territoires.errors import InvalidRequest
from territoires.exports.sheets import (
    MOST_SHEETS,
    SheetSource,
    TerritorySheet,
    candidate_sheets,
    initiative_sheet,
    print_sheets,
    selection_sheets,
    territory_sheet,
    with_drawn_intervals,
    write_booklet,
)
from territoires.exports.sheets.content import Line
from territoires.exports.sheets.figures import PlaceFigures
from territoires.exports.sheets.letters import CUT, LONGEST, UNDRAWN, clean
from territoires.indicators import format_number, format_rank
from territoires.initiatives import directory_from_table
from territoires.maps.static_frame import ACCENT
from territoires.needs import DrawPlan, robustness_of
from territoires.settings import load_settings
from territoires.shortlist import Shortlist, ShortlistItem
from territoires.tables import read_table
from territoires.territory import territory_from_code
from territoires.ui.appearance import ACCENT as ACCENT_OF_THE_PAGES
from territoires.workspace import Workspace, open_workspace

DAY = date(2026, 11, 26)
HOSTILE = (
    '#eval("1+1")',
    "*gras* _it_ $x^2$ = titre",
    '</script><b>&amp; "; #panic("x")\\ [ ] { } @label <label>',
    "\u202eà l'envers\u202c \u2069\u2069 שלום مرحبا",
    "a" * 100_000,
    "W" * 300,
    "ligne\n" * 5_000,
    "mot " * 30_000,
    "\x00\x01\x1b cloche",
    "漢" * 300 + "👩‍🚀😀🇫🇷",
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("sans-officiel")
    return open_workspace(load_settings({"TERRITOIRES_DONNEES": str(folder)}))


@pytest.fixture(scope="module")
def source(workspace: Workspace) -> SheetSource:
    return SheetSource(
        register=workspace.register,
        indicators_by=workspace.indicators_by,
        directory=workspace.directory,
        needs_observed=workspace.needs_observed,
        recipe=workspace.recipes[workspace.default_recipe],
        version=workspace.colours.version,
        produced_on=DAY,
    )


@pytest.fixture(scope="module")
def sheet_of(source: SheetSource) -> Callable[..., bytes]:
    def make(code: str, **words: str) -> bytes:
        place = territory_from_code(source.register, code)
        return print_sheets([territory_sheet(source, place, **words)], DAY)

    return make


def reader(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def words_of(content: bytes) -> str:
    pages = " ".join(page.extract_text() for page in reader(content).pages)
    return " ".join(pages.split())


def fonts_of(content: bytes) -> dict[str, bool]:
    """Return the name of each font, and whether its letters are in the file."""
    fonts = {}
    for page in reader(content).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            name = str(inner["/BaseFont"]).partition("+")[2]
            fonts[name] = any(key.startswith("/FontFile") for key in descriptor)
    return fonts


def test_a_commune_says_who_where_why_and_from_what(sheet_of: Callable[..., bytes]) -> None:
    told = words_of(sheet_of("com:30350"))
    expected = (
        "Le Vigan", "Commune 30350 · CC du Pays Viganais · Gard · Occitanie", "Pourquoi ici",
        "Besoins : Déprise et éloignement", "score de besoin, sur 100", "Initiatives autour",
        "Terre de convergence", "Tous les chiffres", "Densité de population", "Mairie",
        "04 67 81 66 00", "Ce qui n'est pas connu", "Sources", "Insee",
    )  # fmt: skip
    at = -1
    for words in expected:
        assert words in told[at + 1 :], words
        at = told.index(words, at + 1)
    assert "3 863 habitants" in told
    assert "Produite le 26 novembre 2026 par Territoires" in told


def test_a_drawn_area_has_a_sheet_without_the_list_of_its_vertices(
    sheet_of: Callable[..., bytes],
) -> None:
    told = words_of(sheet_of("zone:3.5_43.9~3.8_43.9~3.7_44.2"))
    assert "Zone dessinée · 26 communes" in told
    assert "43.9" not in told


def test_the_file_is_tagged_in_french_and_its_letters_are_in_it(
    sheet_of: Callable[..., bytes],
) -> None:
    content = sheet_of("com:30350")
    root = reader(content).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr-FR"
    assert root["/StructTreeRoot"]
    assert reader(content).metadata.title == "Le Vigan"
    fonts = fonts_of(content)
    assert {"SourceSansPro-Regular", "SourceSansPro-Bold"} <= set(fonts)
    assert all(name.startswith("SourceSansPro") for name in fonts)
    assert all(fonts.values())


def test_a_page_is_a4_and_the_same_content_gives_the_same_bytes(
    sheet_of: Callable[..., bytes],
) -> None:
    once, again = sheet_of("com:30350"), sheet_of("com:30350")
    assert once == again
    box = reader(once).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


@pytest.mark.parametrize(
    "code",
    ["com:75056", "com:55039", "com:97611", "com:97302", "com:29155", "arm:75113", "dep:48",
     "reg:76", "partie:30350", "pays:FR"],
)  # fmt: skip
def test_the_hardest_places_hold_on_two_pages(sheet_of: Callable[..., bytes], code: str) -> None:
    assert len(reader(sheet_of(code)).pages) == 2


def test_a_large_epci_and_a_group_of_fifty_hold_on_two_pages(
    source: SheetSource, sheet_of: Callable[..., bytes]
) -> None:
    communes = source.register.communes
    epci = communes["code_epci"].value_counts()
    assert epci.iloc[0] >= 129
    assert len(reader(sheet_of(f"epci:{epci.index[0]}")).pages) == 2
    fifty = "-".join(communes.index[communes["code_departement"] == "48"][:50])
    content = sheet_of(f"groupe:{fifty}")
    assert len(reader(content).pages) == 2
    told = words_of(content)
    assert "rang qu'il aurait sur" in told
    assert "50 communes" in told
    assert "Sans rang" in words_of(sheet_of("reg:76"))


def test_a_group_has_the_rank_and_interval_that_its_mean_would_have(source: SheetSource) -> None:
    group = territory_from_code(source.register, "groupe:30350-30339-30016")
    drawn = with_drawn_intervals(source, [group], DrawPlan(count=40, seed=3))
    sheet = territory_sheet(drawn, group)
    index, table = source.index("commune"), source.indicators
    people = table.population[list(group.communes)]
    score = (index.score[people.index] * people).sum() / people.sum()
    rank = 1 + int((index.score.round(12) > round(score, 12)).sum())
    told = {figure.label: figure.value for figure in sheet.index.figures}
    assert told[f"rang qu'il aurait sur {format_number(index.count)} communes"] == format_rank(rank)
    low, high = drawn.intervals[group.code]
    assert low <= high
    ends = f"{format_number(low)} à {format_number(high)}"
    assert told["intervalle du rang, 9 tirages sur 10"] == ends
    density = next(row for row in sheet.rows if row.label == "Densité de population")
    value = people.sum() / source.register.communes["superficie_km2"][people.index].sum()
    lower = int((table.comparable["densite"] < value).sum())
    assert density.rank == format_rank(1 + lower, int(table.comparable["densite"].count()))
    assert "de " in density.note
    commune = territory_from_code(source.register, "com:30350")
    assert with_drawn_intervals(source, [commune], None).intervals == {}


def test_fifty_figures_and_their_sources_hold_on_two_pages(source: SheetSource) -> None:
    """What the official figures make of a sheet: more rows than a page has lines."""
    sheet = territory_sheet(source, territory_from_code(source.register, "com:75056"))
    needs = tuple(Line("Mobilité", "Un besoin dit en une longue phrase. " * 12) for _ in range(9))
    full = replace(
        sheet, rows=sheet.rows * 6, sources=sheet.sources * 5, needs=needs, note="Note. " * 400,
        index=replace(sheet.index, rows=sheet.index.rows * 5),
        unknown=(*sheet.unknown, *(f"Autre chose n° {k}, pas connue." for k in range(6))),
    )  # fmt: skip
    content = print_sheets([full], DAY)
    assert len(reader(content).pages) == 2
    told = words_of(content)
    assert "chiffres de plus" in told
    assert "suite dans le fichier" in told
    assert "IGN Admin Express" in told


def test_what_is_missing_is_said_and_is_not_zero(sheet_of: Callable[..., bytes]) -> None:
    deserted = words_of(sheet_of("com:55039"))
    assert "Commune sans habitant" in deserted
    paris = words_of(sheet_of("com:75056"))
    assert "non renseigné" in paris
    assert "Sans chiffre ici : Ouverture hebdomadaire de la mairie" in paris


def test_what_is_particular_to_a_departement_is_told_of_its_figures(source: SheetSource) -> None:
    def unknown(code: str) -> str:
        sheet = territory_sheet(source, territory_from_code(source.register, code))
        return " ".join(sheet.unknown)

    mayotte = unknown("com:97608")
    assert "Population municipale : population de 2017" in mayotte
    assert "Densité de population : population de 2017." in mayotte
    assert "enquête Budget de famille de 2017" in unknown("com:97105")
    assert "2017" not in unknown("com:30350")


def test_the_interval_of_a_rank_is_printed_once_it_is_drawn(
    source: SheetSource, workspace: Workspace
) -> None:
    place = territory_from_code(source.register, "com:30350")
    drawn = robustness_of(workspace.indicators, source.recipe, plan=DrawPlan(count=20))
    tested = replace(source, robustness={"commune": drawn}, _indices={})
    told = words_of(print_sheets([territory_sheet(tested, place)], DAY))
    assert "intervalle du rang" in told
    before = words_of(print_sheets([territory_sheet(source, place)], DAY))
    assert "L'intervalle du rang n'a pas été tiré" in before


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_anyone_typed_prints_as_typed_on_two_pages(
    sheet_of: Callable[..., bytes], text: str
) -> None:
    content = sheet_of("com:30350", title=text, why=text, note=text, status="Contacté")
    told = words_of(content).replace("\u200b", "")
    assert len(reader(content).pages) == 2
    if len(text) < 100 and text.isascii() and text.isprintable():
        assert told.count(text) >= 2
    if len(text) > 1_000:
        assert "suite dans le fichier" in told


def test_a_letter_that_no_font_draws_is_replaced_and_said(sheet_of: Callable[..., bytes]) -> None:
    told = words_of(sheet_of("com:30350", note="avant \U0003fffd après"))
    assert f"avant {UNDRAWN} après" in told
    assert "caractère que les polices d'ici ne dessinent pas" in told


@given(st.text(max_size=300))
@example("\u1ab0")  # drawn alone, but by no font that draws the letter before it
@hypothesis_settings(max_examples=60)
def test_any_text_can_be_printed(text: str) -> None:
    place = _any_sheet()
    content = print_sheets([replace(place, title=f"x{text}", note=text, why=text)], DAY)
    assert len(reader(content).pages) == 2


@lru_cache(maxsize=1)
def _any_sheet() -> TerritorySheet:
    workspace = open_workspace(load_settings({"TERRITOIRES_DONNEES": "aucune"}))
    source = SheetSource(
        workspace.register, workspace.indicators_by, workspace.directory,
        workspace.needs_observed, None, "essai", DAY,
    )  # fmt: skip
    return territory_sheet(source, territory_from_code(workspace.register, "com:29155"))


@given(st.text(max_size=LONGEST * 2))
def test_a_cleaned_text_is_bounded_and_without_control(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.replace("\u200b", "")) <= LONGEST + len(CUT) + 400
    assert not any(ord(letter) < 32 and letter != "\n" for letter in cleaned)


def test_a_sheet_without_recipe_says_so(source: SheetSource) -> None:
    place = territory_from_code(source.register, "com:30350")
    told = words_of(print_sheets([territory_sheet(replace(source, recipe=None), place)], DAY))
    assert "Aucun indice de besoins ne s'applique" in told


def test_an_epci_is_told_what_a_figure_stands_on_and_the_range_of_a_median(
    source: SheetSource,
) -> None:
    communes = source.indicators
    of_epci = list(source.register.codes_of("epci", "243000270"))
    changed = replace(communes.catalogue["densite"], aggregation="aucune")
    hours = communes.values["heures_mairie"].copy()
    hours[source.register.communes.loc[of_epci, "population"].idxmax()] = float("nan")
    table = replace(
        communes,
        catalogue={**communes.catalogue, "densite": changed},
        values=communes.values.assign(heures_mairie=hours),
    )
    groups = source.register.communes["code_epci"]
    tables = {"commune": table, "epci": table.for_groups(groups)}
    own = replace(source, indicators_by=tables.__getitem__, recipe=None)
    place = territory_from_code(source.register, "epci:243000270")
    rows = {row.label: row for row in PlaceFigures(own, place).rows()}
    density, opening = rows["Densité de population"], rows[table.catalogue["heures_mairie"].label]
    low, high = communes.values["densite"][of_epci].agg(["min", "max"])
    ends = f"de {format_number(low, 1)} à {format_number(high, 1)} selon les communes"
    assert density.is_missing
    assert density.note == f"2023 · {ends}"
    assert not opening.is_missing
    assert re.search(r"connu pour \d\d\u00a0% des habitants$", opening.note)


def own_directory(source: SheetSource, row: dict[str, str]):
    text = ",".join(row) + "\n" + ",".join(f'"{value}"' for value in row.values()) + "\n"
    table = read_table(text.encode(), "miennes.csv", limit_bytes=1_000_000)
    return directory_from_table(table, source.register, source.directory.vocabularies)


def test_an_initiative_prints_its_columns_and_says_what_is_empty(source: SheetSource) -> None:
    row = {
        "id": "mienne", "nom": "L'Épicerie d'à côté", "type": "autre", "axes": "2",
        "code_commune": "30350", "adresse": "3 rue du Palais", "objectifs": "Nourrir le quartier.",
        "partenaires": "La mairie ; le lycée", "visibilite": "publique",
    }  # fmt: skip
    own = replace(source, directory=own_directory(source, row))
    content = print_sheets([initiative_sheet(own, "mienne")], DAY)
    told = words_of(content)
    assert len(reader(content).pages) <= 2
    for words in ("L'Épicerie d'à côté", "Nourrir le quartier.", "La mairie ; le lycée",
                  "3 rue du Palais", "Enseignements non renseigné", "5 champs sur 7",
                  "Besoins : Déprise et éloignement"):  # fmt: skip
        assert words in told, words


def test_an_initiative_shown_at_its_commune_gives_no_address(source: SheetSource) -> None:
    row = {
        "id": "discrete", "nom": "Entraide", "type": "autre", "axes": "4",
        "code_commune": "30350", "adresse": "3 rue du Palais", "code_postal": "30120",
    }  # fmt: skip
    own = replace(source, directory=own_directory(source, row))
    told = words_of(print_sheets([initiative_sheet(own, "discrete")], DAY))
    assert "rue du Palais" not in told
    assert "montré à la commune" in told


def test_every_initiative_of_the_directory_can_be_printed(source: SheetSource) -> None:
    identifiers = source.directory.frame.index
    sheets = [initiative_sheet(source, one) for one in identifiers[:: len(identifiers) // 40]]
    unlocated = source.directory.unlocated.frame.index[0]
    sheets.append(initiative_sheet(source, unlocated))
    for sheet in sheets:
        assert len(reader(print_sheets([sheet], DAY)).pages) <= 2
    assert "Lieu inconnu" in words_of(print_sheets(sheets[-1:], DAY))


def test_hostile_columns_of_an_initiative_hold_on_two_pages(source: SheetSource) -> None:
    identifier = source.directory.located.frame.index[0]
    for text in HOSTILE:
        frame = source.directory.frame.copy()
        for column in ("nom", "type", "axes", "porteur", "adresse", "site_web", "description",
                       "objectifs", "resultats", "source_url", "date_debut"):  # fmt: skip
            frame.loc[identifier, column] = text
        own = replace(source, directory=replace(source.directory, frame=frame))
        content = print_sheets([initiative_sheet(own, identifier)], DAY)
        assert len(reader(content).pages) <= 2


def test_a_link_is_a_web_address_or_no_link(source: SheetSource) -> None:
    identifier = source.directory.located.frame.index[0]
    frame = source.directory.frame.copy()
    frame.loc[identifier, "site_web"] = "javascript:alert(1)"
    own = replace(source, directory=replace(source.directory, frame=frame))
    assert b"javascript:alert" not in links_of(
        print_sheets([initiative_sheet(own, identifier)], DAY)
    )
    frame.loc[identifier, "site_web"] = "https://exemple.org/a"
    assert b"https://exemple.org/a" in links_of(
        print_sheets([initiative_sheet(own, identifier)], DAY)
    )


def links_of(content: bytes) -> bytes:
    found = []
    for page in reader(content).pages:
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A", {})
            found.append(str(action.get("/URI", "")).encode())
    return b"\n".join(found)


def test_an_unknown_initiative_is_refused_with_what_is_near(source: SheetSource) -> None:
    with pytest.raises(InvalidRequest, match=r"Proches : .*tezea"):
        initiative_sheet(source, "tezea")


def test_a_booklet_has_a_cover_and_a_contents_page(source: SheetSource) -> None:
    selection = Shortlist(
        "Réunion",
        (
            ShortlistItem("com:30350", "Le Vigan", "Appeler la maire.", "contacte"),
            ShortlistItem("epci:200067205", "CA du Cotentin"),
        ),
    )
    content = write_booklet(source, "Réunion du 3 décembre", selection_sheets(source, selection))
    pages = reader(content).pages
    assert len(pages) == 2 + 2 * 2
    assert "Réunion du 3 décembre" in " ".join(pages[0].extract_text().split())
    contents = pages[1].extract_text()
    assert "Sommaire" in contents
    lines = [line for line in contents.splitlines() if "Le Vigan" in line or "Cotentin" in line]
    assert [line.strip()[-1] for line in lines] == ["3", "5"]
    assert "Contacté" in pages[2].extract_text()
    assert "Appeler la maire." in words_of(content)
    titles = [one.title for one in reader(content).outline if not isinstance(one, list)]
    assert {"Le Vigan", "CA du Cotentin"} <= set(titles)


def test_candidates_are_printed_with_the_reasons_of_the_search(
    source: SheetSource, workspace: Workspace
) -> None:
    query = query_from_preset(
        source.recipe, workspace.presets["tzcld"], universe=("dep:48",), count=2, unit="commune"
    )
    found = find_territories(
        workspace.register, workspace.indicators, workspace.directory,
        replace(query, population_min=2_000), workspace.ground,
    )  # fmt: skip
    found = with_intervals(found, DrawPlan(count=20))
    sheets = candidate_sheets(source, found)
    assert sheets
    assert "dans neuf tirages sur dix" in sheets[0].why
    assert "Ce qui pèse le plus" in words_of(write_booklet(source, "Candidats", sheets))


def test_nothing_and_too_much_are_refused(source: SheetSource) -> None:
    with pytest.raises(InvalidRequest, match="Rien à imprimer"):
        write_booklet(source, "Vide", [])
    with pytest.raises(InvalidRequest, match="au plus"):
        print_sheets([_any_sheet()] * (MOST_SHEETS + 1), DAY)


def test_a_sheet_is_made_of_words_only(source: SheetSource) -> None:
    sheet = asdict(territory_sheet(source, territory_from_code(source.register, "com:97611")))
    assert sheet["map"]["svg"].startswith("<svg")
    assert "Mayotte" in sheet["locator"]["words"]
    assert sheet["near"] == ()


def test_the_accent_is_that_of_the_pages() -> None:
    assert ACCENT == ACCENT_OF_THE_PAGES


def test_the_page_carte_offers_the_sheet_of_a_place() -> None:
    from tests.test_pages import open_page

    page = open_page("carte", lieu="com:30350")
    assert not page.exception
    assert "Fiche (PDF)" in [one.proto.label for one in page.get("download_button")]
