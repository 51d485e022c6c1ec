// A place that waits for its phone: counts down, and shows what became of it. Without scripts the page has a link.
const EVERY = 3_000;
const page = document.getElementById("waiting");
const left = document.getElementById("left");
const loadedAt = performance.now();
const seconds = Number(page.dataset.left);
const wasSent = left !== null;
// Spoken by a screen reader once a minute, not once a second.
let minutes = -1;

function countDown() {
  if (!left) return;
  const now = Math.max(0, Math.ceil((seconds - (performance.now() - loadedAt) / 1_000) / 60));
  if (now === minutes) return;
  minutes = now;
  const unit = new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit",
    unit: "minute",
    unitDisplay: "long",
  });
  left.textContent = page.dataset.words.replace("{minutes}", unit.format(now));
}

function isTyping() {
  const field = document.querySelector("input[name=code]");
  return Boolean(field && field.value);
}

async function ask() {
  try {
    const answer = await fetch(page.dataset.state);
    if (!answer.ok) return; // the office cannot say now; what is typed here must not give way to an error's page
    const place = await answer.json();
    // A page somebody types the code into is left alone until the place is decided.
    if (place.state !== "held" || (place.sent !== wasSent && !isTyping())) location.replace(page.dataset.again);
  } catch {
    // Asked again in a while.
  }
}

countDown();
setInterval(countDown, 1_000);
setInterval(ask, EVERY);
