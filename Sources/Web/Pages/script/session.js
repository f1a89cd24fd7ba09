// Who looks at the page: a guest, or the host who typed the PIN.

import { get, send } from "./server.js";

class Session extends EventTarget {
  /** As GET /api/session; these values stand until the first answer. */
  facts = { role: "guest", uploads: false, snap_needs_pin: true, name: "AnimeSnap", max_upload_bytes: 0, max_upload_pixels: 0 };

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
