"""What is remembered of a download, beside the file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from territoires.sources.digests import digest_of
from territoires.tables.writing import write_file


@dataclass(frozen=True)
class Kept:
    """Where a file comes from.

    Attributes
    ----------
    url, etag, modified : str
        Address, and the server's marks of this very content.
    sha256 : str
        Empty while the file is partial.
    size : int
        In bytes.
    obtained_on : str
        ISO date.
    """

    url: str
    etag: str = ""
    modified: str = ""
    sha256: str = ""
    size: int = 0
    obtained_on: str = ""

    @property
    def mark(self) -> str:
        """What ``If-Range`` may be given: a weak ETag does not tell bytes apart."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


def read_kept(path: Path) -> Kept | None:
    """Return what is known of a file that is there; nothing when it is not, or was changed."""
    try:
        found = Kept(**json.loads(_beside(path).read_text(encoding="utf-8")))
        if found.sha256 and (found.size != path.stat().st_size or digest_of(path) != found.sha256):
            return None
    except (OSError, ValueError, TypeError):
        return None
    return found if path.is_file() else None


def write_kept(path: Path, kept: Kept) -> None:
    """Write what is known of a file."""
    write_file(_beside(path), json.dumps(asdict(kept), indent=1).encode())


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")
