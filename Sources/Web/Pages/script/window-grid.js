// A grid of square tiles of which only those near the window exist, so that ten thousand pictures weigh as little as
// fifty. Tiles are placed by transforms: they glide when a picture is added, and nothing else has to be laid out.

import { make } from "./dom.js";

const gap = 10;

export class WindowGrid {
  element = make("ul", { class: "grid" });
  #tiles = new Map();
  #items = [];
  #columns = 1;
  #side = 0;
  #makeTile;
  #needMore;
  #waitsForFrame = false;

  /** makeTile(number) gives {element, update(item), discard()}; needMore is called when the end comes near. */
  constructor(makeTile, needMore, signal) {
    this.#makeTile = makeTile;
    this.#needMore = needMore;
    const sizes = new ResizeObserver(() => this.#measure());
    sizes.observe(this.element);
    signal.addEventListener("abort", () => sizes.disconnect());
    addEventListener("scroll", () => this.#soon(), { signal, passive: true });
  }

  /** Shows these items; they are told apart by their number. */
  show(items, total) {
    const glides = this.#items.length > 0 && items[0]?.number !== this.#items[0]?.number;
    this.#items = items;
    this.total = total;
    if (glides) this.#glide();
    this.#measure();
  }

  #glide() {
    this.element.classList.add("gliding");
    setTimeout(() => this.element.classList.remove("gliding"), 600);
  }

  #measure() {
    const width = this.element.clientWidth;
    if (!width) return;
    const wished = width < 480 ? 98 : width < 1200 ? 168 : 230;
    this.#columns = Math.max(2, Math.floor((width + gap) / (wished + gap)));
    this.#side = (width - gap * (this.#columns - 1)) / this.#columns;
    const rows = Math.ceil(this.#items.length / this.#columns);
    this.element.style.height = `${Math.max(0, rows * (this.#side + gap) - gap)}px`;
    this.element.style.setProperty("--side", `${this.#side}px`);
    this.#draw();
  }

  #soon() {
    if (this.#waitsForFrame) return;
    this.#waitsForFrame = true;
    requestAnimationFrame(() => {
      this.#waitsForFrame = false;
      this.#draw();
    });
  }

  #draw() {
    const step = this.#side + gap;
    const top = this.element.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor((-top - innerHeight) / step)) * this.#columns;
    const last = Math.min(this.#items.length, Math.max(0, Math.ceil((innerHeight * 2 - top) / step)) * this.#columns);
    const near = this.#items.slice(first, last);
    this.#discard(near);
    let before = null;
    near.forEach((item, index) => {
      const tile = this.#tile(item);
      const place = first + index;
      const x = (place % this.#columns) * step;
      const y = Math.floor(place / this.#columns) * step;
      tile.element.style.transform = `translate(${x}px, ${y}px)`;
      tile.element.setAttribute("aria-posinset", place + 1);
      tile.element.setAttribute("aria-setsize", this.total);
      tile.update(item);
      // The keyboard walks in the order of the document.
      const following = before ? before.nextSibling : this.element.firstChild;
      if (following !== tile.element) this.element.insertBefore(tile.element, following);
      before = tile.element;
    });
    if (last === this.#items.length) this.#needMore();
  }

  #discard(near) {
    const wanted = new Set(near.map((item) => item.number));
    for (const [number, tile] of this.#tiles) {
      if (wanted.has(number)) continue;
      tile.element.remove();
      tile.discard();
      this.#tiles.delete(number);
    }
  }

  #tile(item) {
    if (!this.#tiles.has(item.number)) this.#tiles.set(item.number, this.#makeTile(item.number));
    return this.#tiles.get(item.number);
  }
}
