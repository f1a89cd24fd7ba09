// One picture: before and after, its styles, and what can be done with it.

import { album } from "../album.js";
import { confirm, showCode } from "../dialogs.js";
import { Compare } from "../compare.js";
import { button, make, setAttribute } from "../dom.js";
import { events } from "../events.js";
import { icon } from "../icons.js";
import { say, sayTime } from "../language.js";
import { notice } from "../notice.js";
import { get, send } from "../server.js";
import { session } from "../session.js";
import { colourOptions, faceOptions, loadStyles, sideOption, sides, styleName } from "../styles-list.js";
import { animeOf, viewFile, workOn } from "../picture-view.js";

export async function open(place, { go, parameters, signal }) {
  const number = Number(parameters[0]);
  const path = `/p/${number}`;
  let [picture, styles] = await Promise.all([
    get(`/api/pictures/${number}`, signal).catch((problem) => problem),
    loadStyles().then((answer) => answer.styles, () => []),
  ]);
  if (signal.aborted) return;
  if (picture instanceof Error) {
    place.append(
      make(
        "div",
        { class: "plain stack" },
        make("h1", {}, picture.sentence ?? say("problem_missing")),
        make("p", {}, make("a", { href: "/" }, say("to_gallery"))),
      ),
    );
    return;
  }

  let style = animeOf(picture)?.style;
  const title = say("picture_number", { number });
  const compare = new Compare(signal);
  const choices = make("div", { class: "row", role: "group", "aria-label": say("menu_styles") });
  const size = make(
    "select",
    { "aria-label": say("setting_size"), on: { change: () => draw() } },
    make("option", { value: "" }, say("setting_size")),
    ...sides.map(sideOption),
  );
  const faces = make(
    "select",
    { "aria-label": say("setting_faces"), on: { change: () => draw() } },
    make("option", { value: "" }, say("setting_faces")),
    ...faceOptions(),
  );
  const [hair, eyes] = ["hair", "value_eyes"].map((text) =>
    make(
      "select",
      { "aria-label": say(text), on: { change: () => draw() } },
      make("option", { value: "" }, say(text)),
      ...colourOptions(),
    ),
  );
  const isDrawn = (name) => styles.find((one) => one.name === name)?.drawn;
  const again = button(say("paint_again"), () => again.ariaDisabled === "true" || paint(style));
  const sizes = make("div", { class: "row" }, size, faces, hair, eyes, again);
  const bar = make("progress", { max: 1, "aria-label": say("painting") });
  const words = make("span", { role: "status" });
  const work = make("div", { class: "work" }, words, bar);
  const downloads = [
    make("a", { class: "button main", download: "" }, icon("download"), say("download_anime")),
    make("a", { class: "button", download: "" }, icon("download"), say("download_photo")),
  ];
  const pin = button(say("pin"), togglePin, { icon: icon("pin") });
  const older = step("next", "older");
  const newer = step("back", "newer");

  place.append(
    make(
      "div",
      { class: "page-head" },
      make("div", {}, make("h1", {}, title), make("p", { class: "soft" }, sayTime(picture.taken) || say("no_time"))),
      newer,
      older,
    ),
    compare.element,
    make(
      "div",
      { class: "picture-tools" },
      make("section", { class: "card stack" }, make("h2", {}, say("menu_styles")), choices, sizes, work),
      make(
        "section",
        { class: "card stack" },
        make("h2", {}, say("take_along")),
        make(
          "div",
          { class: "row" },
          ...downloads,
          button(say("share"), () => share(title, path), { icon: icon("share") }),
          button(say("code"), () => showCode(path), { icon: icon("code") }),
        ),
        session.isHost && make(
          "div",
          { class: "row" },
          pin,
          button(say("delete"), remove, { icon: icon("remove"), kind: "danger" }),
        ),
      ),
    ),
  );

  function draw() {
    const anime = animeOf(picture, style);
    compare.show(viewFile(picture, anime ? style : undefined), title);
    setAttribute(downloads[0], "href", anime ? `${anime.file.split("?")[0]}?download=1` : null);
    downloads[0].hidden = !anime;
    setAttribute(downloads[1], "href", `${picture.photo.file}?download=1`);
    setAttribute(pin, "aria-pressed", String(picture.pinned));
    drawStyles();
    drawWork(album.progress.get(number));
  }

  function drawStyles() {
    const focused = document.activeElement?.dataset?.style;
    const made = picture.anime.map((anime) => anime.style);
    const others = session.mayUpload ? styles.map((one) => one.name).filter((name) => !made.includes(name)) : [];
    choices.replaceChildren(
      ...made.map((name) => {
        const isShown = String(name === style);
        return button(styleName(name), () => choose(name), { "aria-pressed": isShown, "data-style": name });
      }),
      ...others.map((name) => {
        const waits = picture.waiting.includes(name);
        return button(
          styleName(name),
          () => waits || paint(name),
          {
            kind: "wish",
            icon: make("span", { "aria-hidden": "true" }, waits ? "…" : "+"),
            "aria-label": say("paint_as", { style: styleName(name) }),
            "aria-disabled": String(waits),
            "data-style": name,
          },
        );
      }),
    );
    sizes.hidden = !session.mayUpload;
    // A style of an older program is shown, and not painted any more.
    again.hidden = !styles.some((one) => one.name === style);
    // Guests choose before they have it painted: a style that they wish for may be drawn.
    hair.hidden = eyes.hidden = !styles.some((one) => one.drawn);
    again.ariaDisabled = String(!Object.keys(wishesFor(style)).length || picture.waiting.includes(style));
    if (focused) choices.querySelector(`[data-style="${focused}"]`)?.focus();
  }

  function drawWork(progress) {
    const now = workOn(picture, progress);
    const failed = picture.failed[0];
    bar.hidden = !now;
    setAttribute(bar, "value", now?.part ?? 0);
    if (now) words.textContent = now.text;
    else if (failed) words.textContent = say(
      "failed_because",
      { style: styleName(failed.style), reason: failed.reason },
    );
    else words.textContent = styles.find((one) => one.name === style)?.title ?? "";
  }

  function wishesFor(name) {
    const wishes = { size: Number(size.value), faces: faces.value };
    if (isDrawn(name)) Object.assign(wishes, { hair: hair.value, eyes: eyes.value });
    return Object.fromEntries(Object.entries(wishes).filter(([, value]) => value));
  }

  function choose(name) {
    style = name;
    draw();
  }

  async function paint(name) {
    try {
      await send("POST", `/api/pictures/${number}/conversions`, { style: name, ...wishesFor(name) });
      picture = { ...picture, waiting: [...picture.waiting, name] };
      draw();
    } catch (problem) {
      notice(problem.status === 409 ? say("waiting") : problem.sentence);
    }
  }

  async function togglePin() {
    try {
      await send(picture.pinned ? "DELETE" : "PUT", `/api/pictures/${number}/pin`);
      picture = { ...picture, pinned: !picture.pinned };
      draw();
    } catch (problem) {
      notice(problem.sentence);
    }
  }

  async function remove() {
    if (!(await confirm({ title: say("delete_title"), text: say("delete_text"), action: say("delete") }))) return;
    await send("DELETE", `/api/pictures/${number}`).then(() => go("/"), (problem) => notice(problem.sentence));
  }

  function step(drawing, text) {
    return make("a", { class: "button round", hidden: true, "aria-label": say(text) }, icon(drawing));
  }

  async function findNeighbours() {
    const place = album.pictures.findIndex((one) => one.number === number);
    const left = place > 0 ? album.pictures[place - 1].number : null;
    const page = await get(`/api/pictures?before=${number}&limit=1`, signal).catch(() => null);
    const right = page?.pictures[0]?.number;
    for (const [link, target] of [[newer, left], [older, right]]) {
      link.hidden = !target;
      if (target) link.href = `/p/${target}`;
    }
  }

  const reload = () => get(`/api/pictures/${number}`, signal).then(accept, () => {});
  function accept(fresh) {
    const isNew = fresh.anime.find((anime) => !animeOf(picture, anime.style));
    picture = fresh;
    if (isNew) style = isNew.style;
    draw();
  }
  events.on("picture", (fresh) => fresh.number === number && accept(fresh), signal);
  events.on("progress", (news) => news.number === number && drawWork(news), signal);
  events.on("done", (news) => news.number === number && reload(), signal);
  events.on("failed", (news) => news.number === number && reload(), signal);
  events.on("deleted", (news) => news.number === number && go("/"), signal);
  events.on("reconnected", reload, signal);
  draw();
  findNeighbours();
}

/** Hands the address to another app, or to the clipboard where browsers allow only that: they share over HTTPS only. */
async function share(title, path) {
  const url = new URL(path, location.href).href;
  if (navigator.share) {
    await navigator.share({ title, url }).catch(() => {});
    return;
  }
  notice((await copy(url)) ? say("copied") : url);
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const field = make("textarea", { class: "unseen", readonly: true }, text);
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  return isCopied;
}
