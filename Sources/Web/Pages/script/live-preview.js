// The camera's picture now: asks for the next frame when the last one has arrived, so that a slow phone gets fewer
// frames and no late ones.

import { make } from "./dom.js";
import { say } from "./language.js";

export class LivePreview {
  #image = make("img", { width: 640, height: 480, alt: say("preview_alt"), hidden: true });
  #words = make("p", {}, say("preview_wait"));
  #signal;
  #poll = new AbortController();

  /** The style in which the camera's picture is painted on its way; none for the picture as it is. */
  style = "";

  constructor(signal) {
    this.#signal = signal;
    // A question keeps a connection, of which a browser has few, until the camera has a frame.
    document.addEventListener("visibilitychange", () => document.hidden && this.#poll.abort(), { signal });
    signal.addEventListener("abort", () => this.#poll.abort());
    this.element = make("div", { class: "preview" }, this.#words, this.#image);
    this.#run();
  }

  async #run() {
    let frame = 0;
    while (!this.#signal.aborted) {
      // A page that nobody sees shall cost the camera nothing.
      if (document.hidden) await this.#pause(500);
      else frame = await this.#next(frame);
    }
    URL.revokeObjectURL(this.#image.src);
  }

  async #next(frame) {
    this.#poll = new AbortController();
    try {
      const style = this.style && `&style=${this.style}`;
      const answer = await fetch(
        `/preview.jpg?after=${frame}${style}`,
        { cache: "no-store", signal: this.#poll.signal },
      );
      if (answer.status === 204) return frame;
      if (!answer.ok) throw new Error(answer.statusText);
      await this.#show(await answer.blob());
      return Number(answer.headers.get("X-Frame-Number")) || frame + 1;
    } catch {
      if (this.#poll.signal.aborted) return frame;
      this.#image.hidden = true;
      this.#words.textContent = say("preview_none");
      await this.#pause(2000);
      // After a restart the server counts from the beginning.
      return 0;
    }
  }

  async #show(blob) {
    const old = this.#image.src;
    this.#image.src = URL.createObjectURL(blob);
    await this.#image.decode().catch(() => {});
    this.#image.hidden = false;
    if (old) URL.revokeObjectURL(old);
  }

  #pause(milliseconds) {
    return new Promise((done) => setTimeout(done, milliseconds));
  }
}
