// openid-client on a device without a browser.
import * as client from "openid-client";
import { report, settings, show } from "./person.js";

const config = await client.discovery(
  new URL(settings.issuer),
  settings.client_id,
  { token_endpoint_auth_method: "none" },
  client.None(),
  { execute: [client.allowInsecureRequests] },
);

const device = await client.initiateDeviceAuthorization(config, { scope: settings.scope });
await show(device.verification_uri_complete);
const tokens = await client.pollDeviceAuthorizationGrant(config, { ...device, interval: 0 });
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);

report({
  user_code: device.user_code,
  person: await client.fetchUserInfo(config, refreshed.access_token, tokens.claims().sub),
});
