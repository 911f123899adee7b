"""Bytes to text: which encoding, and is this a text at all."""

from __future__ import annotations

import codecs
import re

from territoires.errors import InvalidTable

UNREADABLE = "\ufffd"
"""Stands for a character that was lost: said by its line, and its row is read all the same."""
_SIGNATURES = {
    b"PK\x03\x04": "un classeur (xlsx, ods) ou une archive zip",
    b"\xd0\xcf\x11\xe0": "un ancien classeur Excel (xls)",
    b"%PDF": "un PDF",
    b"\x1f\x8b": "une archive gzip",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
}
_SAVE_AS_CSV = "Enregistrez le tableau au format « CSV UTF-8 » puis recommencez"
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_SHARE_OF_BINARY = 0.01
_STRAY_CONTROLS = 3  # a word processor leaves one or two behind
_MOJIBAKE = re.compile(r"Ã[\u0080-\u00bf‰ˆŠ‡€]|â€[™œ\u009d“”˜]")


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Decode the bytes of a table.

    Parameters
    ----------
    content : bytes
        Not empty.
    name : str
        File name, for the messages.

    Returns
    -------
    text, encoding : str
        ``encoding`` is one of ``utf-8``, ``utf-8-sig``, ``utf-16``, ``windows-1252``.
        Control characters other than tab and line ends are turned into spaces, a stray NUL into
        :data:`UNREADABLE`.

    Raises
    ------
    InvalidTable
        Not a text: a workbook, an image, full of NUL bytes, or in an encoding that none of these
        explains.
    """
    _refuse_known_binaries(content, name)
    text, encoding = _decode(content, name)
    if text.count("\0") > max(_STRAY_CONTROLS, len(text) * _CONTROL_SHARE_OF_BINARY):
        message = (
            f"{name} contient des octets nuls : ce n'est pas un tableau en texte. {_SAVE_AS_CSV}."
        )
        raise InvalidTable(message)
    cleaned, count = _CONTROL.subn(" ", text)
    if count > max(_STRAY_CONTROLS, len(text) * _CONTROL_SHARE_OF_BINARY):
        raise InvalidTable(f"{name} est un fichier binaire, pas un tableau. {_SAVE_AS_CSV}.")
    return cleaned.replace("\0", UNREADABLE), encoding


def looks_mojibake(text: str) -> bool:
    """Tell whether accents were decoded wrongly before the file reached us (``Ã©``)."""
    return _MOJIBAKE.search(text) is not None


def _refuse_known_binaries(content: bytes, name: str) -> None:
    for signature, nature in _SIGNATURES.items():
        if content.startswith(signature):
            raise InvalidTable(f"{name} est {nature}, pas un CSV. {_SAVE_AS_CSV}.")


def _decode(content: bytes, name: str) -> tuple[str, str]:
    for encoding in _possible_encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.removeprefix("\ufeff"), encoding
    message = f"{name} : encodage inconnu (ni UTF-8, ni UTF-16, ni Windows-1252). {_SAVE_AS_CSV}."
    raise InvalidTable(message)


def _possible_encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8", "windows-1252")
