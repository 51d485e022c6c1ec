// Passkeys: a form asks the browser for a key, puts the answer into its field, and is sent.
"use strict";

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const withBytes = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

function readOptions() {
  const options = JSON.parse(document.getElementById("passkey-options").textContent).publicKey;
  options.challenge = toBytes(options.challenge);
  if (options.user) options.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.excludeCredentials) options.excludeCredentials = withBytes(options.excludeCredentials);
  if (options.allowCredentials) options.allowCredentials = withBytes(options.allowCredentials);
  return { publicKey: options };
}

function describe(key) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[name]) response[name] = toText(key.response[name]);
  }
  return {
    id: key.id,
    rawId: toText(key.rawId),
    type: key.type,
    authenticatorAttachment: key.authenticatorAttachment,
    clientExtensionResults: key.getClientExtensionResults(),
    response,
  };
}

async function ask(form) {
  const failed = form.querySelector("[data-failed]");
  failed.hidden = true;
  try {
    const key = await navigator.credentials[form.dataset.passkey](readOptions());
    form.querySelector("[name=credential]").value = JSON.stringify(describe(key));
    form.submit();
  } catch {
    failed.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
}
