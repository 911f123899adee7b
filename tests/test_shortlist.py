"""The shortlist: a value that never loses a note, a place or an order."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territoires.errors import InvalidRequest, InvalidTable, UnknownTerritory
from territoires.shortlist import (
    DEFAULT_STATUS,
    MAX_ITEMS,
    MAX_NOTE_LENGTH,
    STATUSES,
    Shortlist,
    ShortlistItem,
    read_status,
    shortlist_from_table,
    shortlist_table,
)

VIGAN = ShortlistItem("com:30350", "Le Vigan")
GARD = ShortlistItem("dep:30", "Gard")
ARDES = ShortlistItem("com:01001", "L'Abergement-Clémenciat")


def three() -> Shortlist:
    return Shortlist("Essai", (VIGAN, GARD, ARDES))


def test_a_commune_code_becomes_typed() -> None:
    assert ShortlistItem("30350", "Le Vigan") == VIGAN
    assert ShortlistItem("2A004", "Ajaccio").code == "com:2A004"
    assert "30350" in three()
    assert "com:30350" in three()
    assert "30351" not in three()


@pytest.mark.parametrize("code", ["", "Le Vigan", "com:", "com:30350;x", "=CMD()", "303500", "76"])
def test_what_is_not_a_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidRequest, match="n'est pas un code de territoire"):
        ShortlistItem(code, "x")


def test_adding_twice_changes_nothing_and_keeps_the_note() -> None:
    noted = three().annotate("com:30350", "appeler la mairie")
    again = noted.add(ShortlistItem("30350", "Autre nom"))
    assert again == noted
    assert again.item("30350").note == "appeler la mairie"


def test_changes_return_new_lists_and_leave_the_old_one() -> None:
    before = three()
    after = before.annotate("dep:30", "note", statut="contacte").remove("com:01001")
    assert before == three()
    assert after.codes == ("com:30350", "dep:30")
    assert after.item("dep:30") == ShortlistItem("dep:30", "Gard", "note", "contacte")
    assert after.annotate("dep:30", statut="ecarte").item("dep:30").note == "note"
    assert after.remove("com:99999") == after


@pytest.mark.parametrize(
    ("code", "position", "expected"),
    [
        ("com:01001", 0, ("com:01001", "com:30350", "dep:30")),
        ("com:30350", 1, ("dep:30", "com:30350", "com:01001")),
        ("com:30350", 99, ("dep:30", "com:01001", "com:30350")),
        ("com:01001", -5, ("com:01001", "com:30350", "dep:30")),
    ],
)
def test_move(code: str, position: int, expected: tuple[str, ...]) -> None:
    assert three().move(code, position).codes == expected


def test_what_is_not_in_the_list_cannot_change() -> None:
    for change in (lambda s: s.move("reg:76", 0), lambda s: s.annotate("reg:76", "x")):
        with pytest.raises(InvalidRequest, match="n'est pas dans la sélection"):
            change(three())


def test_sizes_are_bounded() -> None:
    assert len(three().annotate("dep:30", "é" * MAX_NOTE_LENGTH).item("dep:30").note) == 100_000
    with pytest.raises(InvalidRequest, match="La note a 100001 caractères"):
        three().annotate("dep:30", "é" * (MAX_NOTE_LENGTH + 1))
    many = tuple(ShortlistItem(f"com:{code:05d}", "x") for code in range(MAX_ITEMS + 1))
    full = Shortlist("Pleine", many[:-1])
    with pytest.raises(InvalidRequest, match="2000 territoires au plus"):
        full.add(many[-1])
    with pytest.raises(InvalidRequest, match="deux fois"):
        Shortlist("Double", (VIGAN, VIGAN))
    with pytest.raises(InvalidRequest, match="a un nom"):
        Shortlist("  ")


def test_statuses_are_read_by_code_or_label() -> None:
    for code, label in STATUSES.items():
        assert read_status(code) == read_status(label.upper()) == code
    assert read_status(" ") == DEFAULT_STATUS
    with pytest.raises(InvalidRequest, match="Statut inconnu"):
        read_status("peut-être")
    with pytest.raises(InvalidRequest, match="Statut inconnu"):
        ShortlistItem("dep:30", "Gard", statut="peut-être")


codes = st.sampled_from(["com:30350", "dep:30", "com:01001", "reg:76", "epci:200034601"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), codes),
        st.tuples(st.just("remove"), codes),
        st.tuples(st.just("move"), codes, st.integers(-2, 6)),
        st.tuples(st.just("annotate"), codes, st.text(max_size=20)),
    ),
    max_size=25,
)


@settings(deadline=None)
@given(steps)
def test_whatever_is_done_each_territory_is_there_once(actions) -> None:
    shortlist, expected = Shortlist("Essai"), []
    for name, code, *rest in actions:
        if name == "add":
            shortlist = shortlist.add(ShortlistItem(code, code))
            expected += [code] if code not in expected else []
        elif name == "remove":
            shortlist = shortlist.remove(code)
            expected = [other for other in expected if other != code]
        elif code in expected:
            shortlist = getattr(shortlist, name)(code, *rest)
        assert sorted(shortlist.codes) == sorted(expected)


def test_control_characters_cannot_hide_in_a_note() -> None:
    noted = three().annotate("dep:30", "  a\x00b\x1bc\n\td \u202e e  ")
    assert noted.item("dep:30").note == "a b c\n\td \u202e e"
    with pytest.raises(InvalidRequest, match="illisible"):
        three().annotate("dep:30", "\ud800")


# With the data


def test_the_table_holds_territories_of_any_level(register, indicators, directory) -> None:
    group = ShortlistItem("groupe:01001-01002", "Deux communes")
    listed = three().add(group).annotate("dep:30", "note\nsur deux lignes", statut="contacte")
    table = shortlist_table(listed, register, indicators, directory, ["densite", "population"])
    assert table["ordre"].tolist() == [1, 2, 3, 4]
    assert table["code_territoire"].tolist() == list(listed.codes)
    assert table["niveau"].tolist() == ["commune", "departement", "commune", "groupe"]
    communes = register.communes
    gard = communes[communes["code_departement"] == "30"]
    pair = communes.loc[["01001", "01002"]]
    assert table["population"].tolist() == [
        communes["population"]["30350"],
        gard["population"].sum(),
        communes["population"]["01001"],
        pair["population"].sum(),
    ]
    density = gard["population"].sum() / gard["superficie_km2"].sum()
    assert table["valeur_densite"][1] == pytest.approx(density, abs=0.1)
    assert table["departement"].tolist() == ["Gard", "Gard", "Ain", "Ain"]
    assert table["statut"].tolist()[1] == "Contacté"
    assert table["note"].tolist()[1] == "note\nsur deux lignes"
    assert table["distance_km"].notna().all()
    assert shortlist_from_table(table, "Essai") == listed


def test_a_territory_that_does_not_exist_is_named(register, indicators, directory) -> None:
    with pytest.raises(UnknownTerritory, match="99999"):
        shortlist_table(
            Shortlist("x", (ShortlistItem("99999", "?"),)), register, indicators, directory
        )


def test_a_table_of_something_else_is_refused() -> None:
    with pytest.raises(InvalidTable, match=r"colonne absente : code_territoire\. .*ville"):
        shortlist_from_table(pd.DataFrame({"nom": ["x"], "ville": ["y"]}), "Essai")
