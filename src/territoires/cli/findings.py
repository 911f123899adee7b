"""What a check noticed, told on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

import click

from territoires.tables.findings import Finding

_SHOWN = 10
_VALUE_SHOWN = 80


def describe(finding: Finding) -> str:
    """Write a finding on one line: level, line, field, value, message."""
    line = "fichier" if finding.line is None else f"ligne {finding.line}"
    field = f", {finding.field}" if finding.field else ""
    value = f" « {finding.value[:_VALUE_SHOWN]} »" if finding.value else ""
    value = "" if value.strip() in finding.message else value  # the message quotes it already
    return f"{finding.level} ({line}{field}){value} : {finding.message}"


def tell_first(findings: Sequence[Finding]) -> None:
    """Tell the first findings on the error output, and how many others there are."""
    for finding in findings[:_SHOWN]:
        click.echo(describe(finding), err=True)
    others = len(findings) - _SHOWN
    if others > 0:
        click.echo(f"… et {others} autre{'s' if others > 1 else ''}.", err=True)
