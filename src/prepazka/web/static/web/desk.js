// Shows what other clerks and the kiosk do, within a second; says so where it cannot; sounds when somebody arrives.
import { listen } from "./live.js";

const desk = document.getElementById("desk");
const old = document.getElementById("old");
const failing = document.getElementById("failing");
const frozen = document.getElementById("frozen");
const news = document.getElementById("news");
const sound = document.getElementById("sound");
const RETRY = 3_000;
const NEWS = 30_000;
let wanted = 0; // the newest version heard of
let asking = false;

const pause = (milliseconds) => new Promise((over) => setTimeout(over, milliseconds));
const waiting = () => [...document.querySelectorAll("[data-ticket]")].map((line) => line.dataset.ticket);
const ours = () => Number(document.getElementById("live-queue")?.dataset.ours ?? 0);

// A part in which somebody is choosing stays as it is; the page says so until the choice is made.
function replace(page) {
  let kept = false;
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = page.getElementById(part.id);
    if (!next) return location.reload(); // another counter, or none any more
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    if (focused?.tagName === "SELECT") {
      kept = part.outerHTML !== next.outerHTML;
      continue;
    }
    part.replaceWith(next);
    if (focused?.id) document.getElementById(focused.id)?.focus();
  }
  frozen.hidden = !kept;
  return kept;
}

function tell(before, count) {
  const come = waiting().filter((ticket) => !before.includes(ticket));
  if (!come.length || ours() <= count) return;
  news.textContent = `${news.dataset.words} ${come.join(", ")}`;
  setTimeout(() => (news.textContent = ""), NEWS);
  if (sound.getAttribute("aria-pressed") === "true") new Audio(sound.dataset.src).play().catch(() => {});
}

// The page says the version it was made at, so a state that came meanwhile is never missed.
async function renew(version) {
  wanted = Math.max(wanted, version);
  if (asking || Number(desk.dataset.version) >= wanted) return;
  asking = true;
  const asked = wanted;
  let done = false;
  try {
    const answer = await fetch("?live", { headers: { Accept: "text/html" } });
    if (answer.status < 500) {
      if (answer.redirected || !answer.ok) return location.reload(); // signed out, or no longer in the office
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      while (desk.matches(":active")) await pause(50); // a button is held: taken away, its press would be lost
      const before = waiting();
      const count = ours();
      if (!replace(page)) desk.dataset.version = page.getElementById("desk").dataset.version;
      document.title = page.title;
      tell(before, count);
      done = true;
    }
  } catch {
    done = false; // the server is away
  } finally {
    asking = false;
  }
  failing.hidden = done;
  if (!done) setTimeout(() => renew(wanted), RETRY);
  else if (wanted > asked) await renew(wanted); // what came meanwhile
}

document.addEventListener("focusout", () => {
  if (!frozen.hidden) setTimeout(() => renew(wanted), 0);
});

listen(
  desk.dataset.stream,
  (board) => renew(board.version),
  (seconds) => {
    old.hidden = seconds === 0;
    old.textContent = seconds ? old.dataset.words.replace("{seconds}", seconds) : "";
  },
);

// How long the client has been called or served, by the server's clock.
const tick = () => {
  const clock = document.querySelector(".clock");
  if (!clock) return;
  clock.dataset.seen ??= Date.now();
  const before = Date.parse(clock.dataset.now) - Date.parse(clock.dataset.since);
  const seconds = Math.max(0, Math.round((before + Date.now() - Number(clock.dataset.seen)) / 1000));
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const hours = seconds < 3600 ? "" : `${Math.floor(seconds / 3600)}:`;
  clock.textContent = `${hours}${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
};
tick();
setInterval(tick, 1_000);

sound.hidden = false;
sound.setAttribute("aria-pressed", localStorage.getItem("sound") === "yes");
sound.addEventListener("click", () => {
  const on = sound.getAttribute("aria-pressed") !== "true";
  sound.setAttribute("aria-pressed", on);
  localStorage.setItem("sound", on ? "yes" : "no");
});
