// Listens to an office's board. A line that was lost is taken up again; meanwhile whoever listens is told how old it is.
"use strict";

// The server tells at least every 10 seconds; after this silence, in milliseconds, the data are old, then the line is lost.
const OLD = 16_000;
const LOST = 30_000;

// told(board) for every state; aged(seconds) once a second while the data are old, aged(0) when they are fresh again.
export function listen(address, told, aged = () => {}) {
  let heard = Date.now();
  let begun = Date.now();
  let old = false;
  let stream;

  function begin() {
    stream?.close();
    begun = Date.now();
    stream = new EventSource(address);
    stream.addEventListener("board", (event) => {
      heard = Date.now();
      told(JSON.parse(event.data));
      if (old) aged(0);
      old = false;
    });
  }

  setInterval(() => {
    const silence = Date.now() - heard;
    if (silence > OLD || (stream.readyState !== EventSource.OPEN && silence > 3_000)) {
      old = true;
      aged(Math.round(silence / 1000));
    }
    const lost = stream.readyState === EventSource.CLOSED ? 5_000 : LOST;
    if (silence > lost && Date.now() - begun > lost) begin();
  }, 1_000);
  begin();
}
