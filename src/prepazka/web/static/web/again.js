// Sends a held form with the token of who has signed in meanwhile; without scripts the page is shown once more.
const form = document.querySelector("[data-ask]");
const token = "[name=csrfmiddlewaretoken]";

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const text = await (await fetch(form.dataset.ask)).text();
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector(token);
    form.querySelector(token).value = fresh.value;
  } catch {
    // Sent as it is: what comes of it is said by the answer.
  }
  HTMLFormElement.prototype.submit.call(form); // a field of it may be called submit
});
