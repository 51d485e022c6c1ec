// Keeps the board as it is at the counters: the public page and the big screen, which hears of calls by events.
import { listen } from "./live.js";

const board = document.getElementById("board");
const words = document.getElementById("words").dataset;
const old = document.getElementById("old");
const counters = JSON.parse(board.dataset.counters ?? "{}"); // by title: what the page shows of a counter
const isWall = "wall" in board.dataset;
// A call stands out on the wall for so long, in milliseconds.
const FRESH = 20_000;
// A counter's name longer than this, in characters, is written smaller on the wall.
const LONG = 14;
const clock = new Intl.DateTimeFormat("cs", { timeZone: board.dataset.zone, hour: "numeric", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat("cs", { timeZone: board.dataset.zone, timeStyle: "medium" });
let ahead = 0; // of the server's clock before this device's, in milliseconds
let known = new Set(JSON.parse(board.dataset.calling).map(key)); // the calls seen so far: first those the page was made with
let last = null; // the last calls as they were told, null before the first state; at midnight they end without any change in the queue

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

function whereIs(call) {
  return counters[call.counter] ?? { key: "", counter: call.counter, way: "" };
}

function rows(calls) {
  return calls.map((call) => {
    const { counter, way } = whereIs(call);
    const row = made("call", { ...call, counter, way, time: clock.format(new Date(call.at)) });
    row.dataset.at = Number(new Date(call.at));
    row.querySelector(".where")?.classList.toggle("long", counter.length > LONG);
    return row;
  });
}

function key(call) {
  return `${call.number} ${call.counter} ${call.at}`;
}

function tell() {
  const now = Date.now() + ahead;
  document.getElementById("at").textContent = (isWall ? clock : seconds).format(now);
  for (const row of document.getElementById("calling").children) row.classList.toggle("fresh", now - row.dataset.at < FRESH);
}

function show(now) {
  const fresh = now.calling.filter((call) => !known.has(key(call)));
  known = new Set(now.calling.map(key));
  ahead = new Date(now.at) - Date.now();
  const before = last;
  last = now.last.map(key).join();
  if (fresh.length || board.dataset.version !== String(now.version) || (before ?? last) !== last) {
    document.getElementById("calling").replaceChildren(...rows(now.calling));
    document.getElementById("nobody").hidden = now.calling.length > 0;
    document.getElementById("last").replaceChildren(...rows(now.last));
  }
  if (isWall) {
    // Nobody is asked to wait for a number where everything is closed.
    const works = now.agendas.some((agenda) => agenda.open || agenda.waiting);
    document.getElementById("wait").textContent = works ? words.yours : words.nothing;
  }
  board.dataset.version = now.version;
  document
    .getElementById("agendas")
    .replaceChildren(...now.agendas.map(figures));
  tell();
  board.dispatchEvent(new CustomEvent("shown"));
  if (!fresh.length) return;
  // Read out by screen readers, one sentence a call.
  document.getElementById("said").textContent = fresh.map((call) => fill(words.called, { ...call, counter: whereIs(call).counter })).join(" ");
  const detail = fresh.map((call) => ({ number: call.number, where: whereIs(call) }));
  board.dispatchEvent(new CustomEvent("called", { detail }));
}

function age(silence) {
  old.hidden = silence === 0;
  old.textContent = silence ? fill(words.old, { seconds: silence }) : "";
  board.classList.toggle("stale", silence > 0);
}

document.getElementById("reload")?.remove();
// The screen's is a clock on the wall; the page's says of when its figures are.
if (isWall) setInterval(() => last !== null && tell(), 1_000);
listen(board.dataset.stream, show, age);
