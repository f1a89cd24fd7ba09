// Show: the album on a television, newest first. A new picture comes at once, and is painted before everybody's eyes.

import { album } from "../album.js";
import { codeImage } from "../dialogs.js";
import { make } from "../dom.js";
import { events } from "../events.js";
import { icon } from "../icons.js";
import { say } from "../language.js";
import { session } from "../session.js";
import { FadingPicture, animeOf, dropPetals, viewFile, workOn } from "../picture-view.js";

const secondsEach = 7;
// A party that watches sees the last hour, not last week.
const most = 60;

export async function open(place, { go, signal }) {
  const screen = make("div", { class: "show" });
  const title = make("p", { class: "show-title" });
  const code = codeFigure(
    "/api/qr.svg?path=/",
    say("show_code"),
    () => code.replaceChildren(say("menu_gallery"), make("p", { class: "address" }, session.facts.address)),
  );
  const wifi = codeFigure(false, say("wifi_join"), () => wifi.classList.add("away"));
  wifi.classList.add("away");
  const slides = new Slides(secondsEach, show, signal);
  const stage = make("div", { class: "show-stage", "aria-live": "off" });
  const pauseButton = control("pause", "pause", () => pause());
  const bar = make(
    "div",
    { class: "show-bar" },
    control("back", "newer", () => slides.step(-1)),
    pauseButton,
    control("next", "older", () => slides.step(1)),
    control("full", "full_screen", fullScreen),
    control("close", "leave", leave),
  );
  const empty = make("p", { class: "show-empty", hidden: true }, icon("flower"), make("span", {}, say("empty_title")));
  let current = null;

  screen.append(
    make("h1", { class: "unseen" }, say("menu_show")),
    stage,
    empty,
    title,
    make("div", { class: "show-codes" }, wifi, code),
    bar,
  );
  place.append(screen);
  showWifi();
  hideWhenIdle(screen, signal);

  function show(picture) {
    empty.hidden = Boolean(picture);
    if (!picture) return stage.replaceChildren();
    if (current?.number !== picture.number) {
      current?.leave();
      current = new Slide(picture);
      stage.append(current.element);
    }
    current.update(picture, album.progress.get(picture.number));
    title.textContent = say("picture_number", { number: picture.number });
  }

  function pause(isPaused = !slides.isPaused) {
    slides.isPaused = isPaused;
    pauseButton.replaceChildren(icon(isPaused ? "play" : "pause"));
    pauseButton.setAttribute("aria-label", say(isPaused ? "play" : "pause"));
  }

  function showWifi() {
    if (!session.isHost || !session.facts.wifi) return;
    const image = wifi.querySelector("img");
    image.addEventListener("load", () => wifi.classList.remove("away"));
    image.src = "/api/wifi.svg";
  }

  function leave() {
    if (document.fullscreenElement) document.exitFullscreen();
    go("/");
  }

  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const onButton = event.target.closest?.("button");
    const actions = {
      ArrowLeft: () => slides.step(-1),
      ArrowRight: () => slides.step(1),
      f: fullScreen,
      Escape: leave,
    };
    if (!onButton) actions[" "] = () => pause();
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }, { signal });

  const load = () => album.load().catch(() => {});
  events.on("reconnected", load, signal);
  await load();
  if (!signal.aborted) slides.start();
}

function codeFigure(source, text, fails) {
  return make("figure", { class: "show-code" }, codeImage(source, "", fails), make("figcaption", {}, text));
}

function control(drawing, text, action) {
  return make(
    "button",
    { type: "button", class: "button round", "aria-label": say(text), on: { click: action } },
    icon(drawing),
  );
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

/** One picture: the photo as a small print in the corner, the anime picture as large as it goes. */
class Slide {
  #back = make("img", { class: "show-back", alt: "", "aria-hidden": "true" });
  #main = new FadingPicture({ size: 1280, lazy: false });
  #print = make("img", { class: "show-print", alt: "", decoding: "async" });
  #bar = make("progress", { max: 1, "aria-label": say("painting") });
  #wasPainting = false;

  constructor(picture) {
    this.number = picture.number;
    const files = viewFile(picture);
    this.#back.src = picture.photo.thumb ?? files.photo;
    this.#print.src = picture.photo.thumb ?? files.photo;
    this.element = make("div", { class: "slide" }, this.#back, this.#main.element, this.#print, this.#bar);
  }

  update(picture, progress) {
    const files = viewFile(picture);
    const work = files.anime ? null : workOn(picture, progress);
    this.#main.show(files);
    this.#main.alt = say("picture_number", { number: picture.number });
    this.#print.hidden = !animeOf(picture);
    this.#bar.hidden = !work;
    this.#bar.value = work?.part ?? 0;
    if (this.#wasPainting && files.anime) dropPetals(this.element, 28);
    this.#wasPainting = Boolean(work);
  }

  leave() {
    this.element.classList.add("leaving");
    setTimeout(() => this.element.remove(), 1300);
  }
}

/** Controls and pointer go when nobody moved for a while; the keyboard's focus brings them back. */
function hideWhenIdle(screen, signal) {
  let timer;
  const wake = () => {
    screen.classList.remove("idle");
    clearTimeout(timer);
    timer = setTimeout(() => screen.classList.add("idle"), 3500);
  };
  for (const kind of ["pointermove", "pointerdown", "keydown", "focusin"]) addEventListener(kind, wake, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  wake();
}

/** Which picture of the album is shown when. */
class Slides {
  #seconds;
  #show;
  #number = null;
  #newest = 0;
  #timer;
  #signal;
  isPaused = false;

  constructor(seconds, show, signal) {
    this.#seconds = seconds;
    this.#show = show;
    this.#signal = signal;
  }

  start() {
    this.#newest = album.pictures[0]?.number ?? 0;
    this.#number = this.#newest;
    album.addEventListener("change", (event) => this.#change(event.detail), { signal: this.#signal });
    this.#signal.addEventListener("abort", () => clearInterval(this.#timer));
    this.#draw();
    this.#wait();
  }

  /** Goes to the next (1, older) or the one before (-1), round and round. */
  step(direction) {
    const row = this.#row;
    if (!row.length) return this.#show(undefined);
    const place = Math.max(0, row.findIndex((picture) => picture.number === this.#number));
    this.#number = row[(place + direction + row.length) % row.length].number;
    this.#draw();
    this.#wait();
  }

  get #row() {
    return album.pictures.slice(0, most);
  }

  #change(number) {
    const newest = album.pictures[0]?.number ?? 0;
    const isNew = newest > this.#newest;
    this.#newest = newest;
    // A pause is for looking closely: it holds even when a picture arrives.
    if (isNew && !this.isPaused) {
      this.#number = newest;
      this.#wait();
    } else if (number === this.#number && album.progress.size === 0) this.#wait();
    if (!album.find(this.#number)) this.#number = newest;
    this.#draw();
  }

  #draw() {
    this.#show(album.find(this.#number) ?? album.pictures[0]);
  }

  #wait() {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      const isPainted = !album.progress.has(this.#number);
      if (!this.isPaused && isPainted) this.step(1);
    }, this.#seconds * 1000);
  }
}
