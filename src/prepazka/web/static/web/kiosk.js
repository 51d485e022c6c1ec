// Digits without loading the page anew, one touch at a time, and back to the beginning when nobody touches anything.
const main = document.getElementById("content");
const typed = document.getElementById("typed");
const print = document.getElementById("print");

document.getElementById("code")?.addEventListener("click", (event) => {
  const key = event.target.closest(".keys button");
  if (!key) return;
  event.preventDefault();
  typed.value = key.name === "back" ? typed.value.slice(0, -1) : (typed.value + key.value).slice(0, typed.maxLength);
});

// A second touch while the first is on its way does nothing; were it sent, it would give the same ticket.
let sent = false;
document.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});
window.addEventListener("pageshow", () => (sent = false));

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

let touched = Date.now();
for (const kind of ["pointerdown", "keydown", "focusin"]) document.addEventListener(kind, () => (touched = Date.now()));
setInterval(() => {
  if (Date.now() - touched < main.dataset.idle * 1000) return;
  touched = Date.now();
  location.assign(main.dataset.home);
}, 1_000);
