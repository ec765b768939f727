// Fastify with jose: a hook verifies the token of every request; the answer's schema makes Fastify compile its serializer.
import Fastify from "fastify";
import { jwtVerify } from "jose";
import { algorithm, answer, bearer, key, port, rules } from "./answer.js";

const text = { type: "string" };
const integer = { type: "integer" };
const product = {
  type: "object",
  properties: { category: text, currency: text, id: integer, name: text, price: integer, sku: text, stock: integer },
};
const schema = {
  response: { 200: { type: "object", properties: { msg: text, products: { type: "array", items: product } } } },
};

const app = Fastify({ logger: false });
app.decorateRequest("claims", null);

const requireToken = async (request, reply) => {
  try {
    request.claims = (await jwtVerify(bearer(request.headers.authorization), key, rules)).payload;
  } catch {
    return reply.code(401).header("WWW-Authenticate", "Bearer").send({ msg: `A good ${algorithm} token is needed.` });
  }
};

app.get("/products", { schema, onRequest: requireToken }, async (request) => answer(request.claims.sub));

await app.listen({ port, host: "127.0.0.1" });
