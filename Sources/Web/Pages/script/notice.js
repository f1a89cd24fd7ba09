// Short sentences at the bottom of the page, which screen readers speak too.

import { make } from "./dom.js";
import { events } from "./events.js";
import { say } from "./language.js";

const place = make("div", { class: "notices", role: "status" });

/** Makes room for notices and tells when the server is gone. */
export function startNotices() {
  document.body.append(place);
  let waiting;
  const lost = make("p", {}, say("connection_lost"));
  // A restart that takes a moment needs no word.
  events.on("lost", () => (waiting ??= setTimeout(() => place.prepend(lost), 1500)));
  events.on("reconnected", () => {
    clearTimeout(waiting);
    waiting = undefined;
    lost.remove();
  });
}

/** Shows a sentence for as long as it takes to read it. */
export function notice(text) {
  const line = make("p", {}, text);
  place.append(line);
  setTimeout(() => line.remove(), 3000 + text.length * 60);
}
