// Counts an answer while it is written, as the server counts it, and puts saved answers into the box.
const form = document.querySelector("form.answer");
const box = form.elements.text;
const send = form.elements.send;
const count = document.getElementById("count");
const steps = document.getElementById("steps");
const PAUSE = 300;
let timer = 0;
let asked = 0;

async function recount() {
  const mine = ++asked;
  const body = new FormData();
  body.append("text", box.value);
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  try {
    const answer = await fetch(form.dataset.count, { method: "POST", body, headers });
    if (!answer.ok || answer.redirected || mine !== asked) return; // something newer is on its way, or nobody is signed in
    const before = count.firstElementChild?.dataset.parts;
    count.innerHTML = await answer.text();
    const now = count.firstElementChild;
    send.disabled = "over" in now.dataset;
    if (now.dataset.parts !== before) steps.textContent = now.textContent; // readers are told at steps, not at each key
  } catch {
    return; // the server counts again when the answer is sent
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(recount, PAUSE);
}

box.addEventListener("input", later);
form.elements.insert?.addEventListener("click", (event) => {
  event.preventDefault();
  const text = form.elements.saved.selectedOptions[0].dataset.text;
  box.value = [box.value.trimEnd(), text].filter(Boolean).join("\n");
  box.focus();
  recount();
});

const lines = document.querySelector(".lines");
lines.scrollTop = lines.scrollHeight; // the newest message
document.querySelector(".people [aria-current]")?.scrollIntoView({ block: "nearest" });
