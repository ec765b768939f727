// Shows the interface description and hands the token of a login to it. The token lives in this page's memory only.
"use strict";

const ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#interface",
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});

const form = document.getElementById("login");
const state = document.getElementById("state");

async function logIn(username, password) {
  const answer = await fetch(form.dataset.address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.msg);
  return result.access_token;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { username, password } = form.elements;
  try {
    ui.preauthorizeApiKey("bearer", await logIn(username.value, password.value));
    state.textContent = `Logged in as ${username.value}.`;
    password.value = "";
  } catch (error) {
    state.textContent = error.message === "Failed to fetch" ? `No answer from ${form.dataset.address}.` : error.message;
  }
});
