// Dialogs: a QR code for another phone, and a question before what cannot be undone.

import { button, make } from "./dom.js";
import { icon } from "./icons.js";
import { say } from "./language.js";
import { session } from "./session.js";

/** Shows the code of a path of ours. */
export function showCode(path) {
  // The address that other phones reach may differ from the one of this page ("localhost" on the host's own screen).
  const address = new URL(path, session.facts.address ?? location.href).href;
  const source = `/api/qr.svg?path=${encodeURIComponent(path)}`;
  // Its address stands below.
  const image = codeImage(source, say("code_of", { address }), (image) => image.remove());
  const dialog = make(
    "dialog",
    { class: "stack", "aria-labelledby": "code-title" },
    make("h2", { id: "code-title" }, say("code_title")),
    image,
    make("p", { class: "soft address" }, address),
    button(say("close"), () => dialog.close(), { icon: icon("close") }),
  );
  openDialog(dialog);
}

/** The picture of a QR code. Where none can be drawn, fails is called with it: the camera has no libqrencode, say. */
export function codeImage(src, alt, fails) {
  const image = make("img", { class: "code", src, width: 288, height: 288, alt });
  image.addEventListener("error", () => fails(image));
  return image;
}

/** Opens a dialog on top of the page; it is gone once it closes. */
function openDialog(dialog) {
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.showModal();
}

/** Asks whether something that cannot be undone is meant; word: what has to be typed first. */
export function confirm({ title, text, action, word }) {
  return new Promise((answer) => {
    const field = make(
      "input",
      { id: "confirm-word", autocomplete: "off", autocapitalize: "off", spellcheck: "false" },
    );
    const yes = make("button", { class: "button danger", disabled: Boolean(word) }, action);
    field.addEventListener("input", () => (yes.disabled = field.value.trim() !== word));
    let isMeant = false;
    const form = make(
      "form",
      { method: "dialog", on: { submit: () => (isMeant = true) } },
      make("h2", { id: "confirm-title" }, title),
      make("p", {}, text),
      word && make(
        "label",
        { class: "field", for: "confirm-word" },
        make("span", {}, say("type_word", { word })),
        field,
      ),
      make("div", { class: "row" }, button(say("cancel"), () => dialog.close()), yes),
    );
    const dialog = make("dialog", { "aria-labelledby": "confirm-title" }, form);
    dialog.addEventListener("close", () => answer(isMeant));
    openDialog(dialog);
  });
}
