// The album as far as it was asked for, newest first, kept up to date by the server's events.

import { events } from "./events.js";
import { get } from "./server.js";

const pageLength = 100;

export class Album extends EventTarget {
  pictures = [];
  /** How many there are on the server. */
  total = 0;
  /** Progress by number: {style, progress}. */
  progress = new Map();
  isLoaded = false;
  #filter;
  #next = null;
  #loading = null;
  // What events told while a list was on its way, which may be older than they are.
  #told = null;

  /** filter: the rest of the query, "&pinned=true"; accepts: whether a picture belongs to it. */
  constructor(filter = "", accepts = () => true) {
    super();
    this.#filter = filter;
    this.accepts = accepts;
    events.on("picture", (picture) => this.put(picture));
    events.on("deleted", ({ number }) => this.remove(number));
    events.on("progress", ({ number, style, progress }) => this.#setProgress(number, { style, progress }));
    events.on("done", ({ number, style }) => this.#finish(number, style));
    events.on("failed", ({ number }) => this.#finish(number));
    events.on("lost", () => this.progress.clear());
    events.on("reconnected", () => this.isLoaded && this.refresh().catch(() => {}));
  }

  get hasMore() {
    return this.#next !== null;
  }

  find(number) {
    return this.pictures[this.#place(number)]?.number === number ? this.pictures[this.#place(number)] : undefined;
  }

  /** The newest pictures, unless they are there. */
  async load() {
    if (!this.isLoaded) await this.refresh();
  }

  /** Asks for the newest again; what is older and known stays when the two lists meet. */
  async refresh() {
    const told = (this.#told = new Map());
    const page = await this.#page("").finally(() => (this.#told = null));
    const last = page.pictures.at(-1)?.number ?? Infinity;
    const known = this.pictures.findIndex((picture) => picture.number <= last);
    const meets = page.next !== null && this.pictures[known]?.number === last;
    this.pictures = meets ? [...page.pictures, ...this.pictures.slice(known + 1)] : page.pictures;
    if (!meets) this.#next = page.next;
    this.total = page.count;
    this.isLoaded = true;
    for (const [number, picture] of told) {
      if (picture) this.put(picture);
      else this.remove(number);
    }
    this.#changed();
  }

  /** Appends the next page of older pictures. */
  loadMore() {
    if (!this.hasMore) return Promise.resolve();
    this.#loading ??= this.#page(`&before=${this.#next}`)
      .then((page) => {
        const last = this.pictures.at(-1)?.number ?? Infinity;
        this.pictures.push(...page.pictures.filter((picture) => picture.number < last));
        this.#next = page.next;
        this.total = page.count;
        this.#changed();
      })
      .finally(() => (this.#loading = null));
    return this.#loading;
  }

  /** Adds a picture or replaces what was known of it. */
  put(picture) {
    this.#told?.set(picture.number, picture);
    if (!this.isLoaded) return;
    if (!this.accepts(picture)) return this.remove(picture.number);
    const place = this.#place(picture.number);
    if (this.pictures[place]?.number === picture.number) {
      this.pictures[place] = picture;
      return this.#changed(picture.number);
    }
    // One that is older than all that was loaded comes with its page.
    if (place === this.pictures.length && this.hasMore) return;
    this.pictures.splice(place, 0, picture);
    this.total += 1;
    this.#changed(picture.number);
  }

  remove(number) {
    const place = this.#place(number);
    this.#told?.set(number, null);
    this.progress.delete(number);
    if (this.pictures[place]?.number !== number) return;
    this.pictures.splice(place, 1);
    this.total -= 1;
    this.#changed();
  }

  #page(query) {
    return get(`/api/pictures?limit=${pageLength}${query}${this.#filter}`);
  }

  /** Where a number is or would be. */
  #place(number) {
    let low = 0;
    let high = this.pictures.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.pictures[middle].number > number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #setProgress(number, progress) {
    this.progress.set(number, progress);
    this.#changed(number);
  }

  async #finish(number, style) {
    this.progress.delete(number);
    const picture = this.find(number);
    if (!picture) return;
    this.#changed(number);
    // The picture's own event tells what came of it; where it got lost, ask.
    const isKnown = () => style && this.find(number)?.anime.some((anime) => anime.style === style && anime.thumb);
    await new Promise((done) => setTimeout(done, 800));
    if (isKnown()) return;
    await get(`/api/pictures/${number}`).then((fresh) => this.put(fresh), () => {});
  }

  #changed(number) {
    this.dispatchEvent(new CustomEvent("change", { detail: number }));
  }
}

/** All pictures. */
export const album = new Album();
