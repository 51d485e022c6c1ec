// A second press while the first is on its way does nothing; after a while without an answer it may be pressed again.
const PATIENCE = 5_000;
let sent = 0;

document.addEventListener("submit", (event) => {
  if (Date.now() - sent < PATIENCE) event.preventDefault();
  else sent = Date.now();
});
window.addEventListener("pageshow", () => (sent = 0));
