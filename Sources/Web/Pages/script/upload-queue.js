// Photos on their way to the server, two at a time: one travels while the other is made to fit.

import { Problem } from "./server.js";
import { session } from "./session.js";
import { fitPhoto } from "./shrink-photo.js";

const atOnce = 2;
const mostTries = 30;

export class UploadQueue {
  #waiting = [];
  #running = 0;
  #signal;

  constructor(signal) {
    this.#signal = signal;
  }

  /** item: {file, style, tell(state, value)}; the states are waiting, preparing, sending, busy, done and failed. */
  add(item) {
    item.tell("waiting");
    this.#waiting.push(item);
    this.#startNext();
  }

  #startNext() {
    if (this.#running >= atOnce || this.#signal.aborted) return;
    const item = this.#waiting.shift();
    if (!item) return;
    this.#running += 1;
    this.#send(item).finally(() => {
      this.#running -= 1;
      this.#startNext();
    });
    this.#startNext();
  }

  async #send(item) {
    let photo;
    try {
      item.tell("preparing");
      photo = await fitPhoto(item.file, session.facts.max_upload_bytes, session.facts.max_upload_pixels);
    } catch {
      return item.tell("failed", null);
    }
    for (let attempt = 1; !this.#signal.aborted; attempt += 1) {
      try {
        item.tell("sending", 0);
        const answer = await sendPhoto(photo, item.style, (part) => item.tell("sending", part), this.#signal);
        return item.tell("done", answer.pictures[0]);
      } catch (problem) {
        // The queue is full or the server restarts: both pass.
        const passes = problem.status === 503 || problem.status === 0;
        if (!passes || attempt === mostTries || this.#signal.aborted) return item.tell("failed", problem);
        await this.#wait(item, Math.min(problem.retryAfter || 5, 60));
      }
    }
  }

  async #wait(item, seconds) {
    for (let left = seconds; left > 0 && !this.#signal.aborted; left -= 1) {
      item.tell("busy", left);
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

/** Sends a photo; XMLHttpRequest, because fetch cannot say how much has left. Throws a Problem. */
function sendPhoto(photo, style, tellProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/uploads${style ? `?style=${encodeURIComponent(style)}` : ""}`);
    request.setRequestHeader("Content-Type", "image/jpeg");
    request.upload.onprogress = (event) => tellProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText));
      else reject(Problem.read(request.status, request.responseText, request.getResponseHeader("Retry-After")));
    };
    request.onerror = request.onabort = () => reject(new Problem(0, "no answer", 3));
    signal.addEventListener("abort", () => request.abort());
    request.send(photo);
  });
}
