// What an announcement consists of, and when it is spoken. Pure: tests run it without a browser.

// An announcement that could not begin so many seconds after its call is not spoken any more: the gong stands for it.
export const LATEST = 10;

// The pieces of a whole number from 0 to 999.
function pieces(number, language) {
  const rest = number % 100;
  if (number < 100) return [`n${number}`];
  const hundreds = `n${number - rest}`;
  if (!rest) return [hundreds];
  return [language === "en" ? `${hundreds}and` : hundreds, `n${rest}`];
}

// The pieces of a ticket such as D17; none when its number cannot be said.
function ticket(label, language) {
  const [, letters, digits] = /^([A-Z]*)(\d{1,3})$/.exec(label) ?? [];
  if (digits === undefined) return [];
  return ["ticket", ...letters.toLowerCase(), ...pieces(Number(digits), language)];
}

// The pieces of a counter: an own recording, or our word and its number; none when it has neither.
function counter({ key, counter: name }, language, own) {
  if (own.has(`${language}/counter-${key}`)) return [`counter-${key}`];
  const digits = /(?:^|\s)(\d{1,3})$/.exec(name)?.[1];
  return digits && /^\D*\d+$/.test(name) && /^(přepážka|counter)?\s*\d+$/i.test(name)
    ? ["counter", ...pieces(Number(digits), language)]
    : [];
}

// What is said of a call in a language: [] for the gong alone. own: the office's recordings, as "cs/n17".
export function sentence(label, where, language, own = new Set()) {
  const said = ticket(label, language);
  return said.length ? [...said, ...counter(where, language, own)] : [];
}

// Of the calls that wait to be announced (at: seconds), the next one to speak, or the gong for all that wait too long.
export function next(waiting, now) {
  const late = waiting.filter((call) => now - call.at > LATEST);
  if (late.length) return { gong: late, rest: waiting.filter((call) => now - call.at <= LATEST) };
  return { call: waiting[0], rest: waiting.slice(1) };
}
