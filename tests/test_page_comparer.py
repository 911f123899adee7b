"""Ma sélection, view « Comparer »: what is chosen, kept in the address, said and written."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from territoires.errors import InvalidRequest
from territoires.indicators import format_number
from territoires.shortlist import Binder, Shortlist, ShortlistItem
from territoires.shortlist.side_by_side import MOST
from territoires.ui import server, side_by_side_draws
from territoires.ui.kept import Kept
from territoires.ui.side_by_side_draws import DRAWS
from tests.test_pages import PAGES, html, open_page

VIGAN, LODEVE = ShortlistItem("com:30350", "Le Vigan"), ShortlistItem("com:34142", "Lodève")
HOSTILE = "<script>alert(1)</script> `x` **y** \u202e"


def opened(*lists: Shortlist, **address: str) -> AppTest:
    page = AppTest.from_file(PAGES / "selection.py", default_timeout=60)
    page.session_state["classeur"] = Binder(lists)
    for name, value in ({"vue": "comparer"} | address).items():
        page.query_params[name] = value
    return page.run()


def columns(page: AppTest) -> list[str]:
    assert not page.exception
    assert [error.value for error in page.error] == []
    return re.findall(r'<th scope="col">([^<]*)</th>', html(page))[1:]


def chosen(page: AppTest) -> list[str]:
    return page.multiselect(key="selection.compares").value


def test_the_address_opens_a_comparison_of_every_level() -> None:
    codes = "com:30350,dep:30,groupe:30007-30350,arm:75113"
    page = open_page("selection", lieux=codes, vue="comparer", rayon="35")
    assert columns(page) == [
        "Le Vigan", "Gard", "Alès et 1 autre commune", "Paris 13e Arrondissement",
    ]  # fmt: skip
    drawn = html(page)
    for said in (
        "Tailles", "Contributions au score", "Indicateurs : démographie", "À moins de 35 km",
        "Ce qui manque", "de la commune entière",
    ):  # fmt: skip
        assert said in drawn
    assert drawn.count('class="c-map"') == 4
    assert page.query_params["vue"] == "comparer"
    assert "compares" not in page.query_params  # the first four are the default
    page.multiselect(key="selection.compares").set_value(["dep:30", "com:30350"]).run()
    assert columns(page) == ["Gard", "Le Vigan"]
    assert page.query_params["compares"] == "dep:30,com:30350"


@pytest.mark.parametrize("patience", [0.0, 30.0])
def test_intervals_come_when_they_are_drawn(monkeypatch, patience: float) -> None:
    # Drawn before the table is shown, or after: the page ends with them.
    monkeypatch.setattr(side_by_side_draws, "_PATIENCE_SECONDS", patience)
    monkeypatch.setattr(side_by_side_draws, "_drawn", Kept(most=2))
    page = opened(Shortlist("Gard", (VIGAN, LODEVE)))
    assert columns(page) == ["Le Vigan", "Lodève"]
    assert "en cours de calcul" not in html(page)
    row = re.search(r"Intervalle du rang</th>(.*?)</tr>", html(page)).group(1)
    assert len(re.findall(r"<b>[\d\u202f]+ à [\d\u202f]+</b>", row)) == 2
    assert f"{format_number(DRAWS.count)} tirages" in html(page)
    assert not page.get("progress")
    assert page.query_params["vue"] == "comparer"
    assert "selection.comparer.arreter" not in [button.key for button in page.button]


def test_intervals_that_nobody_waits_for_are_said_not_drawn(monkeypatch) -> None:
    monkeypatch.setattr(side_by_side_draws, "drawn_intervals", refusing)
    page = opened(Shortlist("Ain", (VIGAN, ShortlistItem("com:01004", "Ambérieu"))))
    assert columns(page) == ["Le Vigan", "Ambérieu"]
    assert any("Impossible ici" in caption.value for caption in page.caption)
    row = re.search(r"Intervalle du rang</th>(.*?)</tr>", html(page)).group(1)
    assert row.count("non calculé") == 2


def refusing(*_: object) -> None:
    raise InvalidRequest("Impossible ici.")


def test_places_of_an_address_are_compared_without_being_in_the_list() -> None:
    page = open_page("selection", vue="comparer", compares="com:30350,epci:243000270")
    assert columns(page) == ["Le Vigan", "CC du Pays Viganais"]
    assert page.session_state["classeur"].current.codes == ()
    assert page.query_params["compares"] == "com:30350,epci:243000270"


@pytest.mark.parametrize("items", [(), (VIGAN,)])
def test_too_few_says_what_to_do(items: tuple[ShortlistItem, ...]) -> None:
    page = opened(Shortlist("Gard", items))
    (told,) = [info.value for info in page.info]
    assert "Ajoutez-y" in told if not items else "au moins un autre lieu" in told
    assert "c-table" not in html(page)
    page = opened(Shortlist("Gard", (VIGAN, LODEVE)))
    page.multiselect(key="selection.compares").set_value([]).run()
    assert any("de 2 à 6 lieux" in info.value for info in page.info)
    assert chosen(page) == []


def test_a_long_list_compares_its_first_four_and_six_at_most() -> None:
    codes = server.shared_workspace().register.communes.index[:8]
    items = tuple(ShortlistItem(code, f"Lieu {code}") for code in codes)
    page = opened(Shortlist("Ain", items))
    assert chosen(page) == [item.code for item in items[:4]]
    page = opened(Shortlist("Ain", items), compares=",".join(item.code for item in items))
    assert len(columns(page)) == MOST


def test_a_commune_that_is_no_more_is_said_and_the_others_compared() -> None:
    gone = ShortlistItem("com:01999", HOSTILE)
    group = ShortlistItem("groupe:01999-30350", "Groupe défait")
    page = opened(Shortlist("Gard", (gone, VIGAN, group, LODEVE)))
    assert columns(page) == ["Le Vigan", "Lodève"]
    (told,) = [warning.value for warning in page.warning]
    assert "N'existe plus" in told
    assert "Groupe défait" in told
    assert "\\<script\\>" in told
    assert len(page.session_state["classeur"].current) == 4


def test_an_address_that_names_nothing_is_said() -> None:
    page = open_page(
        "selection", vue="comparer", lieux="com:01999,com:30350,com:34142",
        compares="com:30350,<b>,com:99999,com:34142",
    )  # fmt: skip
    assert columns(page) == ["Le Vigan", "Lodève"]
    told = " ".join(warning.value for warning in page.warning)
    assert "01999" in told
    assert "com\\:99999" in told
    assert "<b>" not in told


def test_another_list_has_its_own_choice() -> None:
    lists = (
        Shortlist("Gard", (VIGAN, LODEVE, ShortlistItem("com:30007", "Alès"))),
        Shortlist("Ain", (ShortlistItem("com:01001", "A"), ShortlistItem("com:01002", "B"))),
    )
    page = opened(*lists)
    page.multiselect(key="selection.compares").set_value(["com:30007", "com:34142"]).run()
    page.selectbox(key="selection.liste").set_value(1).run()
    assert columns(page) == ["A", "B"]
    page.selectbox(key="selection.liste").set_value(0).run()
    assert columns(page) == ["Le Vigan", "Lodève", "Alès"]


def test_hostile_names_are_words_on_the_page() -> None:
    named = ShortlistItem("com:30350", HOSTILE)
    page = opened(Shortlist(HOSTILE, (named, LODEVE)))
    drawn = html(page)
    assert "<script>alert" not in drawn
    assert "&lt;script&gt;alert(1)&lt;/script&gt; `x`" in drawn
    options = " ".join(page.multiselect(key="selection.compares").options)
    assert "<" not in options
    assert "*" not in options


def test_the_other_view_keeps_what_was_chosen() -> None:
    page = opened(Shortlist("Gard", (VIGAN, LODEVE, ShortlistItem("com:30007", "Alès"))))
    page.multiselect(key="selection.compares").set_value(["com:30007", "com:34142"]).run()
    page.session_state["selection.vue"] = "lieux"
    page.run()
    assert len(page.text_area) == 3
    page.session_state["selection.vue"] = "comparer"
    page.run()
    assert columns(page) == ["Alès", "Lodève"]
