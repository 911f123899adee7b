"""What was noticed while reading what a person gave, said below its field."""

from __future__ import annotations

import streamlit as st

from territoires.candidates.wording import plural
from territoires.tables.findings import Finding
from territoires.ui.markup import escape_markdown


def tell_findings(findings: tuple[Finding, ...], most: int = 10) -> None:
    """Say the first findings, with their lines, and how many others there are."""
    for finding in findings[:most]:
        line = "" if finding.line is None else f"ligne {finding.line} : "
        st.caption(f"⚠ {line}{escape_markdown(finding.message)}")
    if len(findings) > most:
        st.caption(f"… et {plural(len(findings) - most, 'autre remarque', 'autres remarques')}.")
