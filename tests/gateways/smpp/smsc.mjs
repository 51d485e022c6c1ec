// An SMSC for the tests, made of the npm package smpp. It reads commands as lines of JSON from standard input, answers
// each with one line on standard output, and ends with its input.
//
//   {"do": "deliver", "messages": [{from, to, text or hex, udh, payload, coding, esm, tlvs}]}
//                              queue deliveries; each is repeated until it gets a response
//   {"do": "habits", ...}      change any of the settings below
//   {"do": "anew"}             reset to the state after the start
//   {"do": "cut"}              destroy all connections
//   {"do": "unbind"}           unbind all sessions
//   {"do": "raw", "hex": "…"}  send these octets in all sessions
//   {"do": "submits", "since": n}  the accepted submits without the first n
//   {"do": "state"}            the queue, and counters since the start or reset
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import smpp from "smpp";

const usual = {
  password: "secret",
  mute: false, // answer nothing
  throttle: 0, // accept one of so many submits and throttle the others; 0 accepts all
  reject: 0, // refuse each submit with this status
  silent: false, // accept submits without answering them
  late: 0, // milliseconds until a submit is answered
  receipts: "", // "text", "parameters" or "" for none
  stat: "DELIVRD",
  hexIds: false, // the ids in answers are hexadecimal, those in receipts decimal
  window: 20, // unanswered deliveries at once
  mostBinds: 0, // how many sessions may be bound at once; 0 for any number
  source: null, // the only [TON, NPI] of senders it takes
  destination: null, // the only [TON, NPI] of recipients
  noValidity: false, // refuses submits with a validity
  echo: "", // what the phone answers to each text, in Latin-1; "" for nothing
  again: 60000, // milliseconds until an unanswered delivery is repeated in the same session
};

const habits = { ...usual };

const queue = []; // deliveries, in order
const connections = new Set();
const sessions = new Set(); // those of them that are bound
let seen = forget();
let submitted = 0;
let served = 0;

function forget() {
  return { binds: [], submits: [], responses: [], unbinds: 0, enquiries: 0, nacks: [], deliveries: 0 };
}

function octets(hex) {
  return Buffer.from(hex, "hex");
}

// A text, which the package encodes, with or without a header; or octets, sent unchanged.
function content({ text, hex, udh }) {
  if (hex !== undefined) return octets(hex);
  return udh ? { message: text, udh: octets(udh) } : { message: text ?? "" };
}

function pump() {
  const session = [...sessions].find((one) => one.receives);
  if (!session) return;
  const now = Date.now();
  let onTheWay = 0;
  for (const one of queue) {
    if (onTheWay >= habits.window) return;
    onTheWay += 1;
    if (one.session === session && now - one.at < habits.again) continue;
    one.session = session;
    one.at = now;
    seen.deliveries += 1;
    session.deliver_sm({ ...one.pdu }, (response) => {
      seen.responses.push(response.command_status);
      const place = queue.indexOf(one);
      if (response.command_status === smpp.ESME_RX_T_APPN) one.session = null; // later
      else if (place >= 0) queue.splice(place, 1);
      setImmediate(pump);
    });
  }
}
setInterval(pump, 20);

function deliver(message) {
  const pdu = {
    source_addr_ton: message.from.startsWith("+") ? 1 : 5,
    source_addr_npi: 1,
    source_addr: message.from.replace("+", ""),
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr: message.to.replace("+", ""),
    data_coding: message.coding ?? 0,
    esm_class: message.esm ?? 0,
    ...message.tlvs,
    [message.payload ? "message_payload" : "short_message"]: content(message),
  };
  if (message.payload) pdu.short_message = Buffer.alloc(0);
  queue.push({ pdu, session: null, at: 0 });
}

function receipt(submit, number) {
  const good = habits.stat === "DELIVRD";
  const text = `id:${number} sub:001 dlvrd:001 submit date:2608030900 done date:2608030901 stat:${habits.stat} err:000 text:`;
  deliver({
    from: `+${submit.destination_addr}`,
    to: `+${submit.source_addr}`,
    esm: 4,
    text: habits.receipts === "text" ? text : "",
    tlvs: habits.receipts === "text" ? {} : { receipted_message_id: String(number), message_state: good ? 2 : 5 },
  });
}

