// How a picture is shown: which file where, the anime picture fading in above the photo, petals when it is done.

import { make, prefersStillness, setAttribute } from "./dom.js";
import { say, sayNumber } from "./language.js";

/** The photo with the anime picture above it, which fades in when it has arrived. */
export class FadingPicture {
  #photo;
  #anime;
  #shown = "";

  constructor({ size = 320, lazy = true, alt = "" } = {}) {
    const common = { width: size, height: size, alt: "", decoding: "async", loading: lazy ? "lazy" : false };
    this.#photo = make("img", { ...common, class: "photo", alt });
    this.#anime = make("img", { ...common, class: "anime" });
    for (const image of [this.#photo, this.#anime]) {
      image.hidden = true;
      image.addEventListener("load", () => image.classList.add("there"));
      image.addEventListener("error", () => image.classList.remove("there"));
    }
    this.element = make("span", { class: "fading" }, this.#photo, this.#anime);
  }

  set alt(text) {
    setAttribute(this.#photo, "alt", this.#anime.hidden ? text : "");
    setAttribute(this.#anime, "alt", this.#anime.hidden ? "" : text);
  }

  /** Shows these files; a photo that nobody saw is not even fetched when there is an anime picture. */
  show({ photo, anime }) {
    const key = `${photo} ${anime}`;
    if (key === this.#shown) return;
    const wasEmpty = !this.#shown;
    this.#shown = key;
    if (!anime || !wasEmpty) this.#put(this.#photo, photo);
    this.#put(this.#anime, anime);
  }

  /** Nobody looks any more: what is still on its way need not come. */
  stop() {
    for (const image of [this.#photo, this.#anime]) if (!image.complete) image.removeAttribute("src");
  }

  #put(image, file) {
    if (image.getAttribute("src") === file) return;
    image.hidden = !file;
    image.classList.remove("there");
    if (file) image.src = file;
    else image.removeAttribute("src");
  }
}

/** Petals that fall when a picture is done. Decoration only: not for those who want stillness. */
export function dropPetals(place, count = 16) {
  if (prefersStillness()) return;
  const petals = make("span", { class: "petals", "aria-hidden": "true" });
  for (let index = 0; index < count; index += 1) {
    const petal = make("span");
    petal.style.left = `${Math.random() * 100}%`;
    petal.style.setProperty("--drift", `${Math.random() * 8 - 4}rem`);
    petal.style.animationDelay = `${Math.random() * 0.9}s`;
    petal.style.animationDuration = `${2 + Math.random() * 1.5}s`;
    petals.append(petal);
  }
  place.append(petals);
  setTimeout(() => petals.remove(), 4500);
}

/** The smallest files that are good enough for a tile. Small versions are null until they are made. */
export function tileFile(picture, style) {
  const anime = animeOf(picture, style);
  return { photo: picture.photo.thumb ?? picture.photo.preview ?? picture.photo.file, anime: anime?.thumb ?? null };
}

/** The files for a large view. */
export function viewFile(picture, style) {
  const anime = animeOf(picture, style);
  return { photo: picture.photo.preview ?? picture.photo.file, anime: anime ? (anime.preview ?? anime.file) : null };
}

/** The anime picture of a style; without a style the one that was made last. */
export function animeOf(picture, style) {
  return style ? picture.anime.find((anime) => anime.style === style) : picture.anime.at(-1);
}

/** What is being done: nothing (null), or {part: 0...1, text}; progress is that of the album. */
export function workOn(picture, progress) {
  if (progress) return {
    part: progress.progress,
    text: say("painting_percent", { percent: sayNumber(Math.floor(progress.progress * 100)) }),
  };
  return picture.waiting.length ? { part: 0, text: say("waiting") } : null;
}
