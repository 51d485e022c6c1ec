// A second press of a button while the first is on its way does nothing; after a while without an answer it may be
// pressed again. Another button is another press.
const PATIENCE = 5_000;
let sent = 0;
let last = "";

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  const { submitter } = event;
  const pressed = `${event.target.action} ${submitter?.name}=${submitter?.value}`;
  if (pressed === last && Date.now() - sent < PATIENCE) return event.preventDefault();
  sent = Date.now();
  last = pressed;
});
window.addEventListener("pageshow", () => (last = ""));
