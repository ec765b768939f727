// The answer that every peer gives, and whom it believes: see bench/peers/answer.py and bench/peers/trust.py.
import { readFileSync } from "node:fs";
import { importJWK } from "jose";

const products = JSON.parse(readFileSync(new URL("../products.json", import.meta.url), "utf8"));

export const answer = (username) => ({ msg: `Daftar produk berhasil diambil oleh user: ${username}`, products });

const trust = JSON.parse(process.env.BENCH_TRUST);

export const algorithm = process.env.BENCH_ALGORITHM;

export const rules = { issuer: trust.issuer, audience: trust.audience, algorithms: [algorithm] };

/** The key is imported once, which is jose's fastest form. */
export const key =
  algorithm === "HS256" ? new TextEncoder().encode(trust.secret) : await importJWK(trust.public_jwk, algorithm);

/** The token of an Authorization header, or an empty text. */
export const bearer = (header = "") => (header.startsWith("Bearer ") ? header.slice("Bearer ".length) : "");

export const port = Number(process.env.PORT);
