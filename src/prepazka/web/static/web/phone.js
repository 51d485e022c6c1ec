// Sends without loading the page anew and puts a suggestion into the message; without it the page works just the same.
"use strict";

const conversation = document.getElementById("conversation");
const write = document.getElementById("write");
const text = write.elements.text;

function showLast() {
  conversation.scrollTop = conversation.scrollHeight;
}

// Only what is new is added, so that a screen reader reads nothing else.
function add(messages) {
  conversation.querySelector(".empty")?.remove();
  for (const message of messages) {
    if (!document.getElementById(message.id)) conversation.firstElementChild.append(message);
  }
  showLast();
}

write.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = write.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  try {
    const answer = await fetch(write.action, { method: "POST", body: new FormData(write) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) throw new Error(answer.statusText);
    add([...page.querySelectorAll("#conversation li")]);
    write.elements.id.value = page.getElementById("write").elements.id.value;
    text.value = "";
    text.focus();
  } catch {
    write.submit(); // the same message under the same id: it is never two, and the page says what is wrong
  } finally {
    button.disabled = false;
  }
});

document.getElementById("suggestions").addEventListener("click", (event) => {
  const suggestion = event.target.closest("a");
  if (!suggestion) return;
  event.preventDefault();
  text.value = suggestion.dataset.text;
  text.focus();
});

showLast();
