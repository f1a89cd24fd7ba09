// One picture in the gallery: a link with the picture, what is being made of it, and a box to choose it.

import { make, setAttribute } from "./dom.js";
import { icon } from "./icons.js";
import { say, sayTime } from "./language.js";
import { FadingPicture, tileFile, workOn } from "./picture-view.js";

export class Tile {
  #picture = new FadingPicture();
  #bar = make("progress", { max: 1, hidden: true });
  #mark = make("span", { class: "mark", hidden: true }, icon("pin"));
  #link;

  /** choice: {isOn, chosen} of the gallery; progress: by number. */
  constructor(number, progress, choice) {
    this.number = number;
    this.progress = progress;
    this.choice = choice;
    this.#link = make("a", { href: `/p/${number}` }, this.#picture.element, this.#bar, this.#mark);
    this.box = make("input", { type: "checkbox", hidden: true, "aria-label": say("picture_number", { number }) });
    this.box.addEventListener("change", () => choice.set(number, this.box.checked));
    this.element = make("li", { class: "tile" }, this.#link, this.box);
  }

  update(picture) {
    const work = workOn(picture, this.progress.get(this.number));
    this.#picture.show(tileFile(picture));
    this.#picture.alt = [
      say("picture_number", { number: this.number }),
      sayTime(picture.taken),
    ].filter(Boolean).join(", ");
    this.#mark.hidden = !picture.pinned;
    this.#bar.hidden = !work;
    setAttribute(this.#bar, "value", work?.part ?? 0);
    setAttribute(this.#bar, "aria-label", work?.text);
    this.element.classList.toggle("waiting", !this.#bar.hidden);
    this.box.hidden = !this.choice.isOn;
    this.box.checked = this.choice.chosen.has(this.number);
  }

  discard() {
    this.#picture.stop();
  }
}
