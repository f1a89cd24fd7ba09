// What the server tells by itself. One connection for all pages; it comes back after a restart of the server, and
// then says "reconnected", because more may have happened than the server can repeat.

const kinds = ["state", "picture", "progress", "done", "failed", "deleted", "health"];
// The server speaks at least every 15 s; a phone that slept may hold a connection that is long gone.
const longestSilence = 40_000;

class ServerEvents extends EventTarget {
  #source;
  #heard = 0;
  #isLost = false;

  /** The last of each kind that a page may need when it opens. */
  state = null;
  health = null;

  start() {
    this.#connect();
    setInterval(() => this.#check(), 5000);
    document.addEventListener("visibilitychange", () => this.#check());
    addEventListener("online", () => this.#check());
  }

  /** Calls action with the data of each event of a kind until the signal is aborted. */
  on(kind, action, signal) {
    this.addEventListener(kind, (event) => action(event.detail), { signal });
  }

  #connect() {
    this.#source?.close();
    this.#heard = Date.now();
    const source = (this.#source = new EventSource("/api/events"));
    source.onopen = () => {
      this.#heard = Date.now();
      if (this.#isLost) this.#tell("reconnected");
      this.#isLost = false;
    };
    source.onerror = () => {
      if (source !== this.#source) return;
      if (!this.#isLost) this.#tell("lost");
      this.#isLost = true;
      // After some failures a browser tries again by itself, after others it gives up.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => source === this.#source && this.#connect(), 2500);
    };
    for (const kind of kinds) source.addEventListener(kind, (event) => this.#receive(kind, event.data));
  }

  #receive(kind, text) {
    this.#heard = Date.now();
    const data = JSON.parse(text);
    if (kind === "state" || kind === "health") this[kind] = data;
    this.#tell(kind, data);
  }

  #check() {
    if (document.hidden || Date.now() - this.#heard < longestSilence) return;
    this.#isLost = true;
    this.#connect();
  }

  #tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

export const events = new ServerEvents();
