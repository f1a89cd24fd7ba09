// Host: everything that looks after the party. Each part is a card of its own.

import { button, card, make } from "../dom.js";
import { icon } from "../icons.js";
import { say } from "../language.js";
import { notice } from "../notice.js";
import { get, send } from "../server.js";
import { pinForm, session } from "../session.js";
import { faceOptions, forgetStyles, loadStyles, sideOption, sides, styleName } from "../styles-list.js";
import { healthCard, historyCard, jobsCard, powerCard, storageCard, wifiCard } from "../host-cards.js";

export async function open(place, { signal }) {
  const leave = button(say("sign_out"), () => session.signOut().then(fill, fill));

  function fill() {
    place.replaceChildren(
      make("div", { class: "page-head" }, make("h1", {}, say("menu_host")), session.isHost && leave),
    );
    if (!session.isHost) return place.append(pinForm(say("host_only"), fill));
    const cards = [healthCard, settingsCard, historyCard, jobsCard, storageCard, wifiCard, powerCard];
    place.append(make("div", { class: "cards" }, ...cards.map((card) => card(signal))));
    place.append(
      make("p", { class: "soft small version" }, icon("flower"), `AnimeSnap ${session.facts.version ?? ""}`),
    );
  }
  fill();
}

/** The settings that matter during a party. */
function settingsCard(signal) {
  const style = make("select", { id: "set-style", name: "style" });
  const size = make("select", { id: "set-size", name: "size" });
  const faces = make("select", { id: "set-faces", name: "faces" }, ...faceOptions());
  const countdown = make("input", { id: "set-countdown", type: "number", min: 0, max: 60, required: true });
  const keep = make("input", { id: "set-keep", type: "number", min: 1, max: 1_000_000, placeholder: say("keep_all") });
  const uploads = make("input", { id: "set-uploads", type: "checkbox" });
  const wrong = make("p", { class: "wrong", role: "alert" });
  const save = make("button", { class: "button main", disabled: true }, say("save"));
  const form = make(
    "form",
    { class: "stack" },
    field(say("style"), style),
    field(say("setting_size"), size),
    field(say("setting_faces"), faces),
    field(say("setting_countdown"), countdown),
    field(say("setting_keep"), keep),
    make("label", { class: "switch", for: "set-uploads" }, uploads, say("setting_uploads")),
    wrong,
    make("div", { class: "row" }, save, make("a", { class: "button", href: "/styles" }, say("style_adjust"))),
  );

  async function load() {
    const [settings, answer] = await Promise.all([get("/api/settings", signal), loadStyles()]);
    style.replaceChildren(...answer.styles.map(({ name }) => make("option", { value: name }, styleName(name))));
    style.value = settings.style;
    size.replaceChildren(...[...new Set([settings.size, ...sides, "full"])].map(sideOption));
    size.value = settings.size;
    faces.value = settings.faces;
    countdown.value = settings.countdown;
    keep.value = typeof settings.keep_pictures === "number" ? settings.keep_pictures : "";
    uploads.checked = settings.uploads;
    save.disabled = false;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    const side = Number(size.value) || size.value;
    const values = {
      style: style.value,
      size: side,
      faces: faces.value,
      countdown: Number(countdown.value),
      uploads: uploads.checked,
      keep_pictures: keep.value ? Number(keep.value) : null,
    };
    try {
      await send("PUT", "/api/settings", values);
      forgetStyles();
      await session.refresh();
      notice(say("saved"));
    } catch (problem) {
      wrong.textContent = problem.sentence;
    }
  });
  load().catch((problem) => (wrong.textContent = problem.sentence ?? ""));
  return card("settings", say("settings"), form);
}

function field(text, control) {
  return make("div", { class: "field" }, make("label", { for: control.id }, text), control);
}
