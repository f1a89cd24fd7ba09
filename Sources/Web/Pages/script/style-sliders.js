// The main numbers of a drawn style: sliders, and the style's picture painted anew as they move.

import { button, make } from "./dom.js";
import { say, sayNumber } from "./language.js";
import { notice } from "./notice.js";
import { get, paint, send } from "./server.js";
import { forgetStyles } from "./styles-list.js";

/** How long a slider has to rest before the picture is painted, in ms. */
const pause = 250;

/** What opens the sliders of a style; image is the one that shows it. */
export function sliders(style, image, signal) {
  const path = `/api/styles/${encodeURIComponent(style.name)}`;
  const rows = make("div", { class: "stack" });
  const wrong = make("p", { class: "wrong", role: "alert" });
  let inputs = [];
  let timer;
  let isPainting = false;
  let isOld = false;

  const numbers = () => Object.fromEntries(inputs.map((input) => [input.name, Number(input.value)]));
  const standard = () => inputs.forEach((input) => set(input, input.dataset.standard));

  function set(input, value) {
    input.value = value;
    input.previousSibling.lastChild.textContent = sayNumber(Number(input.value), 2);
  }

  function slider({ key, value, standard, least, most }) {
    const input = make("input", { type: "range", name: key, min: least, max: most, step: 0.01, "data-standard": standard });
    // The value is no output: the label would be for that.
    const row = make("label", { class: "field" }, make("span", {}, `${say(`value_${key}`)} `, make("span", { class: "soft" })), input);
    input.addEventListener("input", () => {
      set(input, input.value);
      soon();
    });
    set(input, value);
    inputs.push(input);
    return row;
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(show, pause);
  }

  // One picture after the other: what moved meanwhile is shown by the next.
  async function show() {
    isOld = isPainting;
    if (isPainting || signal.aborted) return;
    isPainting = true;
    try {
      const address = await paint(`${path}/trials`, numbers());
      URL.revokeObjectURL(image.src);
      image.src = address;
      wrong.textContent = "";
    } catch (problem) {
      wrong.textContent = problem.sentence;
    }
    isPainting = false;
    if (isOld) show();
  }

  async function load() {
    if (inputs.length) return;
    try {
      const { values } = await get(`${path}/values`, signal);
      rows.replaceChildren(
        ...values.map(slider),
        make(
          "div",
          { class: "row" },
          button(say("save"), () => save(numbers()), { kind: "main" }),
          button(say("style_reset"), reset),
        ),
      );
    } catch (problem) {
      wrong.textContent = problem.sentence ?? "";
    }
  }

  async function save(values) {
    try {
      await send("PUT", `${path}/values`, values);
      forgetStyles();
      notice(say("saved"));
    } catch (problem) {
      wrong.textContent = problem.sentence;
    }
  }

  function reset() {
    standard();
    soon();
    save({});
  }

  return make(
    "details",
    { class: "stack", on: { toggle: load } },
    make("summary", { class: "button" }, say("style_adjust")),
    rows,
    wrong,
  );
}
