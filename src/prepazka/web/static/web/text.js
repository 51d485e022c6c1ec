// Shows a reply text as it would go out while it is written: the server fills it in and counts it.
const form = document.querySelector("form.text");
const shown = document.getElementById("preview");
const steps = document.getElementById("steps");
const PAUSE = 400;
let timer = 0;
let asked = 0;

async function renew() {
  const mine = ++asked;
  const body = new FormData(form);
  body.append("preview", "1");
  try {
    const answer = await fetch(location.href, { method: "POST", body });
    if (!answer.ok || answer.redirected || mine !== asked) return; // something newer is on its way, or nobody is signed in
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const before = shown.querySelector(".count")?.dataset.parts;
    shown.innerHTML = page.getElementById("preview").innerHTML;
    const count = shown.querySelector(".count");
    if (count?.dataset.parts !== before) steps.textContent = count?.textContent ?? ""; // told at steps, not at each key
  } catch {
    return; // the server counts again when the text is saved
  }
}

form.elements.text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(renew, PAUSE);
});
