"""Moduli that look fine and are not: each test is cheap, and finds a way in which real products made weak keys."""

from math import gcd, isqrt, prod

SMALLEST_MODULUS = 2048
LARGEST_MODULUS = 8192  # a larger one only buys slow verification for whoever can publish a key
SMALLEST_EXPONENT = 65537
LARGEST_EXPONENT = 2**32
FERMAT_ROUNDS = 100
_ODD_PRIMES = tuple(p for p in range(3, 752) if all(p % d for d in range(2, isqrt(p) + 1)))
_ROCA_PRIMES = _ODD_PRIMES[:38]  # up to 167: these divide the primorial behind every affected key size
_PRIMORIAL = prod(_ODD_PRIMES)


def weakness(modulus: int, exponent: int) -> str | None:
    """Say why an RSA public key must not be used, or None."""
    if modulus.bit_length() < SMALLEST_MODULUS:
        return f"it has fewer than {SMALLEST_MODULUS} bits"
    if modulus.bit_length() > LARGEST_MODULUS:
        return f"it has more than {LARGEST_MODULUS} bits"
    if exponent % 2 == 0 or not SMALLEST_EXPONENT <= exponent < LARGEST_EXPONENT:
        return "its public exponent is even, too small or too large"
    return _weak_primes(modulus)


def _weak_primes(modulus: int) -> str | None:
    if modulus % 2 == 0 or gcd(modulus, _PRIMORIAL) != 1:
        return "its modulus has a small factor"
    if _is_roca(modulus):
        return "it comes from a broken smart card library (ROCA, CVE-2017-15361)"
    if _has_close_primes(modulus):
        return "its two primes are too close to each other (CVE-2022-26320)"
    return None


def _powers_of_65537(prime: int) -> frozenset[int]:
    return frozenset(pow(65537, power, prime) for power in range(prime))


_ROCA_RESIDUES = tuple((prime, _powers_of_65537(prime)) for prime in _ROCA_PRIMES)


def _is_roca(modulus: int) -> bool:
    return all(modulus % prime in residues for prime, residues in _ROCA_RESIDUES)


def _has_close_primes(modulus: int) -> bool:
    middle = isqrt(modulus) + (isqrt(modulus) ** 2 != modulus)
    for candidate in range(middle, middle + FERMAT_ROUNDS):
        rest = candidate * candidate - modulus
        if isqrt(rest) ** 2 == rest:
            return True
    return False
