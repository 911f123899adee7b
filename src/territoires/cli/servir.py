"""``territoires servir``: start the application."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from territoires.cli.context import current_workspace
from territoires.cli.french import FrenchCommand
from territoires.errors import InvalidRequest

_DEFAULT_PORT = 8501


@click.command(cls=FrenchCommand)
@click.option("--port", metavar="PORT", default=str(_DEFAULT_PORT), show_default=True, help="Port.")
@click.option("--adresse", metavar="IP", default="127.0.0.1", show_default=True, help="Adresse.")
@click.option("--sans-navigateur", is_flag=True, help="N'ouvre pas de navigateur.")
def servir(port: str, adresse: str, sans_navigateur: bool) -> int:
    """Démarre l'application dans un navigateur."""
    if not (port.isdecimal() and 0 < int(port) < 65536):
        message = f"Le port « {port} » n'est pas un nombre entre 1 et 65535."
        raise InvalidRequest(message)
    current_workspace().check()  # a damaged file is said here, before any page opens
    _check_address(adresse, int(port))
    click.echo(f"Territoires : http://{adresse}:{port}  (Ctrl+C pour arrêter)")
    return _run(port, adresse, headless=sans_navigateur)


def _check_address(address: str, port: int) -> None:
    try:
        with socket.create_server((address, port)):
            return
    except OSError as error:
        reason = (
            "ce port est déjà pris : choisissez-en un autre avec --port"
            if error.errno == errno.EADDRINUSE
            else "cette adresse n'est pas celle de cette machine, ou le port est réservé"
        )
        message = f"Impossible d'écouter sur {address}:{port} : {reason}."
        raise InvalidRequest(message) from error


def _run(port: str, address: str, *, headless: bool) -> int:
    command = [
        sys.executable, "-m", "streamlit", "run", str(_door()),
        "--server.port", port,
        "--server.address", address,
        "--server.headless", "true" if headless or not sys.stdout.isatty() else "false",
        "--server.showEmailPrompt", "false",
        "--browser.gatherUsageStats", "false",
    ]  # fmt: skip
    try:
        return subprocess.run(command, env=os.environ.copy(), check=False).returncode
    except KeyboardInterrupt:
        return 0


def _door() -> Path:
    # Found without importing it: the interface is heavy and lives in the other process.
    spec = find_spec("territoires.ui")
    if spec is None or not spec.submodule_search_locations:
        message = "L'interface de Territoires n'est pas installée. Réinstallez le paquet."
        raise InvalidRequest(message)
    return Path(next(iter(spec.submodule_search_locations))) / "application.py"
