// The tablet above a counter: whom it calls or serves now.
import { stayAlive } from "./alive.js";
import { listen } from "./live.js";

// A call stands on yellow for so long, in milliseconds.
const FRESH = 20_000;
const board = document.getElementById("board");
const words = document.getElementById("words").dataset;
const old = document.getElementById("old");
const clock = new Intl.DateTimeFormat("cs", { timeZone: board.dataset.zone, hour: "numeric", minute: "2-digit" });
const say = { free: words.free, paused: words.paused, closed: words.shut, called: words.calling, serving: words.serving };
let ahead = 0;
let calledAt = 0;

function tick() {
  document.getElementById("at").textContent = clock.format(Date.now() + ahead);
  document.getElementById("number").classList.toggle("fresh", Date.now() + ahead - calledAt < FRESH);
}

function show(now) {
  ahead = new Date(now.at) - Date.now();
  const mine = now.counters.find((counter) => counter.key === board.dataset.counter);
  if (!mine) return location.reload(); // the counter is gone
  const number = document.getElementById("number");
  if (number.textContent !== (mine.number ?? "")) number.textContent = mine.number ?? "";
  document.getElementById("state").textContent = say[mine.state];
  board.dataset.state = mine.state;
  const call = mine.state === "called" && now.calling.find((one) => one.number === mine.number);
  calledAt = call ? Number(new Date(call.at)) : 0;
  tick();
}

setInterval(tick, 1_000);
listen(board.dataset.stream, show, (silence) => {
  old.hidden = silence === 0;
  old.textContent = silence ? words.old.replace("{seconds}", silence) : "";
  board.classList.toggle("stale", silence > 0);
});
stayAlive(() => "");
