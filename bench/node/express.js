// Express with jose: a middleware verifies the token of every request.
import express from "express";
import { jwtVerify } from "jose";
import { algorithm, answer, bearer, key, port, rules } from "./answer.js";

const app = express();
app.disable("x-powered-by");
app.disable("etag"); // a checksum of every answer, which no other peer computes

const requireToken = async (request, response, next) => {
  try {
    request.claims = (await jwtVerify(bearer(request.headers.authorization), key, rules)).payload;
  } catch {
    response.status(401).set("WWW-Authenticate", "Bearer").json({ msg: `A good ${algorithm} token is needed.` });
    return;
  }
  next();
};

app.get("/products", requireToken, (request, response) => {
  response.json(answer(request.claims.sub));
});

app.listen(port, "127.0.0.1");