function take(session, submit) {
  const { late, silent, mute } = habits;
  const answer = (fields) => {
    if (silent || mute) return;
    if (late) setTimeout(() => session.send(submit.response(fields)), late);
    else session.send(submit.response(fields));
  };
  submitted += 1;
  const { source_addr_ton: st, source_addr_npi: sn, dest_addr_ton: dt, dest_addr_npi: dn } = submit;
  if (habits.source && String(habits.source) !== String([st, sn])) return answer({ command_status: 0x48 });
  if (habits.destination && String(habits.destination) !== String([dt, dn])) return answer({ command_status: 0x51 });
  if (habits.noValidity && submit.validity_period) return answer({ command_status: 0x62 });
  if (habits.reject) return answer({ command_status: habits.reject });
  if (habits.throttle && submitted % habits.throttle) return answer({ command_status: smpp.ESME_RTHROTTLED });
  const message = submit.short_message;
  seen.submits.push({
    from: submit.source_addr,
    to: submit.destination_addr,
    session: session.number,
    ton: [submit.source_addr_ton, submit.source_addr_npi, submit.dest_addr_ton, submit.dest_addr_npi],
    coding: submit.data_coding,
    esm: submit.esm_class,
    validity: submit.validity_period,
    receipt: submit.registered_delivery,
    header: (message.udh ?? []).map((element) => element.toString("hex")).join(""),
    text: typeof message.message === "string" ? message.message : message.message.toString("latin1"),
  });
  answer({ message_id: habits.hexIds ? submitted.toString(16) : String(submitted) });
  if (habits.receipts && submit.registered_delivery) receipt(submit, submitted);
  if (habits.echo) {
    const hex = Buffer.from(habits.echo, "latin1").toString("hex");
    deliver({ from: `+${submit.destination_addr}`, to: `+${submit.source_addr}`, hex });
  }
}

function serve(session) {
  session.socket.setNoDelay(true);
  connections.add(session);
  session.number = ++served;
  session.on("error", () => {});
  session.on("close", () => {
    connections.delete(session);
    sessions.delete(session);
    for (const one of queue) if (one.session === session) one.session = null;
  });
  for (const kind of ["bind_transceiver", "bind_receiver", "bind_transmitter"])
    session.on(kind, (pdu) => {
      seen.binds.push(kind);
      if (habits.mute) return;
      if (pdu.password !== habits.password) {
        session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
        return;
      }
      if (habits.mostBinds && sessions.size >= habits.mostBinds) {
        session.send(pdu.response({ command_status: smpp.ESME_RALYBND }));
        return;
      }
      session.receives = kind !== "bind_transmitter";
      sessions.add(session);
      session.send(pdu.response({ system_id: "smsc", sc_interface_version: 0x34 }));
    });
  session.on("enquire_link", (pdu) => {
    seen.enquiries += 1;
    if (!habits.mute) session.send(pdu.response());
  });
  session.on("unbind", (pdu) => {
    seen.unbinds += 1;
    session.send(pdu.response());
    session.close();
  });
  session.on("unbind_resp", () => session.close());
  session.on("generic_nack", (pdu) => seen.nacks.push(pdu.command_status));
  session.on("submit_sm", (pdu) => take(session, pdu));
}

const tasks = {
  anew: () => {
    connections.forEach((session) => session.destroy());
    queue.length = 0;
    submitted = 0;
    seen = forget();
    Object.assign(habits, usual);
  },
  deliver: ({ messages }) => messages.forEach(deliver),
  habits: ({ do: _, ...changed }) => Object.assign(habits, changed),
  cut: () => sessions.forEach((session) => session.destroy()),
  unbind: () => sessions.forEach((session) => session.unbind()),
  raw: ({ hex }) => sessions.forEach((session) => session.socket.write(octets(hex))),
  submits: ({ since }) => ({ submits: seen.submits.slice(since) }),
  state: () => ({ ...seen, waiting: queue.length, sessions: sessions.size }),
};

const [key, certificate] = process.argv.slice(2);
const tls = key ? { key: readFileSync(key), cert: readFileSync(certificate) } : {};
const server = smpp.createServer(tls, serve);
server.on("tlsClientError", () => {});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const task = JSON.parse(line);
  console.log(JSON.stringify(tasks[task.do](task) ?? {}));
  if (task.do === "deliver") pump();
});
lines.on("close", () => process.exit(0));
