// A person in a real browser, at an application that is served from here.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { report, settings } from "./person.js";

const files = {
  "/": ["text/html", settings.page],
  "/app.js": ["text/javascript", settings.script],
  "/oidc-client-ts.min.js": ["text/javascript", await readFile(library("oidc-client-ts.min.js"))],
};

function library(name) {
  return fileURLToPath(new URL(`node_modules/oidc-client-ts/dist/browser/${name}`, import.meta.url));
}

const server = createServer((request, response) => {
  const [type, content] = files[new URL(request.url, settings.address).pathname] ?? ["text/plain", ""];
  response.writeHead(content ? 200 : 204, { "Content-Type": `${type}; charset=utf-8` }).end(content);
});
await new Promise((ready) => server.listen(new URL(settings.address).port, "127.0.0.1", ready));

const browser = await chromium.launch({
  executablePath: settings.browser,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const page = await browser.newPage({ locale: "en-US" });
const complaints = [];
page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));

const shown = (text) => page.locator("#who", { hasText: text }).waitFor();
const token = () => page.evaluate("manager.getUser().then((user) => user.access_token)");

async function signIn() {
  await page.click("#sign-in");
  await page.fill("#username", "user1");
  await page.fill("#password", settings.password);
  await page.click("button.primary");
}

await page.goto(settings.address);
await shown("Nobody");
await signIn();
await shown("Hello, user1!");
const tokens = [await token()];
const address = page.url();

// with the refresh token, as the button does it
await page.evaluate("manager.signinSilent()");
tokens.push(await token());

// in a hidden frame, as where there is no refresh token
await page.evaluate("manager.removeUser().then(() => manager.signinSilent())");
tokens.push(await token());

// at the next visit the provider remembers
await page.evaluate("manager.removeUser()");
await page.click("#sign-in");
await shown("Hello, user1!");
tokens.push(await token());

await page.click("#sign-out");
await shown("Nobody");

// the provider has forgotten: silence is refused, and the password asked for again
const silence = await page.evaluate("manager.signinSilent().catch((error) => error.error)");
await signIn();
await shown("Hello, user1!");

await browser.close();
report({ tokens, address, silence, complaints });
