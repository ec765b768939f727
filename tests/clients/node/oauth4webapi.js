// oauth4webapi, in which every step is the caller's: a public client with pushed requests, DPoP with nonces,
// refresh, revocation, and a program that acts for itself with private_key_jwt.
import * as oauth from "oauth4webapi";
import { report, settings, visit } from "./person.js";

const plain = { [oauth.allowInsecureRequests]: true }; // a provider on this machine, without TLS
const issuer = new URL(settings.issuer);

async function discover(algorithm) {
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...plain, algorithm }));
}

// Makes a request again with the nonce that the provider asked for; tells how often that was.
let nonces = 0;
async function withNonce(request, process) {
  try {
    return await process(await request());
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    nonces += 1;
    return process(await request());
  }
}

const server = await discover("oidc");
const asOauth2 = await discover("oauth2");
const client = { client_id: settings.client_id };
const options = { ...plain, DPoP: oauth.DPoP(client, await oauth.generateKeyPair("ES256")) };

const verifier = oauth.generateRandomCodeVerifier();
const nonce = oauth.generateRandomNonce();
const state = oauth.generateRandomState();
const request = new URLSearchParams({
  client_id: client.client_id,
  response_type: "code",
  redirect_uri: settings.callback,
  scope: settings.scope,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  nonce,
  state,
});
const pushed = await withNonce(
  () => oauth.pushedAuthorizationRequest(server, client, oauth.None(), request, options),
  (response) => oauth.processPushedAuthorizationResponse(server, client, response),
);
const address = new URL(server.authorization_endpoint);
address.searchParams.set("client_id", client.client_id);
address.searchParams.set("request_uri", pushed.request_uri);

const callback = oauth.validateAuthResponse(server, client, await visit(address, settings.callback), state);
const first = await withNonce(
  () =>
    oauth.authorizationCodeGrantRequest(server, client, oauth.None(), callback, settings.callback, verifier, options),
  async (response) => {
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(server, response, plain);
    return tokens;
  },
);
const { sub } = oauth.getValidatedIdTokenClaims(first);
const second = await withNonce(
  () => oauth.refreshTokenGrantRequest(server, client, oauth.None(), first.refresh_token, options),
  (response) => oauth.processRefreshTokenResponse(server, client, response),
);
const person = await withNonce(
  () => oauth.userInfoRequest(server, client, second.access_token, options),
  (response) => oauth.processUserInfoResponse(server, client, sub, response),
);
await oauth.processRevocationResponse(
  await oauth.revocationRequest(server, client, oauth.None(), second.refresh_token, plain),
);
const refused = await withNonce(
  () => oauth.refreshTokenGrantRequest(server, client, oauth.None(), second.refresh_token, options),
  (response) => oauth.processRefreshTokenResponse(server, client, response),
).catch((error) => error.error);

const machine = { client_id: settings.machine_id };
const curve = { name: "ECDSA", namedCurve: "P-256" };
const key = await crypto.subtle.importKey("jwk", settings.key, curve, false, ["sign"]);
const own = await oauth.processClientCredentialsResponse(
  server,
  machine,
  await oauth.clientCredentialsGrantRequest(server, machine, oauth.PrivateKeyJwt(key), { scope: "products:read" }, plain),
);

report({
  same_metadata: JSON.stringify(server) === JSON.stringify(asOauth2),
  nonces,
  token_type: first.token_type,
  person,
  refused,
  machine: [own.token_type, own.scope],
});
