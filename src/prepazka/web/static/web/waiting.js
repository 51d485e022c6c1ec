// A place that waits for its phone: counts down, and shows what became of it. Without scripts the page has a link.
const EVERY = 3_000;
let page = document.getElementById("waiting");
let loadedAt = performance.now();
// Spoken by a screen reader once a minute, not once a second.
let minutes = -1;

const left = () => document.getElementById("left");

function countDown() {
  if (!left()) return;
  const seconds = Number(page.dataset.left);
  const now = Math.max(0, Math.ceil((seconds - (performance.now() - loadedAt) / 1_000) / 60));
  if (now === minutes) return;
  minutes = now;
  const unit = new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit",
    unit: "minute",
    unitDisplay: "long",
  });
  left().textContent = page.dataset.words.replace("{minutes}", unit.format(now));
}

// The notice alone is made anew while the place is held: a page loaded meanwhile would take away what is just being typed.
async function renew() {
  const answer = await fetch(page.dataset.again);
  if (!answer.ok) return; // asked again in a while
  const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("waiting");
  if (!next) return location.replace(page.dataset.again); // decided meanwhile
  page.replaceWith(next);
  page = next;
  loadedAt = performance.now();
  minutes = -1;
  countDown();
}

async function ask() {
  try {
    const answer = await fetch(page.dataset.state);
    if (!answer.ok) return; // the office cannot say now; what is typed here must not give way to an error's page
    const place = await answer.json();
    if (place.state !== "held") location.replace(page.dataset.again);
    else if (place.sent !== (left() !== null)) await renew();
  } catch {
    // Asked again in a while.
  }
}

countDown();
setInterval(countDown, 1_000);
setInterval(ask, EVERY);
