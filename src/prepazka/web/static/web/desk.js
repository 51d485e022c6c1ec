// Shows what other clerks and the kiosk do, within a second; offers keyboard shortcuts to those who want them.
import { listen } from "./live.js";

const old = document.getElementById("old");
const keys = document.getElementById("keys");
let wanted = 0; // the newest version heard of
let asking = false;

const pause = (milliseconds) => new Promise((over) => setTimeout(over, milliseconds));
const part = () => document.getElementById("live");

// The page says the version it was made at, so a state that came meanwhile is never missed.
async function renew(version) {
  wanted = Math.max(wanted, version);
  if (asking || Number(part().dataset.version) >= wanted) return;
  asking = true;
  const asked = wanted;
  try {
    const answer = await fetch("?live", { headers: { Accept: "text/html" } });
    if (answer.status >= 500) return; // the next state comes when the server is well again
    if (answer.redirected || !answer.ok) return location.reload(); // signed out, or no longer in the office
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const open = part().contains(document.activeElement) ? document.activeElement : null;
    if (open?.tagName === "SELECT") return; // somebody is choosing; the next state comes soon
    while (part().matches(":active")) await pause(50); // a button is held: taken away, its press would be lost
    part().replaceWith(page.getElementById("live"));
    document.querySelector("h1").textContent = page.querySelector("h1").textContent;
    if (open?.id) document.getElementById(open.id)?.focus();
  } catch {
    return; // the server is away; the line to it says so, and the next state comes when it is back
  } finally {
    asking = false;
  }
  if (wanted > asked) await renew(wanted); // what came meanwhile
}

listen(
  part().dataset.stream,
  (board) => renew(board.version),
  (seconds) => {
    old.hidden = seconds === 0;
    old.textContent = seconds ? old.dataset.words.replace("{seconds}", seconds) : "";
  },
);

if (keys) {
  keys.checked = localStorage.getItem("keys") === "yes";
  keys.addEventListener("change", () => localStorage.setItem("keys", keys.checked ? "yes" : "no"));
  document.addEventListener("keydown", (event) => {
    if (!keys.checked || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
    const button = part().querySelector(`[data-key="${event.key.toLowerCase()}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
