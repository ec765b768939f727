// openid-client, the client of most Node.js servers: login, refresh, introspection, revocation, logout.
import * as client from "openid-client";
import { report, settings, visit } from "./person.js";

const proof = { client_secret_basic: client.ClientSecretBasic, client_secret_post: client.ClientSecretPost }[settings.auth];
const config = await client.discovery(
  new URL(settings.issuer),
  settings.client_id,
  undefined,
  proof(settings.client_secret),
  { execute: [client.allowInsecureRequests] }, // a provider on this machine, without TLS
);

const checks = {
  pkceCodeVerifier: client.randomPKCECodeVerifier(),
  expectedState: client.randomState(),
  expectedNonce: client.randomNonce(),
  maxAge: 3600, // an auth_time is then expected
  idTokenExpected: true,
};
const request = {
  redirect_uri: settings.callback,
  scope: settings.scope,
  code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
  code_challenge_method: "S256",
  state: checks.expectedState,
  nonce: checks.expectedNonce,
  max_age: String(checks.maxAge),
};
const address = settings.pushed
  ? await client.buildAuthorizationUrlWithPAR(config, request)
  : client.buildAuthorizationUrl(config, request);
const callback = await visit(address, settings.callback);
const first = await client.authorizationCodeGrant(config, callback, checks);
const { sub } = first.claims();

const person = await client.fetchUserInfo(config, first.access_token, sub);
const second = await client.refreshTokenGrant(config, first.refresh_token);
const third = await client.refreshTokenGrant(config, second.refresh_token);
const before = await client.tokenIntrospection(config, third.access_token);
await client.tokenRevocation(config, third.refresh_token);
const after = await client.tokenIntrospection(config, third.access_token);

const state = client.randomState();
const goodbye = await visit(
  client.buildEndSessionUrl(config, {
    id_token_hint: third.id_token ?? first.id_token,
    post_logout_redirect_uri: settings.goodbye,
    state,
  }),
  settings.goodbye,
);

report({
  person,
  parameters: [...address.searchParams.keys()],
  tokens: [first, second, third].map((token) => token.access_token),
  active: [before.active, after.active],
  said_goodbye: goodbye.searchParams.get("state") === state,
});
