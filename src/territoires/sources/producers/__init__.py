"""One small file per official source. Each names itself in a module variable ``SOURCE``.

A file put here is found by :mod:`territoires.sources.registry`; nothing else has to know it. See
``docs/ajouter-une-source.md``.
"""
