"""The words of Streamlit's own front end, in French.

Streamlit has no setting for its language. Its scripts write their words between back quotes, and
each script is named after what it draws: a word is replaced there and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

WORDS: Mapping[str, Mapping[str, str]] = {
    "index": {
        "Skip to main content": "Aller au contenu principal",
        "Expand sidebar": "Ouvrir le panneau",
        "Collapse sidebar": "Fermer le panneau",
        "Page not found": "Page introuvable",
        "The page that you have requested does not seem to exist": "Cette adresse n'existe pas",
        "Navigate to home page": "Aller à la première page",
        "App pages": "Pages",
        "Running...": "Calcul en cours",
        "Connecting": "Connexion",
        "Connecting to Streamlit server": "Connexion au serveur",
        "Unable to connect to Streamlit server": "Le serveur ne répond pas",
        "Connection error": "La connexion est perdue",
        "Error": "Erreur",
        "Please wait...": "Patientez…",
        "Connection lost. Please wait for the app to reconnect, then try again.": (
            "La connexion est perdue. Attendez qu'elle revienne, puis recommencez."
        ),
    },
    "StreamlitMarkdown": {"Help": "Aide", "Link to heading": "Lien vers ce titre"},
    "DataFrame": {
        "Sort ascending": "Trier en ordre croissant",
        "Sort descending": "Trier en ordre décroissant",
        "Hide column": "Masquer la colonne",
        "Pin column": "Fixer la colonne à gauche",
        "Unpin column": "Ne plus fixer la colonne",
        "Autosize": "Ajuster la largeur",
        "Copy column name": "Copier le nom de la colonne",
        "Dataframe column menu": "Menu de la colonne",
        "Format": "Format",
        "Statistics": "Statistiques",
        "No data": "Aucune donnée",
        "Based on sample": "D'après un échantillon",
        "Values": "Valeurs",
        "Empty": "Vides",
        "Distinct": "Distinctes",
        "Average": "Moyenne",
        "Median": "Médiane",
        "Minimum": "Minimum",
        "Maximum": "Maximum",
        "Standard deviation": "Écart type",
        "Automatic": "Automatique",
        "Localized": "À la française",
        "Plain": "Sans séparateur",
        "Compact": "Abrégé",
        "Percent": "Pourcentage",
        "Scientific": "Scientifique",
        "Accounting": "Comptable",
        "Distance": "Durée écoulée",
        "Type to search": "Écrire pour chercher",
        "Close Search": "Fermer la recherche",
        "Next Result": "Résultat suivant",
        "Previous Result": "Résultat précédent",
    },
    "Multiselect": {
        "No results": "Aucun choix",
        "Select all": "Tout choisir",
        "Clear all": "Tout retirer",
        "Selected values": "Choix faits",
        "Open": "Ouvrir",
    },
    "Selectbox": {"No results": "Aucun choix", "Clear value": "Effacer", "Open": "Ouvrir"},
    "NumberInput": {"Increment": "Plus", "Decrement": "Moins", "Clear value": "Effacer"},
    "TextInput": {"Clear entry": "Effacer"},
    "FileUploader": {
        "Drag and drop a file here": "Déposez un fichier ici",
        "Drag and drop files here": "Déposez des fichiers ici",
        "Upload": "Choisir un fichier",
        "Add files": "Ajouter des fichiers",
    },
    "utils": {
        "file upload": "Fichier à déposer",
        "Choose an option": "Choisir",
        "Choose options": "Choisir",
        "Add an option": "Ajouter",
        "Add options": "Ajouter",
        "Choose or add an option": "Choisir ou ajouter",
        "Choose or add options": "Choisir ou ajouter",
        "No options to select": "Aucun choix",
        "Upload failed": "L'envoi a échoué",
        "Only one file is allowed.": "Un seul fichier à la fois.",
        "Unexpected error. Please try again.": "Erreur imprévue. Recommencez.",
    },
}
"""Script → word of Streamlit → ours."""

_WITH_VALUES: Mapping[str, Mapping[str, str]] = {
    "index": {
        "`You have requested page /${e}, but no corresponding file was found in the app's pages/ "
        "directory`": "`Il n'y a pas de page /${e} ici`",
        "${t}. Running the app's main page.": "${t}. Voici la première.",
        '"aria-label":`Sidebar`': '"aria-label":`Panneau`',
    },
    "StreamlitMarkdown": {"`Help for ${": "`Aide : ${"},
    "utils": {"`File type must be ${": "`Le fichier doit finir par ${", "`one of ${": "`${"},
}


def replaced(script: str) -> Mapping[bytes, bytes]:
    """Return what is replaced in a script of the front end.

    Parameters
    ----------
    script : str
        Its address or file name, such as ``static/js/Selectbox.7rsxE6LC.js``.

    Returns
    -------
    mapping
        Bytes of the script → ours; empty when nothing is.
    """
    name = PurePosixPath(script).name.partition(".")[0]
    whole = {f"`{word}`": f"`{ours}`" for word, ours in WORDS.get(name, {}).items()}
    pairs = {**whole, **_WITH_VALUES.get(name, {})}
    return {theirs.encode(): ours.encode() for theirs, ours in pairs.items()}
