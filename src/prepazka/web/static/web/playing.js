// Shows that a month is being played again, from the press of the button until the answer comes.

for (const form of document.querySelectorAll("[data-playing]")) {
  const status = form.querySelector("[role=status]");
  form.addEventListener("submit", () => {
    status.hidden = false;
  });
  // The browser may show the page as it was left, when somebody goes back to it.
  addEventListener("pageshow", () => {
    status.hidden = true;
  });
}
