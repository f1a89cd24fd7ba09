// The cards of the host's page: how the camera is and was, what it has to do, and what looks after pictures and board.

import { album } from "./album.js";
import { codeImage, confirm } from "./dialogs.js";
import { button, card, make } from "./dom.js";
import { events } from "./events.js";
import { icon } from "./icons.js";
import { say, sayCount, sayNumber, sayTime } from "./language.js";
import { notice } from "./notice.js";
import { plot } from "./plot.js";
import { get, send } from "./server.js";
import { session } from "./session.js";
import { styleName } from "./styles-list.js";

const wellStates = ["ready", "counting", "capturing", "converting"];

export function healthCard(signal) {
  const state = make("p", { class: "state" }, "…");
  const problems = make("ul", { class: "problems" });
  const facts = make("dl", { class: "facts" });

  function show(health) {
    state.textContent = say(`state_${health.state}`);
    state.className = `state ${wellStates.includes(health.state) ? "good" : "bad"}`;
    problems.replaceChildren(...(health.problems ?? []).map((sentence) => make("li", { class: "wrong" }, sentence)));
    facts.replaceChildren(
      ...rows(health).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))),
    );
  }

  if (events.health) show(events.health);
  get("/api/health", signal).then(show, () => {});
  events.on("health", show, signal);
  return card("health", say("health"), state, problems, facts);
}

function rows(health) {
  const unknown = "–";
  const megabytes = (value) => (value === null || value === undefined ? unknown : `${sayNumber(value)} MB`);
  const age = health.camera?.frame_age_ms;
  return [
    [say("fact_camera"), health.camera?.name ?? unknown],
    [say("fact_frame"), age === null || age === undefined ? unknown : `${sayNumber(age)} ms`],
    [say("fact_queue"), `${sayNumber(health.queue.waiting)} / ${sayNumber(health.queue.capacity)}`],
    [say("fact_last"), sayTime(health.last_shot) || unknown],
    [say("fact_temperature"), health.temperature_c === null ? unknown : `${sayNumber(health.temperature_c, 1)} °C`],
    [say("fact_throttled"), health.throttled === null ? unknown : say(health.throttled ? "yes" : "no")],
    [say("fact_memory_own"), megabytes(health.memory_rss_mb)],
    [say("fact_memory_free"), megabytes(health.memory_free_mb)],
    [say("fact_cma"), megabytes(health.cma_free_mb)],
    [say("fact_uptime"), sayCount("minutes", Math.floor(health.uptime_s / 60))],
  ];
}

export function historyCard(signal) {
  const plots = make("div", { class: "plots" });
  const load = () =>
    get("/api/history", signal).then((history) => {
      const stage = (name, ...parts) => ({
        name: say(`stage_${name}`),
        values: history.stages_ms.map((times) => parts.reduce((sum, part) => sum + times[part], 0)),
      });
      plots.replaceChildren(
        plot(say("fact_temperature"), "°C", [{ values: history.temperature_c }]),
        plot(say("fact_memory_own"), "MB", [{ values: history.memory_rss_mb }]),
        plot(say("stages"), "ms", [
          stage("network", "see", "faces", "network", "enlarge"),
          stage("decode", "decode"),
          stage("encode", "encode"),
        ]),
      );
    }, () => {});
  load();
  const timer = setInterval(() => document.hidden || load(), 15_000);
  signal.addEventListener("abort", () => clearInterval(timer));
  return card("history", say("last_hour"), plots);
}

