"""The page of the standalone map: its HTML, its style, its script. Data come beside, as JSON."""

from __future__ import annotations

_STYLE = """
*{box-sizing:border-box}
html,body{margin:0}
body{font:15px/1.5 "Source Sans 3","Source Sans Pro",system-ui,-apple-system,"Segoe UI",sans-serif;
color:#1c2826;background:#fff}
main{max-width:1200px;margin:0 auto;padding:1.2rem 1rem 3rem}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .2rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2rem 0 .5rem;break-after:avoid}
.chapeau{margin:0 0 .8rem;color:#4a5855}
.cadre{position:relative;height:min(72vh,680px);border:1px solid #cdd6d4;border-radius:8px;
overflow:hidden}
.folium-map{position:absolute!important;inset:0;width:100%!important;height:100%!important}
.leaflet-container{background:#dfe9ef;font:inherit;font-size:13px}
.leaflet-bar a{color:#1c2826}
.leaflet-container .leaflet-control-attribution{color:#3a4744;font-size:11px}
.leaflet-tooltip.dep{background:none;border:0;box-shadow:none;color:#51605d;font-size:11px;
padding:0;text-shadow:0 0 3px #fff,0 0 3px #fff}
.leaflet-tooltip.dep:before{display:none}
.loin .leaflet-tooltip.dep{display:none}
.leaflet-tooltip.nom{white-space:normal;width:max-content;max-width:18rem;color:#1c2826}
.leaflet-popup-content{margin:.7rem .9rem;max-height:min(19rem,34vh);overflow:auto;
overflow-wrap:anywhere}
.leaflet-popup-content h3{font-size:1rem;margin:0 1rem .35rem 0}
.leaflet-popup-content dl{margin:0}
.leaflet-popup-content dt{color:#51605d;font-size:12px;margin-top:.3rem}
.leaflet-popup-content dd{margin:0;white-space:pre-line}
.legende{margin:.6rem 0 0;font-size:.9rem}
.legende p{margin:0 0 .2rem}
.legende ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:0;padding:0}
.legende li{display:flex;align-items:center;gap:.4rem;font-variant-numeric:tabular-nums}
.legende i{width:1.5rem;height:.9rem;border-radius:2px;box-shadow:inset 0 0 0 1px #0003;
print-color-adjust:exact;-webkit-print-color-adjust:exact}
.legende small{color:#51605d}
.tableau{overflow:auto;max-height:80vh;border:1px solid #cdd6d4;border-radius:8px}
table{border-collapse:separate;border-spacing:0;font-size:.85rem;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #e3e9e8}
td{min-width:6rem;max-width:26rem;overflow-wrap:anywhere;white-space:pre-line}
td.long{min-width:19rem}
td.n{text-align:right;font-variant-numeric:tabular-nums;min-width:4.5rem}
thead th{position:sticky;top:0;background:#0b5d57;color:#fff;font-weight:600;z-index:1;
min-width:6rem}
tbody th{font-weight:600;min-width:12rem}
tbody th i{display:inline-block;width:.8rem;height:.8rem;border-radius:2px;margin-right:.45rem;
box-shadow:inset 0 0 0 1px #0003;print-color-adjust:exact;-webkit-print-color-adjust:exact}
tbody tr:hover{background:#f2f7f6}
.voir{font:inherit;font-weight:600;text-align:left;color:#0b5d57;background:none;border:0;
padding:0;text-decoration:underline;text-underline-offset:2px;cursor:pointer}
.voir:focus-visible{outline:2px solid #0b5d57;outline-offset:2px}
.sources{font-size:.85rem;color:#3a4744;overflow-wrap:anywhere;padding-left:1.1rem}
@media (max-width:600px){h1{font-size:1.3rem}.cadre{height:60vh}main{padding:.9rem .7rem 2rem}
tbody th{min-width:9rem}}
@media print{@page{size:A4 landscape;margin:12mm}body{font-size:10pt}main{max-width:none;padding:0}
.cadre{height:150mm;break-inside:avoid}.leaflet-control-zoom{display:none}
.tableau{max-height:none;overflow:visible;border:0}table{font-size:7pt}
td{min-width:0;max-width:none;padding:.15rem .25rem;overflow-wrap:break-word}
td.long{min-width:70mm}th{padding:.15rem .25rem}
.leaflet-popup{display:none}
thead th,tbody th,td.n{min-width:0}thead th{position:static;color:#000;background:#e7f1f0}
tr{break-inside:avoid}.voir{color:inherit;text-decoration:none}}
"""

