// Small line plots as SVG.

import { make, makeShape } from "./dom.js";
import { say, sayNumber } from "./language.js";

const width = 320;
const height = 96;

/** series: [{name, values}] with null for what was not measured; the last value is the newest. */
export function plot(title, unit, series) {
  const all = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const facts = all.length ? summary(series, unit, all) : say("no_values");
  const top = Math.max(...all, 1);
  const bottom = Math.min(...all, top * 0.9);
  const room = (top - bottom) * 0.1 || 1;
  const drawing = makeShape(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": `${title}: ${facts}` },
  );
  for (const part of [0.25, 0.5, 0.75]) drawing.append(
    makeShape("path", { class: "rule", d: `M0 ${height * part}H${width}` }),
  );
  series.forEach(({ values }, index) => {
    drawing.append(makeShape("path", { class: `line line-${index}`, d: line(values, bottom - room, top + room) }));
  });
  const names = series.length > 1 && make(
    "figcaption",
    { class: "names" },
    ...series.map(({ name }, index) => make("span", { class: `name name-${index}` }, name)),
  );
  return make(
    "figure",
    { class: "plot" },
    make("div", { class: "row" }, make("h3", {}, title), make("span", { class: "soft small" }, facts)),
    drawing,
    names,
  );
}

function line(values, bottom, top) {
  const step = width / Math.max(1, values.length - 1);
  let pen = "M";
  let path = "";
  values.forEach((value, index) => {
    if (value === null) {
      pen = "M";
      return;
    }
    path += `${pen}${(index * step).toFixed(1)} ${(height - ((value - bottom) / (top - bottom)) * height).toFixed(1)}`;
    pen = "L";
  });
  return path;
}

function summary(series, unit, all) {
  const range = say(
    "plot_range",
    { low: `${sayNumber(Math.min(...all))} ${unit}`, high: `${sayNumber(Math.max(...all))} ${unit}` },
  );
  if (series.length > 1) return range;
  return `${sayNumber(series[0].values.findLast((value) => value !== null))} ${unit} · ${range}`;
}
