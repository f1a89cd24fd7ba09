// The newest picture, large: the photo at once, then what is painted of it, then petals.

import { make, setAttribute } from "./dom.js";
import { icon } from "./icons.js";
import { say, sayTime } from "./language.js";
import { FadingPicture, animeOf, dropPetals, viewFile, workOn } from "./picture-view.js";

export class Latest {
  #before = new FadingPicture({ size: 640, lazy: false });
  #after = new FadingPicture({ size: 640, lazy: false });
  #veil = make("span", { class: "veil", "aria-hidden": "true" });
  #title = make("strong");
  #words = make("span", { class: "words" });
  #bar = make("progress", { max: 1 });
  #number = null;
  #wasPainting = false;

  constructor() {
    const frame = make("span", { class: "print after" }, this.#after.element, this.#veil);
    this.link = make(
      "a",
      { class: "latest-link" },
      make("span", { class: "print before" }, this.#before.element),
      make("span", { class: "becomes" }, icon("next")),
      frame,
      make("span", { class: "caption" }, this.#title, this.#words, this.#bar),
    );
    this.frame = frame;
    this.element = make(
      "section",
      { class: "latest card empty", "aria-labelledby": "latest" },
      make("h2", { id: "latest", class: "unseen" }, say("latest")),
      this.link,
    );
  }

  show(picture, progress) {
    if (picture.number !== this.#number) this.#begin(picture);
    const files = viewFile(picture);
    const work = files.anime ? null : workOn(picture, progress);
    this.#before.show({ photo: files.photo, anime: null });
    this.#after.show(files);
    this.#words.textContent = work?.text ?? this.#say(picture);
    this.#bar.hidden = !work;
    setAttribute(this.#bar, "value", work?.part ?? 0);
    setAttribute(this.#bar, "aria-label", say("painting"));
    // The network paints from top to bottom: so does the veil clear.
    this.#veil.style.setProperty("--left", work ? 1 - work.part : 0);
    this.#veil.classList.toggle("on", Boolean(work));
    if (this.#wasPainting && files.anime) dropPetals(this.frame);
    this.#wasPainting = Boolean(work);
  }

  #begin(picture) {
    this.#number = picture.number;
    this.#wasPainting = false;
    this.element.classList.remove("empty");
    this.link.href = `/p/${picture.number}`;
    this.#title.textContent = say("picture_number", { number: picture.number });
    for (const fading of [this.#before, this.#after]) fading.show({ photo: null, anime: null });
  }

  #say(picture) {
    if (picture.failed.length && !picture.anime.length) return say("failed");
    return [animeOf(picture)?.style, sayTime(picture.taken)].filter(Boolean).join(" · ");
  }
}