export function jobsCard(signal) {
  const list = make("ul", { class: "jobs" });
  let timer;

  async function load() {
    const answer = await get("/api/jobs", signal).catch(() => null);
    if (!answer) return;
    list.replaceChildren(...answer.jobs.map(row));
    if (!answer.jobs.length) list.append(make("li", { class: "soft" }, say("jobs_none")));
  }

  function row(job) {
    const name = `${say("picture_number", { number: job.number })}, ${styleName(job.style)}`;
    const percent = sayNumber(job.progress * 100);
    const words = job.state === "running" ? say("painting_percent", { percent }) : say("waiting");
    const cancel = button(
      say("cancel"),
      () => send("DELETE", `/api/jobs/${encodeURIComponent(job.id)}`).then(load, (problem) => notice(problem.sentence)),
      { "aria-label": `${say("cancel")}: ${name}` },
    );
    return make(
      "li",
      { class: "row" },
      make("a", { href: `/p/${job.number}` }, name),
      make("span", { class: "soft" }, words),
      cancel,
    );
  }

  // Many events come at once; one question answers them all.
  const soon = () => (timer ??= setTimeout(() => ((timer = undefined), load()), 500));
  for (const kind of ["picture", "progress", "done", "failed", "deleted", "reconnected"]) events.on(kind, soon, signal);
  signal.addEventListener("abort", () => clearTimeout(timer));
  load();
  return card("queue", say("jobs"), list);
}

/** How many pictures and how much room; out to a stick, and away with all of them. */
export function storageCard(signal) {
  const facts = make("p", {}, "…");
  const folder = make(
    "input",
    { id: "export-folder", value: "/media/usb", required: true, autocapitalize: "off", spellcheck: "false" },
  );
  const copy = make(
    "form",
    { class: "stack" },
    make("div", { class: "field" }, make("label", { for: "export-folder" }, say("export_folder")), folder),
    make("div", { class: "row" }, make("button", { class: "button" }, say("export"))),
  );
  copy.addEventListener("submit", (event) => {
    event.preventDefault();
    send("POST", "/api/export", { folder: folder.value.trim() }).then(
      () => notice(say("export_started")),
      (problem) => notice(problem.message || problem.sentence),
    );
  });

  async function wipe() {
    const word = say("wipe_word");
    if (!(await confirm({ title: say("wipe_title"), text: say("wipe_text"), action: say("wipe"), word }))) return;
    try {
      await send("POST", "/api/wipe", { confirm: "wipe" });
      await album.refresh();
      notice(say("wiped"));
    } catch (problem) {
      notice(problem.sentence);
    }
  }

  function show(health) {
    const room = say("disk_free", { megabytes: sayNumber(health.disk_free_mb) });
    facts.textContent = `${sayCount("pictures", health.pictures)} · ${room}`;
  }
  get("/api/health", signal).then(show, () => {});
  events.on("health", show, signal);
  return card(
    "storage",
    say("storage"),
    facts,
    make(
      "div",
      { class: "row" },
      make("a", { class: "button", href: "/api/archive.zip", download: "" }, icon("download"), say("download_all")),
    ),
    copy,
    make("div", { class: "row" }, button(say("wipe"), wipe, { icon: icon("remove"), kind: "danger" })),
  );
}

/** The code that joins the Wi-Fi, for guests who stand before this screen. */
export function wifiCard() {
  if (!session.facts.wifi) return card("wifi", say("wifi_join"), make("p", { class: "soft" }, say("wifi_none")));
  const code = "/api/wifi.svg";
  const image = codeImage(code, say("wifi_join"), () =>
    get(code).catch((problem) => image.replaceWith(make("p", { class: "wrong" }, problem.sentence))),
  );
  return card("wifi", say("wifi_join"), make("p", { class: "soft" }, say("wifi_text")), image);
}

/** Switches the board off, so that the plug can be pulled. */
export function powerCard() {
  async function shutDown() {
    if (!(await confirm({ title: say("shutdown_title"), text: say("shutdown_text"), action: say("shutdown") }))) return;
    await send("POST", "/api/shutdown").then(() => notice(say("shutting_down")), (problem) => notice(problem.sentence));
  }
  return card(
    "power",
    say("power"),
    make("p", { class: "soft" }, say("power_text")),
    make("div", { class: "row" }, button(say("shutdown"), shutDown, { kind: "danger" })),
  );
}
