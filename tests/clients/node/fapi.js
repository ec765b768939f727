// openid-client after the FAPI 2.0 Security Profile: pushed requests, private_key_jwt, tokens bound to a key by DPoP.
import * as client from "openid-client";
import { report, settings, visit } from "./person.js";

const signature = {
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  PS256: { name: "RSA-PSS", hash: "SHA-256" },
}[settings.algorithm];
const key = await crypto.subtle.importKey("jwk", settings.key, signature, false, ["sign"]);

const config = await client.discovery(
  new URL(settings.issuer),
  settings.client_id,
  { use_mtls_endpoint_aliases: false, id_token_signed_response_alg: "ES256" },
  client.PrivateKeyJwt({ key, kid: settings.key.kid }),
  { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
);
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair(settings.algorithm));

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const expectedNonce = client.randomNonce();
const address = await client.buildAuthorizationUrlWithPAR(
  config,
  {
    redirect_uri: settings.callback,
    scope: settings.scope,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    nonce: expectedNonce,
    dpop_jkt: await DPoP.calculateThumbprint(),
  },
  { DPoP },
);
const callback = await visit(address, settings.callback);
const first = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedNonce }, undefined, {
  DPoP,
});
const { sub } = first.claims();
const second = await client.refreshTokenGrant(config, first.refresh_token, undefined, { DPoP });
const third = await client.refreshTokenGrant(config, second.refresh_token, undefined, { DPoP });

const stranger = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));
const refusals = await Promise.allSettled([
  client.fetchUserInfo(config, third.access_token, sub),
  client.fetchUserInfo(config, third.access_token, sub, { DPoP: stranger }),
]);

const greeting = await client.fetchProtectedResource(
  config,
  third.access_token,
  new URL(settings.resource),
  "GET",
  undefined,
  undefined,
  { DPoP },
);

report({
  parameters: [...address.searchParams.keys()],
  token_type: third.token_type,
  person: await client.fetchUserInfo(config, third.access_token, sub, { DPoP }),
  refusals: refusals.map(({ status }) => status),
  resource: greeting.status,
  bound: (await client.tokenIntrospection(config, third.access_token)).cnf.jkt === (await DPoP.calculateThumbprint()),
});
