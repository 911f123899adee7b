"""The routes, on a real server: tiles, Leaflet, JSON, health, and every way to ask wrongly."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import numpy as np
import pytest
import shapely
import streamlit
import uvicorn
from PIL import Image
from shapely.geometry import shape
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

from territoires.api import FrenchLanguage, SecurityHeaders, routes
from territoires.api.assets import ASSETS
from territoires.api.front_end_words import WORDS, replaced
from territoires.errors import DataFileError
from territoires.indicators import load_indicators
from territoires.maps import IdentifierTiles, MapColours, MapSpec, spec_to_query
from territoires.maps.mercator import tile_of
from territoires.territory import territory_from_code
from tests.conftest import DATA

PAGE = '<!doctype html><html lang="en"><head></head><body>page de Streamlit</body></html>'


class Answer(SimpleNamespace):
    """Status, headers and body of a response."""

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class _Server(uvicorn.Server):
    def install_signal_handlers(self):
        pass


@contextlib.contextmanager
def served(get_data, page=PAGE, base_path=""):
    """Serve our routes before a page that answers 200 to everything, as Streamlit does."""

    async def anything(_request):
        return page if isinstance(page, FileResponse) else HTMLResponse(page)

    app = Starlette(
        routes=[*routes(get_data, base_path), Route("/{rest:path}", anything)],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(FrenchLanguage),
            Middleware(GZipMiddleware, minimum_size=500),
        ],
    )
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = _Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the server does not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def get(address, **headers):
    request = urllib.request.Request(
        address, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return Answer(status=answer.status, headers=answer.headers, body=answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(status=error.code, headers=error.headers, body=error.read())


@pytest.fixture(scope="module")
def data(register):
    indicators = load_indicators(DATA, register)
    return SimpleNamespace(
        register=register,
        indicators=indicators,
        tiles=IdentifierTiles(register.geometries),
        colours=MapColours(register, indicators),
    )


@pytest.fixture(scope="module")
def server(data):
    with served(lambda: data) as address:
        yield address


@pytest.fixture(scope="module")
def query(data):
    return spec_to_query(MapSpec("densite", version=data.colours.version))


def refused(answer, status=400):
    assert answer.status == status
    assert answer.headers["content-type"].startswith("text/plain")
    assert "Traceback" not in answer.text
    assert "lang=" not in answer.text
    assert len(answer.text) < 400
    return answer.text


# Tiles


def test_a_tile_has_the_colours_of_its_communes(server, data, query):
    code = "48095"  # Mende: its pixels, far from its borders
    row = data.register.communes.loc[code]
    z = 14
    x, y = tile_of(row["longitude"], row["latitude"], z)
    answer = get(f"{server}/tuiles/{z}/{x}/{y}.png?{query}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "image/png"
    pixels = np.asarray(Image.open(io.BytesIO(answer.body)).convert("RGBA"))
    assert pixels.shape == (256, 256, 4)
    classes = data.colours.colouring(MapSpec("densite")).classes
    wanted = classes.colours[int(classes.of([data.indicators.values.at[code, "densite"]])[0])]
    assert (pixels[..., :3] == wanted).all(axis=2).mean() > 0.5


def test_a_fine_tile_is_twice_as_large(server, query):
    answer = get(f"{server}/tuiles/6/32/22@2x.png?{query}")
    assert Image.open(io.BytesIO(answer.body)).size == (512, 512)


def test_a_tile_is_kept_for_good_under_its_version_only(server, query, data):
    answer = get(f"{server}/tuiles/6/32/22.png?{query}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    unnamed = get(f"{server}/tuiles/6/32/22.png?indicateur=densite")
    assert unnamed.body == answer.body
    assert unnamed.headers["cache-control"] == "no-cache"
    again = get(f"{server}/tuiles/6/32/22.png?{query}", If_None_Match=answer.headers["etag"])
    assert again.status == 304
    assert again.body == b""
    other = spec_to_query(MapSpec("population", version=data.colours.version))
    assert get(f"{server}/tuiles/6/32/22.png?{other}").headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize(
    "path",
    ["25/0/0.png", "-1/0/0.png", "6/64/22.png", "6/32/-1.png", "6/x/22.png", "6/32/22,5.png",
     "a/b/c.png", "6/32/%00.png", "6/32/1e3.png", "6/9999999999999/0.png", "٦/1/1.png"],
)  # fmt: skip
def test_a_position_out_of_range_is_refused(server, query, path):
    address = f"{server}/tuiles/{quote(path, safe='/%@.,')}?{query}"
    assert "attendu" in refused(get(address))


@pytest.mark.parametrize(
    "bad",
    ["", "indicateur=", "indicateur=inexistant", "indicateur=densite&classes=99",
     "indicateur=densite&niveau=canton", "indicateur=densite&univers=reg:00",
     "indicateur=densite&univers=%3Cscript%3E", "indicateur=densite&couleur=rouge",
     "recette=densite:1:nan", "recette=inexistant:1:1", "indicateur=densite&palette=%00",
     "indicateur=" + "a" * 5000],
)  # fmt: skip
def test_a_specification_out_of_range_is_refused(server, bad):
    refused(get(f"{server}/tuiles/6/32/22.png?{bad}"))


def test_other_data_are_said_to_be_other(server):
    text = refused(get(f"{server}/tuiles/6/32/22.png?indicateur=densite&v=2019.1-00000000"), 409)
    assert "2019.1-00000000" in text
    assert "Rechargez" in text


@pytest.mark.parametrize(
    "path",
    ["tuiles", "tuiles/", "tuiles/6/32/22", "tuiles/6/32/22.jpg", "tuiles/6/32/22@3x.png",
     "tuiles/6/32/22/1.png", "actifs", "actifs/", "actifs/leaflet-src.js", "actifs/../apps.py",
     "actifs/%2e%2e/apps.py", "actifs/images/%2e%2e/%2e%2e/%2e%2e/apps.py", "actifs/__init__.py"],
)  # fmt: skip
def test_nothing_falls_through_to_the_pages(server, path):
    host = server.removeprefix("http://")
    connection = HTTPConnection(host, timeout=10)
    connection.request("GET", f"/{path}?indicateur=densite")  # the path as it is, not tidied up
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    assert answer.status == 404
    assert "Rien à cette adresse" in body
    assert "Streamlit" not in body


def test_routes_follow_the_published_path(data, query):
    with served(lambda: data, base_path="/carte") as server:
        assert get(f"{server}/carte/tuiles/6/32/22.png?{query}").status == 200
        assert get(f"{server}/carte/tuiles/6/x/22.png?{query}").status == 400
        assert get(f"{server}/carte/actifs/leaflet.js").status == 200
        assert get(f"{server}/carte/sante").json["etat"] == "pret"
        assert "page de Streamlit" in get(f"{server}/carte/page").text


# Leaflet


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_leaflet_is_served_from_here(server, name):
    answer = get(f"{server}/actifs/{name}")
    assert answer.status == 200
    assert answer.headers["content-type"].split(";")[0] == ASSETS[name]
    assert "max-age" in answer.headers["cache-control"]
    assert len(answer.body) > 300
    again = get(f"{server}/actifs/{name}", If_None_Match=answer.headers["etag"])
    assert again.status == 304


# JSON


def test_the_sheet_of_a_commune(server, data):
    answer = get(f"{server}/api/v1/communes/30350")
    sheet = answer.json
    row = data.register.communes.loc["30350"]
    assert sheet["commune"]["nom"] == row["nom"] == "Le Vigan"
    assert sheet["commune"]["population"] == row["population"]
    assert sheet["donnees"] == data.colours.version
    figures = {figure["code"]: figure for figure in sheet["indicateurs"]}
    assert set(figures) == set(data.indicators.catalogue)
    assert figures["densite"]["valeur"] == pytest.approx(
        data.indicators.values.at["30350", "densite"]
    )
    assert figures["densite"]["millesime"]


def test_what_is_missing_is_null(server, data):
    values = data.indicators.values["evolution_population"]
    code = values.index[values.isna()][0]
    sheet = get(f"{server}/api/v1/communes/{code}")
    assert "NaN" not in sheet.text
    figures = {figure["code"]: figure for figure in sheet.json["indicateurs"]}
    assert figures["evolution_population"]["valeur"] is None
    assert figures["evolution_population"]["statut"] != "publie"


@pytest.mark.parametrize("code", ["99999", "../etc", "30350x", "%00", "<script>"])
def test_an_unknown_commune_is_said(server, code):
    answer = get(f"{server}/api/v1/communes/{quote(code, safe='')}")
    assert answer.status == 404
    assert answer.json["erreur"]


def test_the_commune_under_a_point(server, data, query):
    row = data.register.communes.loc["30350"]
    where = f"lon={row['longitude']}&lat={row['latitude']}"
    place = get(f"{server}/api/v1/point?{where}").json
    assert place["code_commune"] == "30350"
    assert place["titre"] == "Le Vigan (30350)"
    assert place["valeur"] is None
    shown = get(f"{server}/api/v1/point?{where}&{query}").json["valeur"]
    assert "hab" in shown
    assert shown.startswith(data.indicators.catalogue["densite"].label)
    index = get(f"{server}/api/v1/point?{where}&recette=densite:1:1").json["valeur"]
    assert "sur 100" in index
    outlines = get(f"{server}/api/v1/point?{where}&indicateur=contours").json
    assert (outlines["titre"], outlines["valeur"]) == ("Le Vigan (30350)", None)
    by_departement = get(f"{server}/api/v1/point?{where}&indicateur=densite&niveau=departement")
    assert by_departement.json["titre"] == "Gard"


def test_a_point_at_sea_has_no_commune(server):
    place = get(f"{server}/api/v1/point?lon=-20&lat=45").json
    assert place["code_commune"] is None
    assert place["titre"] is None


@pytest.mark.parametrize(
    "where", ["", "lon=2", "lon=a&lat=b", "lon=nan&lat=46", "lon=2&lat=91", "lon=inf&lat=1"]
)
def test_a_point_out_of_range_is_refused(server, where):
    answer = get(f"{server}/api/v1/point?{where}")
    assert answer.status == 400
    assert "attendu" in answer.json["erreur"]


@pytest.mark.parametrize("code", ["com:30350", "groupe:30350-30099", "arm:75113", "epci:243000270"])
def test_the_outline_of_a_territory(server, data, code):
    answer = get(f"{server}/api/v1/contours/{quote(code)}?v=1")
    feature, place = answer.json, territory_from_code(data.register, code)
    assert feature["properties"] == {"code": place.code, "nom": place.nom}
    drawn, whole = shape(feature["geometry"]), place.outline(data.register)
    assert shapely.hausdorff_distance(drawn, whole) < 0.01
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert get(f"{server}/api/v1/contours/{quote(code)}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("com:00000", 404, "00000"), ("30350", 404, "préfixes connus"),
        ("pays:FR", 400, "1000 au plus"),
        ("groupe:" + "-".join(["30350"] * 2_000), 400, "trop long"),
    ],
)  # fmt: skip
def test_an_outline_that_cannot_be_given_is_said(server, code, status, words):
    answer = get(f"{server}/api/v1/contours/{quote(code)}")
    assert answer.status == status
    assert words in answer.json["erreur"]


def test_the_search_box(server):
    found = get(f"{server}/api/v1/recherche?q=Le%20Vigan").json
    assert "com:30350" in [place["territoire"] for place in found]
    assert len(get(f"{server}/api/v1/recherche?q=saint&limite=3").json) == 3
    assert get(f"{server}/api/v1/recherche?q=").json == []
    assert get(f"{server}/api/v1/recherche?q=x&limite=1000").status == 400
    assert get(f"{server}/api/v1/recherche?q=x&limite=tout").status == 400


@pytest.mark.parametrize("path", ["sante/", "sante/x", "sante/x/y"])
def test_health_has_its_own_404(server, path):
    answer = get(f"{server}/{path}")
    assert answer.status == 404
    assert answer.json["erreur"].startswith("Rien à cette adresse.")


@pytest.mark.parametrize("path", ["api", "api/", "api/v1", "api/v2/communes/30350", "api/v1/x"])
def test_the_api_has_its_own_404(server, path):
    answer = get(f"{server}/{path}")
    assert answer.status == 404
    assert answer.json["erreur"] == "Rien à cette adresse."


# Health, damaged data, headers, language


def test_health_says_which_data_are_served(server, data):
    state = get(f"{server}/sante").json
    assert state["etat"] == "pret"
    assert state["donnees"] == data.colours.version
    assert state["communes"] == len(data.register.communes)


def test_missing_data_are_said_everywhere():
    def missing():
        raise DataFileError(DATA / "communes" / "communes.parquet", "fichier absent")

    with served(missing) as server:
        health = get(f"{server}/sante")
        assert (health.status, health.json["etat"]) == (503, "indisponible")
        assert health.json["erreur"].startswith("communes.parquet : fichier absent")
        tile = get(f"{server}/tuiles/6/32/22.png?indicateur=densite")
        assert "communes.parquet" in refused(tile, 503)
        assert get(f"{server}/api/v1/communes/30350").status == 503
        assert get(f"{server}/actifs/leaflet.js").status == 200


@pytest.mark.parametrize(
    "path", ["", "tuiles/6/32/22.png?indicateur=densite", "sante", "actifs/leaflet.css", "api/x"]
)
def test_every_answer_carries_the_security_headers(server, path):
    headers = get(f"{server}/{path}").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "http" not in policy.replace("https:", "")


def test_the_base_map_is_allowed_for_pictures_only():
    seen = SecurityHeaders(None, "https://data.geopf.fr/wmts?layer=x")._headers
    policy = seen["Content-Security-Policy"]
    assert "img-src 'self' data: blob: https://data.geopf.fr;" in policy
    assert policy.count("geopf") == 1


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("length", [0, 2000])
def test_pages_are_said_to_be_french(register, encoding, length):
    page = PAGE.replace("</body>", "é" * length + "</body>")
    with served(lambda: None, page) as server:
        answer = get(f"{server}/carte", Accept_Encoding=encoding)
    body = answer.body
    if answer.headers.get("content-encoding") == "gzip":
        assert encoding == "gzip"
        body = gzip.decompress(body)
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert body.decode() == page.replace('lang="en"', 'lang="fr"')


def test_a_page_sent_as_a_file_is_french_too(tmp_path):
    file = tmp_path / "index.html"
    file.write_text(PAGE, encoding="utf-8")
    with served(lambda: None, FileResponse(file)) as server:
        assert '<html lang="fr">' in get(f"{server}/carte").text
        connection = HTTPConnection(server.removeprefix("http://"), timeout=10)
        connection.request("HEAD", "/carte")
        answer = connection.getresponse()
        assert answer.status == 200
        assert int(answer.headers["content-length"]) == len(PAGE)
        connection.close()


def test_requests_at_once_are_all_answered(server, query):
    answers = []

    def ask(column):
        answers.append(get(f"{server}/tuiles/7/{column}/45.png?{query}").status)

    threads = [threading.Thread(target=ask, args=(60 + k % 8,)) for k in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert answers == [200] * 24


FRONT_END = sorted((Path(streamlit.__file__).parent / "static" / "static" / "js").glob("*.js"))


@pytest.mark.parametrize("name", sorted(WORDS))
def test_the_words_replaced_are_those_of_the_front_end_in_use(name):
    scripts = [script.read_bytes() for script in FRONT_END if script.name.startswith(f"{name}.")]
    gone = [
        theirs.decode()
        for theirs in replaced(f"/static/js/{name}.x.js")
        if not any(theirs in script for script in scripts)
    ]
    assert gone == [], "another Streamlit? see src/territoires/api/front_end_words.py"


def test_no_other_script_is_changed():
    assert not replaced("/static/js/leaflet.js")
    assert all(
        ours.count(b"`") == theirs.count(b"`") and ours.count(b"${") == theirs.count(b"${")
        for name in WORDS
        for theirs, ours in replaced(f"{name}.x.js").items()
    )
