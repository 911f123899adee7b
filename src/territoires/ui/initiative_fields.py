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
        What is expected: under a long field, behind a question mark beside a short one.
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
    FormField("nom", "Nom", example="Celui sous lequel on la connaît"),
    FormField("type", "Type", words=lambda v: v.types, nothing="Choisir…"),
    FormField("axes", "Axes", words=lambda v: v.axes, nothing="Sans axe", is_list=True),
    FormField("porteur", "Porteur", example="Une structure, jamais une personne"),
    FormField("reseau", "Réseau", example="MES, TZCLD, AMAP…"),
    FormField("statut", "Statut", words=lambda v: v.statuses),
    FormField("date_debut", "Date de début", example=_DATE),
    FormField("site_web", "Site", example="https://…"),
)  # fmt: skip
WHERE = (
    FormField("commune", "Commune", example="Le Vigan"),
    FormField("code_commune", "Code Insee", example="30350"),
    FormField("code_postal", "Code postal", example="30120"),
    FormField("adresse", "Adresse", example="D'un lieu ouvert au public, pas d'un domicile"),
    FormField("visibilite", "Lieu montré",
              "Vide : à la commune pour l'axe 4, où un lieu exact peut exposer des personnes ; "
              "aussi précisément qu'il est connu pour les autres.",
              words=lambda v: v.visibilities, nothing="Selon l'axe"),
)  # fmt: skip
PRECISELY = (
    FormField("longitude", "Longitude", example="3.6044 ; vide : la commune"),
    FormField("latitude", "Latitude", example="43.9914 ; vide : la commune"),
    FormField("perimetre", "Périmètre", words=lambda v: v.perimeters),
    FormField("communes_couvertes", "Communes couvertes",
              example="Codes Insee : 30350;30325"),
)  # fmt: skip
WHAT = (
    FormField("description", "Description", "Ce qu'elle fait, en quelques phrases.", is_long=True),
    FormField("objectifs", "Objectifs", "Ce qu'elle veut changer, et pour qui.", is_long=True),
    FormField("ressources", "Ressources",
              "Le mélange, avec des parts ou des ordres de grandeur si vous les connaissez : "
              "marché (ventes, prestations), public (subventions, commandes, aides à l'emploi), "
              "dons (argent, matériel, mécénat), et bénévolat (combien de personnes, ou d'heures).",
              "Marché : … % · Public : … % · Dons : … % · Bénévolat : … heures par semaine",
              is_long=True),
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
    FormField("source_url", "Source", example="https://… : où ces faits se lisent"),
    FormField("source_date", "Date de la source", example=_DATE),
)  # fmt: skip

SECTIONS: Mapping[str, tuple[FormField, ...]] = {
    "Qui": WHO,
    "Où": WHERE,
    "Point exact, périmètre": PRECISELY,
    "Ce qu'elle fait": WHAT,
    "Source": SOURCE,
}
"""Every field, by section, in the order of the form."""
