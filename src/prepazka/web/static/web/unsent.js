// Holds back a press that would not reach the office, and says so: it would lead to the browser's own page of errors.
// What a page shows as a sign of doubt ([data-doubt]) makes it ask first whether the office answers.
const unsent = document.getElementById("unsent");
const PATIENCE = 3_000;
let sure = null; // the form for which the office has just answered

const doubtful = () => [...document.querySelectorAll("[data-doubt]")].some((sign) => !sign.hidden);

async function answers() {
  try {
    const asked = { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
    return (await fetch(unsent.dataset.ask, asked)).ok;
  } catch {
    return false;
  }
}

async function hold({ target: form, submitter }) {
  const reached = navigator.onLine && (await answers());
  unsent.hidden = reached && form.isConnected; // a page that renewed itself meanwhile has another form
  if (!unsent.hidden) return unsent.scrollIntoView({ block: "nearest" });
  sure = form;
  form.requestSubmit(submitter);
}

// Before whoever else listens: what was not sent is no press.
document.addEventListener(
  "submit",
  (event) => {
    const asked = event.target === sure;
    sure = null;
    if (asked || event.target.method === "dialog" || (navigator.onLine && !doubtful())) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    hold(event);
  },
  true,
);
addEventListener("online", () => (unsent.hidden = true));
