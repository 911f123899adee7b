"""All that reaches outside: packages, facts; builds what is shipped in ``data/``."""
