// Snap: the live picture, a countdown and a big button.

import { album } from "../album.js";
import { make, setAttribute } from "../dom.js";
import { events } from "../events.js";
import { icon } from "../icons.js";
import { say, sayNumber } from "../language.js";
import { Latest } from "../latest.js";
import { LivePreview } from "../live-preview.js";
import { notice } from "../notice.js";
import { send } from "../server.js";
import { pinForm, session } from "../session.js";
import { loadStyles, styleName } from "../styles-list.js";

const countdowns = [0, 3, 5, 10];
let countdown = 3;

export async function open(place, { signal }) {
  const preview = new LivePreview(signal);
  const number = make("span", { class: "countdown", role: "timer", "aria-live": "assertive" });
  const flash = make("span", { class: "flash", "aria-hidden": "true" });
  const stage = make("div", { class: "stage" }, preview.element, number, flash);
  const desk = make("div", { class: "desk" });
  const latest = new Latest();
  latest.element.hidden = true;
  place.append(make("h1", { class: "unseen" }, say("take_picture")), stage, desk, latest.element);
  const counter = new Countdown(number);
  const arrivals = { after: null };

  const answer = await loadStyles().catch(() => ({ styles: [], current: "" }));
  const load = () => album.load().catch(() => {});
  await load();
  if (signal.aborted) return;
  arrivals.after = album.pictures[0]?.number ?? 0;
  fillDesk();

  function fillDesk() {
    desk.replaceChildren(session.maySnap ? controls(answer, preview) : pinForm(say("snap_host_only"), fillDesk));
    if (events.state) showState(events.state);
  }

  function showState({ state, countdown }) {
    counter.set(state === "counting" ? countdown : 0);
    if (state === "capturing") flash.classList.add("on");
    else setTimeout(() => flash.classList.remove("on"), 150);
    const shutter = desk.querySelector(".shutter");
    if (shutter) setAttribute(
      shutter,
      "aria-disabled",
      String(["counting", "capturing", "no_camera", "stopping"].includes(state)),
    );
  }

  // What this party just took comes up below the button.
  function showLatest() {
    const newest = album.pictures[0];
    const isNew = newest && newest.number > arrivals.after;
    latest.element.hidden = !isNew;
    if (isNew) latest.show(newest, album.progress.get(newest.number));
  }

  events.on("state", showState, signal);
  events.on("reconnected", load, signal);
  album.addEventListener("change", showLatest, { signal });
  signal.addEventListener("abort", () => counter.set(0));
}

function controls(answer, preview) {
  const choices = countdowns.map((seconds) =>
    make(
      "label",
      { class: "chip" },
      make("input", { type: "radio", name: "countdown", value: seconds, checked: seconds === countdown }),
      make("span", {}, seconds ? say("seconds", { seconds: sayNumber(seconds) }) : say("at_once")),
    ),
  );
  const timer = make("fieldset", { class: "chips" }, make("legend", {}, say("countdown")), ...choices);
  timer.addEventListener("change", (event) => (countdown = Number(event.target.value)));
  const style = make(
    "select",
    { id: "snap-style" },
    ...answer.styles.map(({ name }) => make("option", { value: name }, styleName(name))),
  );
  style.value = answer.current;
  const live = make("input", { type: "checkbox", id: "snap-live" });
  const look = () => (preview.style = live.checked ? style.value : "");
  style.addEventListener("change", look);
  live.addEventListener("change", look);
  const shutter = make(
    "button",
    { type: "button", class: "shutter", "aria-label": say("take_picture") },
    icon("camera"),
  );
  shutter.addEventListener("click", async () => {
    if (shutter.getAttribute("aria-disabled") === "true") return;
    shutter.setAttribute("aria-disabled", "true");
    try {
      await send("POST", "/api/snap", style.value ? { countdown, style: style.value } : { countdown });
    } catch (problem) {
      shutter.setAttribute("aria-disabled", "false");
      if (problem.status === 401 || problem.status === 403) await session.refresh().catch(() => {});
      notice(problem.sentence);
    }
  });
  return make(
    "div",
    { class: "controls" },
    timer,
    shutter,
    make(
      "label",
      { class: "field", for: "snap-style", hidden: answer.styles.length < 2 },
      make("span", {}, say("style")),
      style,
    ),
    make("label", { class: "chip", for: "snap-live" }, live, make("span", {}, say("preview_anime"))),
  );
}

/** Counts down between the words of the server, which may be a second apart or come only once. */
class Countdown {
  #element;
  #timer;

  constructor(element) {
    this.#element = element;
  }

  set(seconds = 0) {
    clearTimeout(this.#timer);
    this.#element.textContent = seconds > 0 ? sayNumber(seconds) : "";
    if (seconds > 1) this.#timer = setTimeout(() => this.set(seconds - 1), 1000);
  }
}
