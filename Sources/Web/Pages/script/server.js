// Asks the server and understands its refusals.

import { say } from "./language.js";

const sentences = {
  401: "problem_host",
  403: "problem_host",
  404: "problem_missing",
  413: "problem_large",
  415: "problem_kind",
  422: "problem_kind",
  503: "problem_busy",
  507: "problem_full",
};

/** A refusal of the server, or none of its answers (status 0). */
export class Problem extends Error {
  constructor(status, detail, retryAfter) {
    super(detail);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Reads a problem document; anything else counts as one without a sentence. */
  static read(status, text, retryAfter) {
    let detail = "";
    try {
      detail = JSON.parse(text).detail ?? "";
    } catch {
      // A proxy or a half-sent answer: the status has to do.
    }
    return new Problem(status, detail, Number(retryAfter) || 5);
  }

  /** A sentence for a person. The server's own is English, so the common ones are said here. */
  get sentence() {
    if (this.status === 0) return say("problem_unreachable");
    if (this.status === 422 && this.message) return this.message;
    const known = sentences[this.status];
    return known ? say(known) : this.message || say("problem_other", { status: this.status });
  }
}

/** The JSON at a path. */
export function get(path, signal) {
  return ask(path, { signal });
}

/** Sends JSON and gives back the address of the picture that comes of it, for URL.revokeObjectURL when it is not shown. */
export async function paint(path, body) {
  return URL.createObjectURL(await send("POST", path, body));
}

/** Sends JSON (or nothing) and gives back the JSON of the answer, null without one. */
export function send(method, path, body) {
  if (body === undefined) return ask(path, { method });
  return ask(path, { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Problem(0, failure.message);
  }
  if (answer.ok && answer.headers.get("Content-Type") === "image/jpeg") return answer.blob();
  const text = await answer.text();
  if (!answer.ok) throw Problem.read(answer.status, text, answer.headers.get("Retry-After"));
  return text ? JSON.parse(text) : null;
}
