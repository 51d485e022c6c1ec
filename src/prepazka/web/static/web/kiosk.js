// Digits without loading the page anew, one touch at a time, and back to the beginning when nobody touches anything.
// Before every step the office is asked whether it answers: else the browser's own page of errors would stay in the hall.
const main = document.getElementById("content");
const typed = document.getElementById("typed");
const print = document.getElementById("print");

document.getElementById("code")?.addEventListener("click", (event) => {
  const key = event.target.closest(".keys button");
  if (!key) return;
  event.preventDefault();
  typed.value = key.name === "back" ? typed.value.slice(0, -1) : (typed.value + key.value).slice(0, typed.maxLength);
});

const lost = document.getElementById("lost");
const PATIENCE = 4_000;
const ASK_EVERY = 5_000; // milliseconds, while it is lost

async function answers() {
  try {
    const asked = { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
    lost.hidden = (await fetch(main.dataset.ask, asked)).ok;
  } catch {
    lost.hidden = false;
  }
  return lost.hidden;
}

// A second touch while the first is on its way does nothing; were it sent, it would give the same ticket.
let sent = false;
let sure = null; // the form for which the office has just answered

async function step(event, go) {
  event.preventDefault();
  if (sent) return;
  sent = true;
  if (await answers()) go();
  else sent = false;
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const asked = form === sure;
  sure = null;
  if (asked) return;
  step(event, () => {
    sure = form;
    form.requestSubmit(submitter);
  });
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link) step(event, () => location.assign(link.href));
});
window.addEventListener("pageshow", () => (sent = false));
setInterval(() => lost.hidden || answers(), ASK_EVERY);

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => {
    window.print();
    document.getElementById("pressed").hidden = false; // no browser says whether paper came out
  });
}

let touched = Date.now();
for (const kind of ["pointerdown", "keydown", "focusin"]) document.addEventListener(kind, () => (touched = Date.now()));
setInterval(async () => {
  if (Date.now() - touched < main.dataset.idle * 1000) return;
  touched = Date.now();
  if (await answers()) location.assign(main.dataset.home);
}, 1_000);
