// Counts the seconds in which the last press can be taken back, and then takes the offer away.
setInterval(() => {
  const form = document.getElementById("undo");
  if (!form) return;
  const left = Number(form.dataset.seconds) - 1;
  form.dataset.seconds = left;
  form.querySelector("[data-left]").textContent = left;
  if (left <= 0) form.remove();
}, 1_000);
