// Keeps the board as it is at the counters: the public page and the big screen, which also sounds a gong.
import { listen } from "./live.js";

const board = document.getElementById("board");
const words = document.getElementById("words").dataset;
const old = document.getElementById("old");
const sound = document.getElementById("sound");
const clock = new Intl.DateTimeFormat("cs", { timeZone: board.dataset.zone, hour: "numeric", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat("cs", { timeZone: board.dataset.zone, timeStyle: "medium" });
const gong = board.dataset.gong ? new Audio(board.dataset.gong) : null;
let ahead = 0; // of the server's clock before this device's, in milliseconds
let known = null; // the calls seen so far; null before the first state, which is no news

function fill(pattern, values) {
  return pattern.replace(/{(\w+)}/g, (_, name) => values[name]);
}

function made(template, values) {
  const element = document.getElementById(template).content.firstElementChild.cloneNode(true);
  for (const slot of element.querySelectorAll("[data-of]")) slot.textContent = values[slot.dataset.of];
  return element;
}

function waitOf(agenda) {
  const wait = agenda.wait_minutes;
  if (!wait) return agenda.open ? words.unstaffed : words.closed;
  if (!wait.high && !agenda.waiting) return words.now;
  return wait.low ? fill(words.wait, wait) : fill(words.soon, { high: wait.high || 1 });
}

function figures(agenda) {
  const element = made("agenda", { ...agenda, wait: waitOf(agenda) });
  element.dataset.agenda = agenda.key;
  return element;
}

function rows(calls, fresh = new Set()) {
  return calls.map((call) => {
    const row = made("call", { ...call, time: clock.format(new Date(call.at)) });
    row.classList.toggle("fresh", fresh.has(key(call)));
    return row;
  });
}

function key(call) {
  return `${call.number} ${call.counter} ${call.at}`;
}

function tell() {
  document.getElementById("at").textContent = seconds.format(Date.now() + ahead);
}

function show(now) {
  const fresh = known ? now.calling.filter((call) => !known.has(key(call))) : [];
  known = new Set(now.calling.map(key));
  ahead = new Date(now.at) - Date.now();
  tell();
  if (fresh.length || board.dataset.version !== String(now.version)) {
    document.getElementById("calling").replaceChildren(...rows(now.calling, new Set(fresh.map(key))));
    document.getElementById("nobody").hidden = now.calling.length > 0;
    document.getElementById("last").replaceChildren(...rows(now.last));
  }
  board.dataset.version = now.version;
  document
    .getElementById("agendas")
    .replaceChildren(...now.agendas.map(figures));
  if (!fresh.length) return;
  // Read out by screen readers, one sentence a call.
  document.getElementById("said").textContent = fresh.map((call) => fill(words.called, call)).join(" ");
  if (gong && sound.hidden) gong.play().catch(() => (sound.hidden = false));
}

function age(silence) {
  old.hidden = silence === 0;
  old.textContent = silence ? fill(words.old, { seconds: silence }) : "";
  board.classList.toggle("stale", silence > 0);
}

if (sound) {
  // Browsers play nothing before somebody has touched the page.
  sound.hidden = false;
  sound.addEventListener("click", () => gong.play().then(() => (sound.hidden = true)));
}
document.getElementById("reload")?.remove();
// The screen's is a clock on the wall; the page's says of when its figures are.
if (board.dataset.gong) setInterval(() => known && tell(), 1_000);
listen(board.dataset.stream, show, age);
