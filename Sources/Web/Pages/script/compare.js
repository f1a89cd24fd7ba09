// Before and after: a line that is drawn across the picture by finger, mouse or keyboard.

import { make } from "./dom.js";
import { say, sayNumber } from "./language.js";

export class Compare {
  #before = make("img", { class: "before", alt: "", decoding: "async", draggable: "false" });
  #after = make("img", { class: "after", alt: "", decoding: "async", draggable: "false" });
  #handle = make(
    "div",
    {
      class: "handle",
      role: "slider",
      tabindex: 0,
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      "aria-label": say("compare"),
    },
  );
  #frame;
  #cut = 50;

  constructor(signal) {
    const label = (text, side) => make("span", { class: `label ${side}`, "aria-hidden": "true" }, text);
    this.#frame = make(
      "div",
      { class: "frame" },
      this.#after,
      this.#before,
      label(say("before"), "left"),
      label(say("after"), "right"),
      this.#handle,
    );
    this.element = make("div", { class: "compare" }, this.#frame);
    for (const image of [this.#before, this.#after]) image.addEventListener("load", () => this.#fit());
    const sizes = new ResizeObserver(() => this.#fit());
    sizes.observe(this.element);
    signal.addEventListener("abort", () => sizes.disconnect());
    this.#frame.addEventListener("pointerdown", (event) => this.#grab(event));
    this.#frame.addEventListener("pointermove", (event) => this.#drag(event));
    this.#handle.addEventListener("keydown", (event) => this.#press(event));
    this.#move(50);
  }

  /** Shows a photo and what became of it; without an anime picture the photo alone. */
  show({ photo, anime }, alt) {
    if (this.#before.getAttribute("src") !== photo) this.#before.src = photo;
    if (anime && this.#after.getAttribute("src") !== anime) this.#after.src = anime;
    this.#before.alt = anime ? "" : alt;
    this.#after.alt = anime ? alt : "";
    this.#after.hidden = !anime;
    this.element.classList.toggle("single", !anime);
  }

  /** The frame lies on the picture, so that the line ends where the picture does. */
  #fit() {
    const { naturalWidth: width, naturalHeight: height } = this.#before;
    if (!width) return;
    const scale = Math.min(this.element.clientWidth / width, this.element.clientHeight / height);
    this.#frame.style.width = `${Math.round(width * scale)}px`;
    this.#frame.style.height = `${Math.round(height * scale)}px`;
    this.element.classList.add("there");
  }

  #grab(event) {
    if (event.button || this.element.classList.contains("single")) return;
    this.#frame.setPointerCapture(event.pointerId);
    this.#handle.focus({ preventScroll: true, focusVisible: false });
    this.#follow(event);
    event.preventDefault();
  }

  #drag(event) {
    if (this.#frame.hasPointerCapture(event.pointerId)) this.#follow(event);
  }

  #follow(event) {
    const { left, width } = this.#frame.getBoundingClientRect();
    this.#move(((event.clientX - left) / width) * 100);
  }

  #press(event) {
    const steps = {
      ArrowLeft: -2,
      ArrowDown: -2,
      ArrowRight: 2,
      ArrowUp: 2,
      PageDown: -20,
      PageUp: 20,
      Home: -100,
      End: 100,
    };
    const step = steps[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#move(this.#cut + step);
  }

  #move(cut) {
    this.#cut = Math.min(100, Math.max(0, cut));
    this.#frame.style.setProperty("--cut", `${this.#cut}%`);
    this.#handle.setAttribute("aria-valuenow", Math.round(this.#cut));
    this.#handle.setAttribute("aria-valuetext", say("compare_value", { percent: sayNumber(this.#cut) }));
  }
}
