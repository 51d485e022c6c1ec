// Keyboard shortcuts for those who want them: an element says its own key. "?" shows the list and is always there.
const keys = document.getElementById("keys");
const dialog = document.getElementById("keys-dialog");
const help = document.getElementById("help");

help.hidden = false;
help.addEventListener("click", () => dialog.showModal());
keys.checked = localStorage.getItem("keys") === "yes";
keys.addEventListener("change", () => localStorage.setItem("keys", keys.checked ? "yes" : "no"));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || dialog.open) return;
  if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  if (event.key === "?") {
    event.preventDefault();
    return dialog.showModal();
  }
  if (!keys.checked) return;
  const found = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!found) return;
  event.preventDefault();
  if (found.matches("input, select, h2")) found.focus();
  else found.click();
});
