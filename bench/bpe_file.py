"""A facilities file of the size of the country's: the real extract, repeated over the register."""

from __future__ import annotations

from pathlib import Path

from territoires.communes import load_register
from territoires.settings import shipped_data_dir

SAMPLE = "insee-melodi/DS_BPE_2025_data_extrait.csv"
ROWS = 2_347_651
# A national file has every service: these codes are counted, besides those of the extract.
SERVICES = ("D265", "D307", "C109", "B207", "B105", "A206", "A203", "D502")


def samples_folder() -> Path:
    """Return the folder of real files, beside the checkout."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "samples"
    if not folder.is_dir():
        message = f"fichiers réels absents : dossier {folder.name} à côté du dépôt"
        raise SystemExit(message)
    return folder


def write_national_file(path: Path) -> int:
    """Write the extract's rows of communes over and over, each time for other communes.

    Returns
    -------
    int
        Rows of data.
    """
    heading, *rows = (samples_folder() / SAMPLE).read_text("utf-8").split()
    tails = [f"COM;A;_T;{code};FACILITIES;0;NR;A;2025;1" for code in SERVICES]
    tails += [row.split(";", 1)[1] for row in rows if row.split(";")[1] == "COM"]
    communes = list(load_register(shipped_data_dir()).communes.index)
    written = 0
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        file.write(heading + "\n")
        while written < ROWS:
            for code in communes[: ROWS - written]:
                # The same commune meets every row of the extract as the rounds go by.
                file.write(f"{code};{tails[(written // len(communes)) % len(tails)]}\n")
                written += 1
    return written
