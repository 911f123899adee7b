"""Rebuilds what is shipped in ``data/``: named parts, one builder each, in order of dependence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from territoires.errors import InvalidRequest
from territoires.manifest import write_manifest
from territoires.sources.communes_build import build_communes
from territoires.sources.indicateurs_build import build_indicators
from territoires.sources.initiatives_build import build_initiatives, default_facts_dir
from territoires.sources.packages import PackageStore, default_store
from territoires.sources.passages_build import build_passages

Tell = Callable[[str], None]


@dataclass(frozen=True)
class BuildContext:
    """What a builder is given.

    Attributes
    ----------
    data_dir : Path
        Shipped data: parts built earlier are read there, the new part is installed there.
    facts_dir : Path
        Sourced facts that are not in any package.
    store : PackageStore
        Where packages come from.
    tell : callable
        Receives French lines.
    """

    data_dir: Path
    facts_dir: Path
    store: PackageStore
    tell: Tell


def _communes(context: BuildContext) -> None:
    build_communes(context.data_dir, context.store, context.tell)


def _passages(context: BuildContext) -> None:
    count = build_passages(context.data_dir, context.store)
    context.tell(f"Passages de communes : {count} changements depuis 2019.")


def _indicateurs(context: BuildContext) -> None:
    built = build_indicators(context.data_dir, context.facts_dir, context.store)
    for line in built.lines:
        context.tell(line)


def _initiatives(context: BuildContext) -> None:
    context.tell(str(build_initiatives(context.data_dir, context.facts_dir)))


def _digests(context: BuildContext) -> None:
    context.tell(f"Empreintes : {write_manifest(context.data_dir)} fichiers.")


BUILDERS: Mapping[str, Callable[[BuildContext], None]] = {
    "communes": _communes,
    "passages": _passages,
    "indicateurs": _indicateurs,
    "initiatives": _initiatives,
    "empreintes": _digests,
}
"""Each part's builder checks its result, then replaces the part whole, or leaves it as it was."""


def build_data(
    data_dir: Path,
    *,
    parts: Sequence[str] = (),
    facts_dir: Path | None = None,
    tell: Tell,
    store: PackageStore | None = None,
) -> None:
    """Rebuild parts of the shipped data.

    Parameters
    ----------
    data_dir : Path
        Folder to fill.
    parts : sequence of str
        Names in :data:`BUILDERS`; all of them by default. Order does not matter.
    facts_dir : Path, optional
        Folder of sourced facts; by default the one beside the checkout.
    tell : callable
        Receives French lines as the work goes on.
    store : PackageStore, optional
        Where packages come from; by default fetched into the user's cache.

    Raises
    ------
    InvalidRequest
        A part does not exist.
    SourceUnavailable, BuildCheckFailed, DataFileError
        A builder stopped; parts built before it are in place, the others as they were.
    """
    unknown = sorted(set(parts) - set(BUILDERS))
    if unknown:
        message = f"Partie inconnue : {', '.join(unknown)}. Les parties sont {', '.join(BUILDERS)}."
        raise InvalidRequest(message)
    context = BuildContext(
        data_dir, facts_dir or default_facts_dir(data_dir), store or default_store(), tell
    )
    for name, build in BUILDERS.items():
        if not parts or name in parts or name == "empreintes":
            build(context)
