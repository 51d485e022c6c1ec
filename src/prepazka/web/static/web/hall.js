// Keeps the manager's board as the hall is: renewed by every state the stream tells, so at least every 10 seconds.
import { listen } from "./live.js";

const old = document.getElementById("old");
const part = () => document.getElementById("live");
let asking = false;

async function renew() {
  if (asking || part().matches(":active")) return; // a button is held: taken away, its press would be lost
  asking = true;
  try {
    const answer = await fetch("?live", { headers: { Accept: "text/html" } });
    if (answer.status >= 500) return; // the next state comes when the server is well again
    if (answer.redirected || !answer.ok) return location.reload(); // signed out, or no longer in the office
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const focused = part().contains(document.activeElement) ? document.activeElement.id : "";
    if (part().matches(":active")) return;
    part().replaceWith(page.getElementById("live"));
    if (focused) document.getElementById(focused)?.focus();
  } catch {
    // The server is away; the line to it says so.
  } finally {
    asking = false;
  }
}

listen(part().dataset.stream, renew, (seconds) => {
  old.hidden = seconds === 0;
  old.textContent = seconds ? old.dataset.words.replace("{seconds}", seconds) : "";
});
