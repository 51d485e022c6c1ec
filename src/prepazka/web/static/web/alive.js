// A paired screen says now and then that it is alive, and loads its page anew when it should show another one.
const EVERY = 30_000;
const device = document.getElementById("device");

// sound(): "on", "off" or "".
export function stayAlive(sound) {
  const address = device.dataset.alive;
  if (!address) return () => {};

  async function tell() {
    const body = new URLSearchParams({ sound: sound() });
    const token = device.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token } });
      if (answer.status === 403) return location.reload(); // another device has taken its place
      if (answer.ok && (await answer.json()).page !== device.dataset.page) location.reload();
    } catch {
      // The server is away; told again.
    }
  }

  setInterval(tell, EVERY);
  tell();
  return tell;
}
