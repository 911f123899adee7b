"""Charts are well formed, say what they show, and put values where they are."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.ui.charts import (
    CELLS,
    CHOSEN,
    ENTERING,
    LEAVING,
    Marked,
    Place,
    as_image,
    axis_for,
    distribution_chart,
    interval_bar,
    rank_chart,
)
from territoires.ui.written_number import read_written, write_number

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script> & \"guillemets\" 'simples'"
figures = st.floats(-1e15, 1e15, allow_subnormal=False) | st.just(float("nan"))
values = st.lists(figures, min_size=1, max_size=80)


@given(values, st.sampled_from([-1, 0, 1]))
def test_any_values_make_a_chart_that_is_well_formed(numbers: list[float], direction: int) -> None:
    column = np.array(numbers)
    place = Place(HOSTILE, numbers[0])
    drawn = distribution_chart(column, HOSTILE, "desc", str, place=place, direction=direction)
    if np.isnan(column).all():
        assert drawn == ""
        return
    root = ElementTree.fromstring(drawn)
    assert root.find(f"{SVG}title").text == HOSTILE
    assert root.find(f"{SVG}desc").text == "desc"
    assert "<script" not in drawn
    for rectangle in root.iter(f"{SVG}rect"):
        assert 0 <= float(rectangle.get("x")) <= 400
        assert 0 <= float(rectangle.get("height")) <= 166


@given(values)
def test_an_axis_keeps_the_order_and_counts_what_it_leaves_out(numbers: list[float]) -> None:
    column = np.array(numbers)
    axis = axis_for(column)
    if axis is None:
        assert np.isnan(column).all()
        return
    known = np.sort(column[~np.isnan(column)])
    at = axis.at(known)
    assert (np.diff(at) >= 0).all()
    assert ((at >= 0) & (at <= 1)).all()
    assert axis.below == np.count_nonzero(known < axis.low)
    assert axis.above == np.count_nonzero(known > axis.high)
    assert all(axis.low <= tick <= axis.high for tick in axis.ticks())
    assert bool(axis.note()) == bool(axis.logarithmic or axis.below or axis.above)


def test_skewed_values_are_read_on_a_logarithm_and_extremes_do_not_flatten() -> None:
    random = np.random.default_rng(1)
    skewed = axis_for(random.lognormal(3, 2, 5000))
    assert skewed is not None
    assert skewed.logarithmic
    assert "échelle logarithmique" in skewed.note()
    assert all(np.log10(tick) == pytest.approx(round(np.log10(tick))) for tick in skewed.ticks())
    normal = np.append(random.normal(size=5000), 1e6)
    cut = axis_for(normal)
    assert cut is not None
    assert not cut.logarithmic
    assert cut.high < 10
    assert cut.above >= 1
    constant = axis_for(np.full(10, 5.0))
    assert constant is not None
    assert constant.at(np.array([5.0]))[0] == pytest.approx(0.5)


def test_the_place_is_marked_where_it_is() -> None:
    column = np.linspace(0, 100, 1001)
    drawn = distribution_chart(column, "t", "d", str, place=Place("Ici", 75.0))
    found = re.search(r'<line x1="([\d.]+)" [^>]*stroke="#1c2826"', drawn)
    assert found is not None
    assert float(found[1]) == pytest.approx(4 + 0.75 * 392, abs=0.1)
    without = distribution_chart(column, "t", "d", str, place=Place("Ici", float("nan")))
    assert "Ici" not in without


def test_two_rankings_are_drawn_with_their_movers() -> None:
    counts = np.zeros((CELLS, CELLS), dtype=np.int64)
    counts[0, 0], counts[5, 7] = 3, 100
    marked = [
        Marked(ENTERING, HOSTILE, 40, 1),
        Marked(LEAVING, "b", 1, 40),
        Marked(CHOSEN, "c", 9, 9),
    ]
    root = ElementTree.fromstring(rank_chart(counts, (100, 100), (HOSTILE, "B"), marked, "desc"))
    circles = list(root.iter(f"{SVG}circle"))
    assert [circle.get("fill") for circle in circles] == ["#1c2826", "#ffffff", "#ffffff"]
    assert len(list(root.iter(f"{SVG}rect"))) == 3  # the ground and two cells
    empty = rank_chart(np.zeros((CELLS, CELLS), dtype=np.int64), (0, 0), ("A", "B"), [], "d")
    assert ElementTree.fromstring(empty) is not None


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 500), st.integers(1, 500))
def test_an_interval_stays_in_its_cell(rank: int, best: int, more: int, last: int) -> None:
    drawn = interval_bar(rank, best, best + more, last)
    for share in re.findall(r"(?:left|width):([\d.]+)%", drawn):
        assert 0 <= float(share) <= 100


def test_an_image_holds_the_whole_picture() -> None:
    image = as_image("<svg/>", HOSTILE)
    source = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', image)
    assert source is not None
    assert base64.b64decode(source[1]) == b"<svg/>"
    assert "<script" not in image
    assert as_image("", "rien") == ""


@given(st.floats(-1e9, 1e9))
def test_a_number_written_reads_back(number: float) -> None:
    again = read_written(write_number(number))
    assert again == pytest.approx(number, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,5", 1.5), ("1.5", 1.5), (" 12 000 ", 12000.0), ("−0,4", -0.4), (",5", 0.5), ("3.", 3.0),
     ("", None), ("1,5,2", None), ("1e5", None), ("inf", None), ("nan", None), ("9" * 40, None)],
)  # fmt: skip
def test_a_number_typed_is_read_or_refused(text: str, number: float | None) -> None:
    assert read_written(text) == number
