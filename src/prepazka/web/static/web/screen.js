// The big screen: the board with sound, the slides while nobody is called, and pages of agendas.
import { stayAlive } from "./alive.js";
import "./board.js";
import * as sound from "./sound.js";

// Milliseconds a slide or a page of agendas is shown, and how long nobody must have been called before slides.
const EVERY = 8_000;
const QUIET = 30_000;
const AT_ONCE = 4;
const board = document.getElementById("board");
const slides = [...document.querySelectorAll(".slide")];
let calledAt = 0;
let turn = 0;

function place() {
  const agendas = [...document.getElementById("agendas").children];
  const pages = Math.ceil(agendas.length / AT_ONCE);
  agendas.forEach((line, number) => (line.hidden = pages > 1 && Math.floor(number / AT_ONCE) !== turn % pages));
  const shown = slides.length > 0 && Date.now() - calledAt > QUIET;
  slides.forEach((slide, number) => (slide.hidden = !shown || number !== turn % slides.length));
  document.getElementById("wait").hidden = shown;
}

board.addEventListener("shown", place);
board.addEventListener("called", (event) => {
  calledAt = Date.now();
  for (const { number, where } of event.detail.reverse()) sound.call(number, where);
});
setInterval(() => {
  turn += 1;
  place();
}, EVERY);
place();

let tell = () => {};
sound.begin(() => tell());
tell = stayAlive(sound.state);
