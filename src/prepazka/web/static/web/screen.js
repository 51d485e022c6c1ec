// The big screen: the board with sound, the slides while nobody is called, and pages of agendas.
import { stayAlive } from "./alive.js";
import "./board.js";
import * as sound from "./sound.js";

// Milliseconds a slide or a page of agendas is shown, and how long nobody must have been called before slides.
const EVERY = 8_000;
const QUIET = 30_000;
// Agendas and last calls shown at once: the first of these that has room. The oldest call and the other agendas wait.
const ROOM = [[4, 5], [3, 5], [2, 5], [2, 4], [2, 3], [1, 3], [1, 2], [1, 1]];
const board = document.getElementById("board");
const aside = document.querySelector("aside");
const slides = [...document.querySelectorAll(".slide")];
let calledAt = 0;
let turn = 0;

function fits([atOnce, calls]) {
  const agendas = [...document.getElementById("agendas").children];
  const pages = Math.ceil(agendas.length / atOnce);
  agendas.forEach((line, number) => (line.hidden = pages > 1 && Math.floor(number / atOnce) !== turn % pages));
  [...document.getElementById("last").children].forEach((line, number) => (line.hidden = number >= calls));
  return aside.scrollHeight <= aside.clientHeight;
}

function place() {
  ROOM.some(fits);
  const shown = slides.length > 0 && Date.now() - calledAt > QUIET;
  slides.forEach((slide, number) => (slide.hidden = !shown || number !== turn % slides.length));
  document.getElementById("wait").hidden = shown;
}

board.addEventListener("shown", place);
board.addEventListener("called", (event) => {
  calledAt = Date.now();
  for (const { number, where } of event.detail.reverse()) sound.call(number, where);
});
window.addEventListener("resize", place);
setInterval(() => {
  turn += 1;
  place();
}, EVERY);
place();

let tell = () => {};
// The sign that there is no sound takes room.
sound.begin(() => {
  place();
  tell();
});
place();
tell = stayAlive(sound.state);
