"""The fields of an initiative, as the form asks for them: their names, and what is expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from territoires.initiatives import Vocabularies, Vocabulary


@dataclass(frozen=True)
class FormField:
    """One field.

    Attributes
    ----------
    column : str
        Of the file.
    label : str
        In French.
    help : str
        What is expected.
    example : str
        Shown where nothing is written.
    is_long : bool
        Several lines.
    words : callable, optional
        The vocabulary that it is chosen from.
    nothing : str
        What an empty choice is called.
    is_list : bool
        Several words of the vocabulary.
    """

    column: str
    label: str
    help: str = ""
    example: str = ""
    is_long: bool = False
    words: Callable[[Vocabularies], Vocabulary] | None = None
    nothing: str = "Non renseigné"
    is_list: bool = False


_DATE = "AAAA, AAAA-MM ou AAAA-MM-JJ"

WHO = (
    FormField("nom", "Nom", "Celui sous lequel on la connaît. Obligatoire."),
    FormField("type", "Type", "Obligatoire ; « Autre initiative » si rien ne convient.",
              words=lambda v: v.types, nothing="Choisir…"),
    FormField("axes", "Axes du réseau", "Un ou plusieurs des cinq axes ; aucun si vous hésitez.",
              words=lambda v: v.axes, nothing="Sans axe", is_list=True),
    FormField("porteur", "Porteur", "La structure qui la porte, jamais une personne.",
              "Association, coopérative, commune…"),
    FormField("reseau", "Réseau", "Le réseau dont elle fait partie.", "MES, TZCLD, AMAP…"),
    FormField("statut", "Statut", "Fonctionne-t-elle aujourd'hui ?", words=lambda v: v.statuses),
    FormField("date_debut", "Date de début", f"{_DATE} : aussi précis que vous le savez.", _DATE),
    FormField("site_web", "Site", "Une page publique.", "https://…"),
)  # fmt: skip
WHERE = (
    FormField("commune", "Commune", "Remplie par la recherche, ou à la main."),
    FormField("code_commune", "Code Insee", "Cinq caractères : 30350, 2A004.", "30350"),
    FormField("code_postal", "Code postal", "", "30120"),
    FormField("adresse", "Adresse", "D'un lieu ouvert au public, jamais d'un domicile."),
    FormField("visibilite", "Lieu montré",
              "Vide : à la commune pour l'axe 4, où un lieu exact peut exposer des personnes ; "
              "aussi précisément qu'il est connu pour les autres.",
              words=lambda v: v.visibilities, nothing="Selon l'axe"),
)  # fmt: skip
PRECISELY = (
    FormField("longitude", "Longitude", "Degrés, avec un point. Vide : la commune.", "3.6044"),
    FormField("latitude", "Latitude", "Degrés, avec un point. Vide : la commune.", "43.9914"),
    FormField("perimetre", "Périmètre", "Ce que valent les communes couvertes.",
              words=lambda v: v.perimeters),
    FormField("communes_couvertes", "Communes couvertes",
              "Codes Insee séparés par des points-virgules.", "30350;30325"),
)  # fmt: skip
WHAT = (
    FormField("description", "Description", "Ce qu'elle fait, en quelques phrases.", is_long=True),
    FormField("objectifs", "Objectifs", "Ce qu'elle veut changer, et pour qui.", is_long=True),
    FormField("ressources", "Ressources",
              "Le mélange, avec des parts ou des ordres de grandeur si vous les connaissez : "
              "marché (ventes, prestations), public (subventions, commandes, aides à l'emploi), "
              "dons (argent, matériel, mécénat), et bénévolat (nombre de personnes ou d'heures).",
              "Marché : 40 % · Public : 35 % · Dons : 25 % · Bénévolat : 12 personnes, environ "
              "30 h par semaine", is_long=True),
    FormField("partenaires", "Partenaires", "Des structures : associations, entreprises, écoles…",
              is_long=True),
    FormField("collectivites", "Collectivités",
              "Communes, intercommunalités, département, région : lesquelles, et comment.",
              is_long=True),
    FormField("resultats", "Résultats", "Ce qui a été obtenu, avec la date des chiffres.",
              is_long=True),
    FormField("enseignements", "Enseignements",
              "Ce qui a marché, ce qui n'a pas marché, ce que vous diriez à d'autres.",
              is_long=True),
)  # fmt: skip
SOURCE = (
    FormField("source_url", "Source", "La page publique où ces faits se lisent.", "https://…"),
    FormField("source_date", "Date de la source", f"Le jour où vous l'avez lue : {_DATE}.", _DATE),
)  # fmt: skip

SECTIONS: Mapping[str, tuple[FormField, ...]] = {
    "Qui": WHO,
    "Où": WHERE,
    "Point exact, périmètre": PRECISELY,
    "Ce qu'elle fait": WHAT,
    "Source": SOURCE,
}
"""Every field, by section, in the order of the form."""
