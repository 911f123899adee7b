"""What a file is, from its first bytes, in French: to refuse one by its name."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib

_SIGNATURES = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"GIF8", "une image GIF"),
    (b"\x1f\x8b", "une archive gzip"),
    (b"7z\xbc\xaf", "une archive 7z"),
    (b"Rar!", "une archive rar"),
    (b"PAR1", "un fichier Parquet"),
    (b"{\\rtf", "un document RTF"),
    (b"MZ", "un programme"),
    (b"\x7fELF", "un programme"),
)
_INSIDE_ZIP = (
    ("word/", "un document Word"),
    ("ppt/", "une présentation PowerPoint"),
    ("doc.kml", "une carte KMZ"),
)
_OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "un document LibreOffice",
    b"application/vnd.oasis.opendocument.presentation": "une présentation LibreOffice",
    b"application/epub+zip": "un livre EPUB",
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_SQLITE = b"SQLite format 3\x00"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_HTML_STARTS = ("<!doctype html", "<html")
_LOOKED_AT = 4_096
_LONGEST_KIND = 200  # bytes
# A member that is damaged or locked: what zipfile raises, and each of its compressions.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, ValueError,
)  # fmt: skip


def known_nature(content: bytes) -> str | None:
    """Say what a file is when it is surely none of our formats: ``un PDF``; else ``None``."""
    for signature, nature in _SIGNATURES:
        if content.startswith(signature):
            return nature
    if content.startswith(b"PK") and not is_workbook(content):
        return _in_zip(content)
    return None


def is_workbook(content: bytes) -> bool:
    """Whether it is a workbook: XLSX, XLSM, ODS, or the old XLS."""
    if content.startswith(_OLD_OFFICE):
        return True
    names, kind = _zip_members(content)
    return "xl/workbook.xml" in names or kind.startswith(_SPREADSHEET)


def is_database(content: bytes) -> bool:
    """Whether it is a SQLite file, as a GeoPackage is."""
    return content.startswith(_SQLITE)


def is_json(content: bytes) -> bool:
    """Whether it begins as a JSON object or list does."""
    return _beginning(content).startswith(("{", "["))


def is_html(content: bytes) -> bool:
    """Whether it begins as a page does."""
    return _beginning(content).lower().startswith(_HTML_STARTS)


def is_xml(content: bytes) -> bool:
    """Whether it begins as XML (KML, GPX, SVG) does."""
    return _beginning(content).startswith(("<?xml", "<kml", "<gpx", "<svg"))


def _beginning(content: bytes) -> str:
    return content[:_LOOKED_AT].decode("utf-8-sig", errors="replace").lstrip()


def _in_zip(content: bytes) -> str:
    names, kind = _zip_members(content)
    if kind in _OPEN_DOCUMENTS:
        return _OPEN_DOCUMENTS[kind]
    for start, nature in _INSIDE_ZIP:
        if any(name.startswith(start) for name in names):
            return nature
    return "une archive zip" if names else "une archive zip abîmée"


def _zip_members(content: bytes) -> tuple[list[str], bytes]:
    """Return the names in an archive, and what an open document says it is; nothing if damaged."""
    if not content.startswith(b"PK"):
        return [], b""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError):  # cut, too new, odd names
        return [], b""
    with archive:
        return archive.namelist(), _open_document_kind(archive)


def _open_document_kind(archive: zipfile.ZipFile) -> bytes:
    try:
        with archive.open("mimetype") as told:
            return told.read(_LONGEST_KIND)
    except KeyError:  # not an open document
        return b""
    except _UNREADABLE:  # its other names still say what it is
        return b""
