// Who looks at the page: a guest, or the host who typed the PIN.

import { make } from "./dom.js";
import { say, sayNumber } from "./language.js";
import { get, send } from "./server.js";

class Session extends EventTarget {
  /** As GET /api/session; these values stand until the first answer. */
  facts = {
    role: "guest",
    uploads: false,
    snap_needs_pin: true,
    name: "AnimeSnap",
    max_upload_bytes: 0,
    max_upload_pixels: 0,
    wifi: false,
  };

  get isHost() {
    return this.facts.role === "host";
  }

  get mayUpload() {
    return this.isHost || this.facts.uploads;
  }

  get maySnap() {
    return this.isHost || !this.facts.snap_needs_pin;
  }

  async refresh() {
    this.facts = { ...this.facts, ...(await get("/api/session")) };
    this.dispatchEvent(new Event("change"));
  }

  async signIn(pin) {
    await send("POST", "/api/session", { pin });
    await this.refresh();
  }

  async signOut() {
    await send("DELETE", "/api/session");
    await this.refresh();
  }
}

export const session = new Session();

/** A form that asks for the PIN and calls done when the PIN was right. */
export function pinForm(why, done) {
  const field = make(
    "input",
    {
      id: "pin",
      type: "password",
      inputmode: "numeric",
      autocomplete: "current-password",
      required: true,
      maxlength: 32,
      "aria-describedby": "pin-wrong",
    },
  );
  const wrong = make("p", { class: "wrong", id: "pin-wrong", role: "alert" });
  const enter = make("button", { class: "button main" }, say("sign_in"));
  const form = make(
    "form",
    { class: "card stack pin-form" },
    make("p", {}, why),
    make("label", { class: "field", for: "pin" }, make("span", {}, say("pin_label")), field),
    wrong,
    enter,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    enter.disabled = true;
    wrong.textContent = "";
    try {
      await session.signIn(field.value.trim());
      done();
    } catch (problem) {
      const seconds = sayNumber(problem.retryAfter ?? 0);
      if (problem.status === 403) wrong.textContent = say("pin_wrong");
      else if (problem.status === 429) wrong.textContent = say("pin_locked", { seconds });
      else wrong.textContent = problem.sentence;
      field.select();
    } finally {
      enter.disabled = false;
    }
  });
  return form;
}
