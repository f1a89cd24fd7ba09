// The gallery: the newest picture large, then all of them.

import { Album, album } from "../album.js";
import { button, make } from "../dom.js";
import { events } from "../events.js";
import { icon } from "../icons.js";
import { say, sayCount } from "../language.js";
import { Latest } from "../latest.js";
import { Tile } from "../tile.js";
import { WindowGrid } from "../window-grid.js";

const pinned = new Album("&pinned=true", (picture) => picture.pinned);
let shown = album;

export async function open(place, { signal }) {
  const choice = new Choice();
  const latest = new Latest();
  const count = make("p", { class: "soft count", "aria-live": "polite" });
  const fresh = button(
    "",
    () => scrollTo({ top: 0, behavior: "smooth" }),
    { kind: "main fresh", icon: icon("up"), hidden: true },
  );
  const empty = make(
    "div",
    { class: "plain stack", hidden: true },
    icon("flower"),
    make("h2", {}, say("empty_title")),
    make("p", { class: "soft" }, say("empty_text")),
  );
  const makeTile = (number) => new Tile(number, album.progress, choice);
  const grid = new WindowGrid(makeTile, () => shown.loadMore().catch(() => {}), signal);
  let seen = null;

  const tools = make(
    "div",
    { class: "row tools" },
    make("div", { class: "row title" }, make("h1", {}, say("menu_gallery")), count),
    ...filters(() => draw(true)),
    button(say("choose"), () => choose(!choice.isOn), { kind: "choose", "aria-pressed": "false" }),
    make("a", { class: "button", href: "/show" }, icon("show"), make("span", {}, say("menu_show"))),
  );
  const bag = bagOf(choice, () => choose(false));
  place.append(latest.element, tools, empty, grid.element, bag.element, fresh);

  function choose(isOn) {
    choice.isOn = isOn;
    choice.chosen.clear();
    tools.querySelector(".choose").setAttribute("aria-pressed", isOn);
    place.classList.toggle("choosing", isOn);
    bag.update();
    draw();
  }
  choice.changed = () => bag.update();

  // A picture that arrives while somebody looks further down must not move what they look at.
  function draw(isNew = false) {
    const newest = album.pictures[0];
    latest.element.hidden = !newest;
    if (newest) latest.show(newest, album.progress.get(newest.number));
    tools.hidden = empty.hidden = false;
    empty.hidden = shown.pictures.length > 0 || !shown.isLoaded;
    count.textContent = shown.isLoaded ? sayCount("pictures", shown.total) : "";
    const top = shown.pictures[0]?.number ?? null;
    const held = !isNew && seen !== null && top > seen && grid.element.getBoundingClientRect().top < 0;
    const items = held ? shown.pictures.filter((picture) => picture.number <= seen) : shown.pictures;
    if (!held) seen = top;
    const more = shown.pictures.length - items.length;
    fresh.hidden = more === 0;
    if (more) fresh.lastChild.textContent = sayCount("new_pictures", more);
    grid.show(items, shown.total);
  }

  for (const list of [album, pinned]) list.addEventListener("change", () => draw(), { signal });
  addEventListener(
    "scroll",
    () => fresh.hidden || grid.element.getBoundingClientRect().top < 0 || draw(),
    { signal, passive: true },
  );
  const load = () => Promise.all([album.load(), shown.load()]).catch(() => {});
  events.on("reconnected", load, signal);
  await load();
  if (!signal.aborted) draw();
}

/** All pictures or the pinned ones. */
function filters(changed) {
  const make = (text, list) =>
    button(text, () => {
      shown = list;
      list.load().catch(() => {});
      for (const one of both) one.button.setAttribute("aria-pressed", one.list === shown);
      changed();
    }, { "aria-pressed": String(list === shown) });
  const both = [
    { list: album, button: make(say("filter_all"), album) },
    { list: pinned, button: make(say("filter_pinned"), pinned) },
  ];
  return both.map((one) => one.button);
}

/** What is chosen for download. */
class Choice {
  isOn = false;
  chosen = new Set();
  changed = () => {};

  set(number, isChosen) {
    if (isChosen) this.chosen.add(number);
    else this.chosen.delete(number);
    this.changed();
  }
}

/** The bar with the download of what is chosen. */
function bagOf(choice, cancel) {
  const words = make("p", { "aria-live": "polite" });
  const link = make("a", { class: "button main", download: "" }, icon("download"), say("download_zip"));
  const all = make("a", { class: "button", href: "/api/archive.zip", download: "" }, say("download_all"));
  const element = make("div", { class: "bag card row", hidden: true }, words, link, all, button(say("cancel"), cancel));
  return {
    element,
    update() {
      element.hidden = !choice.isOn;
      words.textContent = sayCount("chosen", choice.chosen.size);
      link.hidden = choice.chosen.size === 0;
      link.href = `/api/archive.zip?numbers=${[...choice.chosen].sort((a, b) => a - b).join(",")}`;
    },
  };
}
