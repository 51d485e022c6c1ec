// The work a browser does so that a form need not be confirmed by hand: ALTCHA's widget, then the form is sent.
import "./altcha/altcha.min.js";

const place = document.getElementById("proof");
const form = place.closest("form");

globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(new URL("altcha/pbkdf2.js", import.meta.url)));

const widget = document.createElement("altcha-widget");
widget.setAttribute("challenge", place.dataset.challenge);
widget.setAttribute("display", "invisible");
widget.setAttribute("auto", "onload");
widget.setAttribute("language", document.documentElement.lang);
widget.addEventListener("statechange", (event) => {
  const done = event.detail.state === "verified";
  const failed = event.detail.state === "error";
  document.getElementById("by-hand").hidden = !failed;
  document.getElementById("by-browser").hidden = failed;
  // The widget has put the proof into the form.
  if (done) setTimeout(() => form.requestSubmit(), 0);
});
place.append(widget);