SCRIPT = """
function territoires(map) {
  "use strict";
  var data = JSON.parse(document.getElementById("territoires-dessin").textContent);
  var table = document.querySelector("table");
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells, 1);
  var rows = table.tBodies[0].rows;
  map.attributionControl.setPrefix("Leaflet");
  map.attributionControl.addAttribution("Limites : IGN Admin Express");
  L.control.zoom({
    position: "bottomright", zoomInTitle: "Zoomer", zoomOutTitle: "Dézoomer"
  }).addTo(map);
  L.control.scale({imperial: false}).addTo(map);
  map.getContainer().setAttribute("role", "region");
  map.getContainer().setAttribute("aria-label", "Carte ; son contenu est dans le tableau dessous");
  function ring(steps) {
    var points = [], lat = 0, lng = 0;
    for (var k = 0; k < steps.length; k += 2) {
      lat += steps[k]; lng += steps[k + 1];
      points.push([lat / data.pas, lng / data.pas]);
    }
    return points;
  }
  function outline(shape) {
    return shape.map(function (rings) { return rings.map(ring); });
  }
  function text(tag, content) {
    var element = document.createElement(tag);
    element.textContent = content;
    return element;
  }
  data.fond.forEach(function (shape, k) {
    if (!shape.length) { return; }
    var drawn = L.polygon(outline(shape), {
      color: "#9fb0ac", weight: 1, fillColor: "#f7f8f6", fillOpacity: 1, interactive: false
    }).addTo(map);
    drawn.bindTooltip(text("span", data.noms[k]), {
      permanent: true, direction: "center", className: "dep", interactive: false
    });
  });
  function nameOf(row) { return rows[row].cells[0].textContent; }
  function sheet(row) {
    var box = document.createElement("div"), list = document.createElement("dl");
    box.appendChild(text("h3", nameOf(row)));
    heads.forEach(function (head, k) {
      var value = rows[row].cells[k + 1].textContent;
      if (!value || head.dataset.code) { return; }
      list.appendChild(text("dt", head.textContent));
      var told = text("dd", value);
      told.dir = "auto";
      list.appendChild(told);
    });
    box.appendChild(list);
    return box;
  }
  var drawn = data.formes.map(function (shape, row) {
    var found = data.classes[row];
    var colour = data.couleurs[found < 0 ? data.couleurs.length - 1 : found];
    var group = L.featureGroup();
    if (shape.length) {
      group.addLayer(L.polygon(outline(shape), {
        color: "#24333a", weight: 1, fillColor: colour, fillOpacity: 0.9, className: "territoire"
      }));
    }
    if (data.points[row]) {
      group.addLayer(L.circleMarker(data.points[row], {
        radius: 4, color: "#24333a", weight: 1, fillColor: colour, fillOpacity: 1
      }));
    }
    group.bindTooltip(function () { return text("div", nameOf(row)); },
                      {sticky: true, className: "nom"});
    group.bindPopup(function () { return sheet(row); }, {
      maxWidth: Math.min(340, map.getSize().x - 80), minWidth: 180, autoPanPadding: [8, 8]
    });
    return group.addTo(map);
  });
  function boundsOf(groups) {
    var bounds = L.latLngBounds([]);
    groups.forEach(function (group) { bounds.extend(group.getBounds()); });
    return bounds;
  }
  var mainland = L.latLngBounds(data.metropole);
  var here = drawn.filter(function (group) {
    return group.getBounds().isValid() && mainland.intersects(group.getBounds());
  });
  var whole = boundsOf(here.length ? here : drawn);
  if (whole.isValid()) { map.fitBounds(whole, {padding: [24, 24], maxZoom: 12}); }
  function labels() {
    map.getContainer().classList.toggle("loin", map.getZoom() < 6.5 && data.fond.length > 15);
  }
  map.on("zoomend", labels);
  labels();
  table.addEventListener("click", function (event) {
    var button = event.target.closest(".voir");
    if (!button) { return; }
    var row = Number(button.closest("tr").dataset.ligne), bounds = drawn[row].getBounds();
    if (!bounds.isValid()) { return; }
    document.querySelector(".cadre").scrollIntoView({block: "center"});
    map.fitBounds(bounds, {padding: [60, 60], maxZoom: 11, animate: false});
    drawn[row].openPopup(bounds.getCenter());
  });
  window.addEventListener("beforeprint", function () { map.invalidateSize({pan: false}); });
}
"""

PAGE = (
    """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:;
 style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Territoires">
<title>{{ this.parts["titre"] }}</title>
<style>{{ this.parts["leaflet_css"] }}</style>
<script>{{ this.parts["leaflet_js"] }}</script>
{{ this.header.render(**kwargs) }}
<style>"""
    + _STYLE
    + """</style>
</head>
<body>
<main>
<h1 dir="auto">{{ this.parts["titre"] }}</h1>
<p class="chapeau">{{ this.parts["nombre"] }}. Ce fichier s'ouvre sans connexion et ne demande rien
à personne. Cliquez un territoire, sur la carte ou dans le tableau.</p>
<div class="cadre">{{ this.html.render(**kwargs) }}</div>
<noscript><p>La carte a besoin de JavaScript ; le tableau dit la même chose.</p></noscript>
<div class="legende" role="group" aria-label="Légende">{{ this.parts["legende"] }}</div>
<h2>La même chose en tableau</h2>
<div class="tableau" tabindex="0" role="region" aria-label="Tableau des territoires">
{{ this.parts["tableau"] }}</div>
<h2>Sources</h2>
<ul class="sources">{{ this.parts["sources"] }}</ul>
</main>
<script type="application/json" id="territoires-dessin">{{ this.parts["dessin"] }}</script>
<script type="application/json" id="{{ this.parts["identifiant"] }}">
{{ this.parts["selection"] }}</script>
<script>{{ this.parts["script"] }}{{ this.script.render(**kwargs) }}</script>
</body>
</html>
"""
)
