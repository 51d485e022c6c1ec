// The sound of the big screen: the gong, then the voice. One announcement at a time, and none that is too old to help.
import { next, sentence } from "./speech.js";

const form = document.getElementById("device");
const button = document.getElementById("sound");
const mute = document.getElementById("mute");
const wanted = JSON.parse(form.dataset.sound);
const own = new Set(Object.keys(wanted.own));
// Seconds between two pieces, and between two languages.
const BETWEEN = 0.04;
const PAUSE = 0.35;

const audio = new AudioContext();
const volume = audio.createGain();
volume.gain.value = wanted.volume;
volume.connect(audio.destination);

let gong = null;
const voices = {}; // by language: the decoded pieces of all, and where each is
const recordings = {}; // the office's own, by "language/piece"
let waiting = [];
let speaking = false;

async function decoded(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(address);
  return audio.decodeAudioData(await answer.arrayBuffer());
}

async function load() {
  gong = await decoded(wanted.gong);
  if (!wanted.languages.length) return;
  const places = await (await fetch(`${wanted.voice}pieces.json`)).json();
  for (const language of wanted.languages) {
    // Safari before 17 does not know Opus.
    const sound = await decoded(`${wanted.voice}${language}.opus`).catch(() => decoded(`${wanted.voice}${language}.mp3`));
    voices[language] = { sound, places: places[language] };
  }
  for (const [piece, address] of Object.entries(wanted.own)) {
    recordings[piece] = await decoded(address).catch(() => null);
  }
}

// Plays a piece at a moment; returns when it ends.
function play(sound, at, begin = 0, length = sound.duration) {
  const source = audio.createBufferSource();
  source.buffer = sound;
  source.connect(volume);
  source.start(at, begin, length);
  return at + length;
}

function speak(call, at) {
  let end = at;
  for (const language of wanted.languages) {
    const voice = voices[language];
    const said = sentence(call.number, call.where, language, own);
    if (!voice || !said.length) continue;
    for (const piece of said) {
      const recorded = recordings[`${language}/${piece}`];
      if (recorded) end = play(recorded, end) + BETWEEN;
      else if (voice.places[piece]) end = play(voice.sound, end, ...voice.places[piece]) + BETWEEN;
    }
    end += PAUSE;
  }
  return end;
}

function announce() {
  if (speaking || !waiting.length || audio.state !== "running" || !gong) return;
  const chosen = next(waiting, Date.now() / 1000);
  waiting = chosen.rest;
  speaking = true;
  let end = play(gong, audio.currentTime);
  if (chosen.call) end = speak(chosen.call, end);
  document.dispatchEvent(new CustomEvent("announced", { detail: { ...chosen, length: end - audio.currentTime } }));
  setTimeout(
    () => {
      speaking = false;
      announce();
    },
    (end - audio.currentTime) * 1000,
  );
}

function tell() {
  const runs = audio.state === "running";
  button.hidden = runs;
  mute.hidden = runs;
  if (!runs) waiting = []; // what nobody heard is not said later
}

export const state = () => (audio.state === "running" ? "on" : "off");

export function call(number, where) {
  if (audio.state !== "running") return;
  waiting.push({ number, where, at: Date.now() / 1000 });
  announce();
}

// changed(): the sound was switched on or off.
export function begin(changed) {
  audio.addEventListener("statechange", () => {
    tell();
    changed();
  });
  button.addEventListener("click", () => audio.resume());
  audio.resume(); // allowed at once where the browser was started so, or where the page was used before
  tell();
  return load().then(
    () => {
      form.dataset.ready = "yes";
      announce(); // a call that came meanwhile
    },
    () => (mute.hidden = false),
  );
}
