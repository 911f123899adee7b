"""What the system refuses, said in French: its own words are English, and give no advice."""

from __future__ import annotations

import errno

_REASONS = {
    errno.ENOENT: "fichier ou dossier absent ; vérifiez le chemin",
    errno.EACCES: "accès refusé ; vérifiez vos droits sur le dossier et le fichier",
    errno.EPERM: "accès refusé ; vérifiez vos droits sur le dossier et le fichier",
    errno.EROFS: "le disque est en lecture seule ; choisissez un autre dossier",
    errno.ENOSPC: "le disque est plein ; libérez de la place, ou choisissez un autre dossier",
    errno.EDQUOT: "votre quota de disque est atteint ; libérez de la place",
    errno.EISDIR: "c'est un dossier ; donnez le nom d'un fichier",
    errno.ENOTDIR: "une partie du chemin n'est pas un dossier ; vérifiez le chemin",
    errno.ENAMETOOLONG: "le nom est trop long ; choisissez-en un plus court",
    errno.EIO: "le disque répond mal ; vérifiez-le, ou choisissez un autre dossier",
}


def french_reason(error: OSError) -> str:
    """Say why the system refused, and what to do, without a final full stop.

    Parameters
    ----------
    error : OSError
        From reading or writing a file.
    """
    known = _REASONS.get(error.errno) if error.errno is not None else None
    if known:
        return known
    number = f" n° {error.errno}" if error.errno is not None else ""
    return f"le système de fichiers a refusé (erreur{number})"
