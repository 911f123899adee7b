"""A member list as the browser keeps it: it comes back as it was, and nothing else passes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.candidates import (
    NamedMembers,
    members_from_json,
    members_in_force,
    members_to_json,
)
from territoires.candidates.member_file import MAX_COMMUNES
from territoires.errors import InvalidRequest, InvalidTable, TerritoiresError

codes = st.from_regex(r"([0-9]{2}|2[AB])[0-9]{3}", fullmatch=True)
lists = st.builds(
    NamedMembers, st.text(max_size=300),
    st.lists(codes, min_size=1, max_size=40, unique=True).map(tuple), st.integers(0, 1_000_000),
)  # fmt: skip
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(lists)
def test_a_list_comes_back_as_it_was(members: NamedMembers) -> None:
    assert members_from_json(members_to_json(members)) == members


@given(
    st.fixed_dictionaries(
        {"format": st.just("territoires.adherents"), "version": st.just(1)},
        optional={"nom": documents, "communes": documents, "remarques": documents},
    )
)
def test_whatever_a_browser_holds_is_read_or_refused_in_french(document: dict) -> None:
    problem = None
    try:
        members = members_from_json(json.dumps(document))
    except TerritoiresError as error:
        problem = str(error)
    if problem is None:
        assert members_from_json(members_to_json(members)) == members
    else:
        assert "d'adhérents" in problem


@given(st.text(max_size=60))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidTable):
        members_from_json(text)


def changed(**fields: object) -> str:
    document = json.loads(members_to_json(NamedMembers("liste.csv", ("30350",))))
    return json.dumps({**document, **fields})


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("[1, 2", InvalidTable, "pas du JSON"),
        ("[" * 100_000, InvalidTable, "pas du JSON"),
        ('{"format": "territoires.listes", "version": 1}', InvalidTable, "n'est pas une liste"),
        (changed(version=2), InvalidTable, "autre version"),
        (changed(nom=3), InvalidTable, "« nom »"),
        (changed(remarques=True), InvalidTable, "« remarques »"),
        (changed(communes=["30350"]), InvalidTable, "« communes »"),
        (changed(communes=""), InvalidRequest, "de 1 à"),
        (changed(communes="30350 </script>"), InvalidRequest, "n'est pas un code"),
        (changed(communes="30350 =CMD()"), InvalidRequest, "n'est pas un code"),
        (changed(communes="٣٠٣٥٠"), InvalidRequest, "n'est pas un code"),
        (changed(communes="30350 30350"), InvalidRequest, "deux fois"),
        (changed(communes=" ".join(["30350"] * (MAX_COMMUNES + 1))), InvalidRequest, "de 1 à"),
        (changed(remarques=-1), InvalidRequest, "impossible"),
        ("x" * 1_000_001, InvalidTable, "trop grande"),
    ],
)
def test_a_damaged_list_is_refused_with_what_is_wrong(text: str, error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        members_from_json(text)


def test_a_name_is_bounded_and_stays_text() -> None:
    members = NamedMembers(" nos\n<b>adhérents</b>\t.csv ", ("30350",))
    assert members.nom == "nos <b>adhérents</b> .csv"
    assert len(NamedMembers("é" * 5_000, ("30350",)).nom) == 200


def test_every_commune_of_france_holds_in_a_browser(register) -> None:
    members = NamedMembers("France", tuple(register.communes.index))
    assert len(members_to_json(members)) < 250_000


def test_communes_that_are_no_more_are_said(register) -> None:
    former = register.former[register.former["codes_communes"].str.fullmatch(r"\w{5}")]
    gone = next(
        code for code in former["code_ancien"]
        if code not in register.communes.index and code not in set(register.inferior["code"])
    )  # fmt: skip
    heir = former.set_index("code_ancien")["codes_communes"][gone]
    here = members_in_force(NamedMembers("x", ("30350", gone, "99999")), register)
    assert here.communes == ("30350", heir)
    told = " ".join(finding.message for finding in here.findings)
    assert gone in told
    assert "99999" in told
    untouched = members_in_force(NamedMembers("x", ("30350",)), register)
    assert (untouched.communes, untouched.findings) == (("30350",), ())
