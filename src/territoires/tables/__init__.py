"""Tables that people type: read, checked, written."""
