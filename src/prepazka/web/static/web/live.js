// Listens to an office's board. A line that was lost is taken up again; meanwhile whoever listens is told how old it is.
// Where the server has no room for one more listener, the board itself is asked for now and then.
"use strict";

// The server tells at least every 10 seconds; after this silence, in milliseconds, the data are old, then the line is lost.
const OLD = 16_000;
const LOST = 30_000;
// Milliseconds between two questions for the board, and until a refused line is tried again.
const ASK_EVERY = 10_000;
const REFUSED = 60_000;

// told(board) for every state; aged(seconds) once a second while the data are old, aged(0) when they are fresh again.
export function listen(address, told, aged = () => {}) {
  let heard = Date.now();
  let begun = Date.now();
  let asked = 0;
  let old = false;
  let stream;

  function hear(board) {
    heard = Date.now();
    told(board);
    if (old) aged(0);
    old = false;
  }

  function begin() {
    stream?.close();
    begun = Date.now();
    stream = new EventSource(address);
    stream.addEventListener("board", (event) => hear(JSON.parse(event.data)));
  }

  async function ask() {
    asked = Date.now();
    try {
      const answer = await fetch(address.replace(/\/stream$/, ""), { headers: { Accept: "application/json" } });
      if (answer.ok) hear(await answer.json());
    } catch {
      // asked again
    }
  }

  setInterval(() => {
    const silence = Date.now() - heard;
    const closed = stream.readyState === EventSource.CLOSED;
    const quiet = closed ? ASK_EVERY + 3_000 : 3_000;
    if (silence > OLD || (stream.readyState !== EventSource.OPEN && silence > quiet)) {
      old = true;
      aged(Math.round(silence / 1000));
    }
    if (closed && Date.now() - asked > ASK_EVERY) ask();
    if (Date.now() - begun > (closed ? REFUSED : LOST) && (closed || silence > LOST)) begin();
  }, 1_000);
  begin();
}
