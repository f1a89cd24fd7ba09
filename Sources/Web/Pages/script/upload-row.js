// One photo in the list of uploads: what it looks like, how far it is, and at the end the way to its picture.

import { button, make, setAttribute } from "./dom.js";
import { icon } from "./icons.js";
import { say, sayNumber } from "./language.js";
import { FadingPicture, tileFile } from "./picture-view.js";

export class UploadRow {
  #picture = new FadingPicture({ size: 96 });
  #name;
  #words = make("span", { class: "soft", role: "status" });
  #bar;
  #again;
  #address;
  number = null;
  isDone = false;

  constructor(file, retry) {
    this.#address = URL.createObjectURL(file);
    this.#name = make("strong", {}, file.name);
    this.#bar = make("progress", { max: 1, value: 0, "aria-label": say("upload_of", { name: file.name }) });
    this.#again = button(say("retry"), retry, { icon: icon("retry"), hidden: true });
    this.element = make(
      "li",
      { class: "upload-row card" },
      this.#picture.element,
      make("div", { class: "upload-words" }, this.#name, this.#words, this.#bar),
      this.#again,
    );
    this.#picture.show({ photo: this.#address, anime: null });
  }

  /** As UploadQueue tells it. */
  tell(state, value) {
    this.#again.hidden = state !== "failed";
    this.#words.classList.toggle("wrong", state === "failed");
    if (state === "sending") {
      setAttribute(this.#bar, "value", value);
      this.#words.textContent = say("upload_sending");
    } else if (state === "busy") this.#words.textContent = say("upload_busy", { seconds: sayNumber(value) });
    else if (state === "failed") this.#words.textContent = value ? value.sentence : say("problem_kind");
    else if (state === "done") this.#arrive(value);
    else this.#words.textContent = say(state === "waiting" ? "waiting" : "upload_preparing");
  }

  #arrive(picture) {
    this.isDone = true;
    this.number = picture.number;
    this.element.classList.add("done");
    setAttribute(this.#bar, "value", 0);
    this.#name.replaceChildren(
      make("a", { href: `/p/${picture.number}` }, say("picture_number", { number: picture.number })),
    );
    this.update(picture);
  }

  /** The picture changed on the server. */
  update(picture, progress) {
    const isBusy = picture.waiting.length > 0 || progress !== undefined;
    const { anime } = tileFile(picture);
    if (anime) this.#picture.show({ photo: this.#address, anime });
    this.#bar.hidden = !isBusy;
    setAttribute(this.#bar, "value", progress ?? 0);
    if (progress !== undefined) this.#words.textContent = say("painting");
    else this.#words.textContent = say(!isBusy && picture.anime.length ? "upload_done" : "upload_arrived");
  }

  discard() {
    URL.revokeObjectURL(this.#address);
  }
}
