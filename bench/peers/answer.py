"""The answer that every peer gives: made anew for each request, with the same bytes at the end."""

import json
from pathlib import Path
from typing import Any

PRODUCTS: list[Any] = json.loads((Path(__file__).parents[1] / "products.json").read_text("utf-8"))


def answer(username: str) -> dict[str, Any]:
    """Return the body of `GET /products`; members are in alphabetical order, as Flask's own `jsonify` writes them."""
    return {"msg": f"Daftar produk berhasil diambil oleh user: {username}", "products": PRODUCTS}


def answer_bytes(username: str) -> bytes:
    """Return the same as it stands on the wire."""
    return json.dumps(answer(username), separators=(",", ":")).encode()
