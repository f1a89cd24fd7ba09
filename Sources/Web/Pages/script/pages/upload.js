// Upload: photos of the guests, by picker, camera, drag and drop or paste.

import { make } from "../dom.js";
import { events } from "../events.js";
import { icon } from "../icons.js";
import { say, sayCount } from "../language.js";
import { pinForm, session } from "../session.js";
import { loadStyles, styleName } from "../styles-list.js";
import { UploadQueue } from "../upload-queue.js";
import { UploadRow } from "../upload-row.js";

// Without HEIC in the list iPhones hand out JPEG; what else is no JPEG is made one here.
const kinds = "image/jpeg,image/png,image/webp";

export async function open(place, { query, signal }) {
  const head = make("div", { class: "page-head" }, make("h1", {}, say("page_upload")));
  if (!session.mayUpload) {
    place.append(head, pinForm(say("upload_host_only"), () => location.reload()));
    return;
  }

  const rows = [];
  const queue = new UploadQueue(signal);
  const list = make("ul", { class: "uploads" });
  const summary = make("p", { class: "soft", role: "status" });
  const style = await stylePicker(query.get("style"));
  if (signal.aborted) return;

  function take(files) {
    for (const file of files) {
      if (!file.type.startsWith("image/")) continue;
      const item = { file, style: style.select.value, tell: (state, value) => tell(row, state, value) };
      const row = new UploadRow(file, () => queue.add(item));
      rows.unshift(row);
      list.prepend(row.element);
      queue.add(item);
    }
    summarize();
  }

  function tell(row, state, value) {
    row.tell(state, value);
    if (state === "done") summarize();
  }

  function summarize() {
    const done = rows.filter((row) => row.isDone).length;
    summary.textContent = rows.length ? `${sayCount("uploaded", done)} / ${rows.length}` : "";
  }

  const picker = chooser("upload_choose", { multiple: true, accept: kinds }, "upload", take);
  const camera = chooser("take_picture", { accept: "image/jpeg", capture: "environment" }, "camera", take);
  camera.classList.add("phone-only");
  const drop = make(
    "div",
    { class: "drop card" },
    icon("flower"),
    make("p", { class: "drop-title" }, say("upload_drop")),
    make("p", { class: "soft" }, say("upload_hint")),
    make("div", { class: "row" }, picker, camera),
    style.element,
  );
  acceptDrops(drop, take, signal);
  place.append(head, drop, summary, list);

  const find = (number) => rows.find((row) => row.number === number);
  events.on("picture", (picture) => find(picture.number)?.update(picture), signal);
  events.on(
    "progress",
    ({ number, progress }) => find(number)?.update({ waiting: [], anime: [], photo: {} }, progress),
    signal,
  );
  signal.addEventListener("abort", () => rows.forEach((row) => row.discard()));
}

/** A label that looks like a button round a file field, which stays reachable by keyboard. */
function chooser(text, attributes, drawing, take) {
  const field = make("input", { type: "file", class: "unseen", ...attributes });
  field.addEventListener("change", () => {
    take([...field.files]);
    field.value = "";
  });
  return make("label", { class: "button main chooser" }, icon(drawing), say(text), field);
}

async function stylePicker(wished) {
  const answer = await loadStyles().catch(() => ({ styles: [], current: "" }));
  const select = make(
    "select",
    { id: "upload-style" },
    ...answer.styles.map(({ name }) => make("option", { value: name }, styleName(name))),
  );
  select.value = answer.styles.some(({ name }) => name === wished) ? wished : answer.current;
  const element = make(
    "label",
    { class: "field", for: "upload-style", hidden: answer.styles.length < 2 },
    make("span", {}, say("style")),
    select,
  );
  return { select, element };
}

function acceptDrops(drop, take, signal) {
  const over = (isOver) => drop.classList.toggle("over", isOver);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  }, { signal });
  addEventListener("dragleave", (event) => event.relatedTarget || over(false), { signal });
  addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    take([...event.dataTransfer.files]);
  }, { signal });
  addEventListener("paste", (event) => take([...(event.clipboardData?.files ?? [])]), { signal });
}
