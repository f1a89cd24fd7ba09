// What the server tells by itself, and "lost" and "reconnected" when the connection goes and comes back: then more may
// have happened than the server can repeat.
//
// Browsers open six connections to a server: all tabs share one stream, kept by this file as a SharedWorker. They say
// "seen", "hidden" or "left" and hear [kind, text]. Without one (Chrome on Android) a tab has its own stream.

const kinds = ["state", "picture", "progress", "done", "failed", "deleted", "health"];
// The server speaks at least every 15 s; a phone that slept may hold a connection that is long gone.
const longestSilence = 40_000;

class EventStream {
  #tell;
  #source;
  #heard = 0;
  #leaving;
  #hasMissed = false;
  /** "open" or "lost", once it is known. */
  state;

  /** tell(kind, text): JSON of the server, or "open", "reconnected" or "lost" without. */
  constructor(tell) {
    this.#tell = tell;
    setInterval(() => this.#check(), 5000);
    addEventListener("online", () => this.#check());
  }

  want(isWanted) {
    clearTimeout(this.#leaving);
    // Between one tab and the next nobody looks for a moment.
    if (!isWanted) this.#leaving = setTimeout(() => this.#close(), 2000);
    else if (!this.#source) this.#connect();
    else this.#check();
  }

  #connect() {
    this.#source?.close();
    this.#heard = Date.now();
    const source = (this.#source = new EventSource("/api/events"));
    source.onopen = () => {
      this.#heard = Date.now();
      this.state = "open";
      this.#tell(this.#hasMissed ? "reconnected" : "open");
      this.#hasMissed = false;
    };
    source.onerror = () => {
      if (source !== this.#source) return;
      this.#hasMissed = true;
      if (this.state !== "lost") this.#tell((this.state = "lost"));
      // After some failures a browser tries again by itself, after others it gives up.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => source === this.#source && this.#connect(), 2500);
    };
    for (const kind of kinds) {
      source.addEventListener(kind, (event) => {
        this.#heard = Date.now();
        this.#tell(kind, event.data);
      });
    }
  }

  #close() {
    this.#source?.close();
    this.#source = this.state = undefined;
    this.#hasMissed = true;
  }

  #check() {
    if (!this.#source || Date.now() - this.#heard < longestSilence) return;
    this.#hasMissed = true;
    this.#connect();
  }
}

class ServerEvents extends EventTarget {
  #report;
  #isLate = false;

  /** The last of each kind that a page may need when it opens. */
  state = null;
  health = null;

  /** Ends when the stream is open: what a page asks for then is kept up to date. */
  async start() {
    this.#report = this.#shared() ?? this.#own();
    const look = () => this.#report(document.hidden ? "hidden" : "seen");
    document.addEventListener("visibilitychange", look);
    addEventListener("pagehide", () => this.#report("left"));
    addEventListener("pageshow", (event) => event.persisted && (look(), this.#receive("reconnected")));
    look();
    await new Promise((done) => {
      for (const kind of ["open", "lost", "reconnected"]) this.addEventListener(kind, done);
      setTimeout(done, document.hidden ? 0 : 1000);
    });
    this.#isLate = true;
  }

  /** Calls action with the data of each event of a kind until the signal is aborted. */
  on(kind, action, signal) {
    this.addEventListener(kind, (event) => action(event.detail), { signal });
  }

  #shared() {
    if (!window.SharedWorker) return;
    let worker;
    try {
      worker = new SharedWorker(import.meta.url, { type: "module" });
    } catch {
      // Without storage there is none.
      return;
    }
    worker.port.onmessage = ({ data }) => this.#receive(...data);
    // A browser that knows no modules there.
    worker.onerror = () => {
      this.#report = this.#own();
      this.#report(document.hidden ? "hidden" : "seen");
    };
    return (word) => worker.port.postMessage(word);
  }

  #own() {
    const stream = new EventStream((kind, text) => this.#receive(kind, text));
    return (word) => stream.want(word === "seen");
  }

  #receive(kind, text) {
    const detail = text && JSON.parse(text);
    if (kind === "state" || kind === "health") this[kind] = detail;
    // The page has asked already for what it shows.
    const name = kind === "open" && this.#isLate ? "reconnected" : kind;
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function share() {
  const tabs = new Map();
  // What a tab that comes later wants to know at once.
  const standing = new Map();
  const stream = new EventStream((kind, text) => {
    if (kind === "state" || kind === "health") standing.set(kind, text);
    for (const tab of tabs.keys()) tab.postMessage([kind, text]);
  });

  addEventListener("connect", ({ ports: [tab] }) => {
    tab.onmessage = ({ data }) => {
      const isNew = !tabs.has(tab) && stream.state;
      if (isNew) for (const news of [...standing, [stream.state]]) tab.postMessage(news);
      if (data === "left") tabs.delete(tab);
      else tabs.set(tab, data === "seen");
      stream.want([...tabs.values()].includes(true));
    };
  });
}

export const events = self.SharedWorkerGlobalScope ? share() : new ServerEvents();
