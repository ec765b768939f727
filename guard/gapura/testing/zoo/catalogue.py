from gapura.testing.zoo import algorithms, claims, encoding, headers, kinds, presentation, signatures

ZOO = (
    *algorithms.ATTACKS,
    *headers.ATTACKS,
    *signatures.ATTACKS,
    *claims.ATTACKS,
    *encoding.ATTACKS,
    *kinds.ATTACKS,
    *presentation.ATTACKS,
)
"""Every attack. The names are stable, so that one can be run by `pytest -k`."""
