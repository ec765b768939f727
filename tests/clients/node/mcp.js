// An MCP client that knows nothing but the address of the server and its own name (MCP specification, Authorization).
import * as oauth from "oauth4webapi";
import { report, settings, visit } from "./person.js";

const plain = { [oauth.allowInsecureRequests]: true }; // services on this machine, without TLS
const resource = new URL(settings.resource);

async function call(method, token) {
  return fetch(resource, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { name: "who_am_i" } }),
  });
}

const refusal = await call("initialize");
const [, advertised] = /resource_metadata="([^"]+)"/.exec(refusal.headers.get("WWW-Authenticate"));
const discovered = await oauth.resourceDiscoveryRequest(resource, plain);
const about = await oauth.processResourceDiscoveryResponse(resource, discovered);

const issuer = new URL(about.authorization_servers[0]);
const server = await oauth.processDiscoveryResponse(
  issuer,
  await oauth.discoveryRequest(issuer, { ...plain, algorithm: "oauth2" }),
);
const client = { client_id: settings.client_id };
const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const address = new URL(server.authorization_endpoint);
address.search = new URLSearchParams({
  client_id: client.client_id,
  response_type: "code",
  redirect_uri: settings.callback,
  scope: "profile offline_access",
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  resource,
});
const callback = oauth.validateAuthResponse(server, client, await visit(address, settings.callback), state);
const options = { ...plain, additionalParameters: { resource: resource.href } };
const tokens = await oauth.processAuthorizationCodeResponse(
  server,
  client,
  await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    callback,
    settings.callback,
    verifier,
    options,
  ),
);
const refreshed = await oauth.processRefreshTokenResponse(
  server,
  client,
  await oauth.refreshTokenGrantRequest(server, client, oauth.None(), tokens.refresh_token, options),
);

const answer = await (await call("tools/call", refreshed.access_token)).json();
const elsewhere = await fetch(settings.other, { headers: { Authorization: `Bearer ${refreshed.access_token}` } });

report({
  refusal: refusal.status,
  advertised: advertised === discovered.url,
  name: answer.result.content[0].text,
  elsewhere: elsewhere.status,
});
