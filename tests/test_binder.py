"""Several named lists of one person: nothing is lost, nothing is twice, and all comes back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territoires.errors import InvalidRequest, InvalidTable
from territoires.shortlist import (
    MAX_NOTE_LENGTH,
    STATUSES,
    Binder,
    Shortlist,
    ShortlistItem,
    binder_from_json,
    binder_to_json,
)
from territoires.tables.text import plain

VIGAN = ShortlistItem("com:30350", "Le Vigan", "appeler", "contacte", ("priorité", "Cévennes"))
GARD = ShortlistItem("dep:30", "Gard")

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
items = st.builds(
    ShortlistItem, st.sampled_from(["com:30350", "dep:30", "groupe:01001-01002", "epci:200034601"]),
    words, words, st.sampled_from(sorted(STATUSES)),
    st.lists(words.map(lambda text: text.replace(";", "")), max_size=4).map(tuple),
)  # fmt: skip
lists = st.builds(
    Shortlist, words.filter(lambda text: text.strip() != ""),
    st.lists(items, max_size=4, unique_by=lambda item: item.code).map(tuple),
)  # fmt: skip
binders = st.builds(
    Binder,
    st.lists(lists, min_size=1, max_size=4, unique_by=lambda one: plain(one.nom) or one.nom).map(
        tuple
    ),
    st.integers(0, 5),
)


@settings(deadline=None)
@given(binders)
def test_a_binder_comes_back_as_it_was(binder: Binder) -> None:
    assert binder_from_json(binder_to_json(binder)) == binder


@pytest.mark.parametrize(
    "note", ["é" * MAX_NOTE_LENGTH, "🌻 \u202e א </script> ]]>", "=1+1", "a\n\tb", "'=A1", "\\"]
)
def test_any_note_comes_back_as_typed(note: str) -> None:
    binder = Binder((Shortlist("Liste", (ShortlistItem("dep:30", "Gard", note),)),))
    assert binder_from_json(binder_to_json(binder)).current.item("dep:30").note == note


@settings(deadline=None)
@given(binders, binders)
def test_joining_loses_nothing(mine: Binder, other: Binder) -> None:
    both = mine.joined(other)
    kept = {plain(one.nom) or one.nom: one for one in both.lists}
    for binder in (other, mine):
        for one in binder.lists:
            assert set(one.codes) <= set(kept[plain(one.nom) or one.nom].codes)
    for one in mine.lists:
        assert kept[plain(one.nom) or one.nom].items[: len(one.items)] == one.items
    assert mine.joined(mine) == mine
    assert both.joined(other) == both


def test_lists_are_made_opened_filled_and_thrown_away() -> None:
    binder = Binder().add(Shortlist("Gard")).with_current(Shortlist("Gard", (VIGAN, GARD)))
    assert binder.names == ("Ma sélection", "Gard")
    assert binder.current.etiquettes == ("priorité", "Cévennes")
    moved = binder.moved("com:30350", "Ma sélection").opened("Ma sélection")
    assert moved.current.items == (VIGAN,)
    assert moved.opened("Gard").current.items == (GARD,)
    assert binder.add(Shortlist("gard")).names[-1] == "gard (2)"
    assert moved.without_current().names == ("Gard",)
    assert moved.without_current().without_current() == Binder()
    assert Binder().is_untouched


def test_what_cannot_be_is_refused() -> None:
    binder = Binder().add(Shortlist("Gard"))
    with pytest.raises(InvalidRequest, match="Deux listes"):
        binder.with_current(Shortlist("MA SELECTION"))
    with pytest.raises(InvalidRequest, match="Aucune liste"):
        binder.opened("Lozère")
    with pytest.raises(InvalidRequest, match="50 au plus"):
        Binder(tuple(Shortlist(f"Liste {number}") for number in range(51)))
    with pytest.raises(InvalidRequest, match="étiquettes"):
        ShortlistItem("dep:30", "Gard", etiquettes=tuple(map(str, range(21))))
    with pytest.raises(InvalidRequest, match="ne contient pas"):
        ShortlistItem("dep:30", "Gard", etiquettes=("a;b",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "pas du JSON"),
        ("[" * 100_000, "pas du JSON"),
        ("[]", "n'est pas un classeur"),
        ('{"type": "FeatureCollection"}', "n'est pas un classeur"),
        ('{"format": "territoires.listes", "version": 9}', "autre version"),
        ('{"format": "territoires.listes", "version": 1}', "« listes »"),
        (
            '{"format": "territoires.listes", "version": 1, "listes": [3], "ouverte": 0}',
            "« lieux »",
        ),
        ("x" * 9_000_000, "trop grandes"),
    ],
)
def test_lists_that_are_not_some_are_refused_with_what_they_are(text: str, words: str) -> None:
    with pytest.raises(InvalidTable, match=words):
        binder_from_json(text)


def test_a_damaged_place_is_named() -> None:
    document = json.loads(binder_to_json(Binder((Shortlist("x", (VIGAN,)),))))
    document["listes"][0]["lieux"][0]["code"] = "=CMD()"
    with pytest.raises(InvalidRequest, match="n'est pas un code"):
        binder_from_json(json.dumps(document))
    document["listes"][0]["lieux"][0]["etiquettes"] = [1]
    with pytest.raises(InvalidTable, match="étiquette"):
        binder_from_json(json.dumps(document))
