// Line drawings on a field of 24 by 24.

import { makeShape } from "./dom.js";

const drawings = {
  gallery: "M4 5.5h6.5V12H4zM13.5 5.5H20V10h-6.5zM4 15h6.5v4H4zM13.5 13H20v6h-6.5z",
  upload: "M12 15V4m0 0L7.5 8.5M12 4l4.5 4.5M4 15v3.5A1.5 1.5 0 0 0 5.5 20h13a1.5 1.5 0 0 0 1.5-1.5V15",
  download: "M12 4v11m0 0 4.5-4.5M12 15l-4.5-4.5M4 16v2.5A1.5 1.5 0 0 0 5.5 20h13a1.5 1.5 0 0 0 1.5-1.5V16",
  camera: "M4 8h3.2L9 5.5h6L16.8 8H20a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM12 10a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8",
  styles: "M20 4c-6 2-10 6-11.5 9.5l2 2C14 14 18 10 20 4zM8 14.5c-2 0-3 1.4-3 3 0 1-.6 1.7-1.5 2 3 1.2 6.5.5 6.5-3",
  show: "M3.5 5h17v11h-17zM8 20h8M12 16v4",
  host: "M4 7h9m4 0h3M4 12h3m4 0h9M4 17h9m4 0h3M15 5v4M9 10v4M15 15v4",
  share: "M12 14V3.5m0 0L8.5 7M12 3.5 15.5 7M8 10.5H6V20h12v-9.5h-2",
  code: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM17.5 17.5H20V20h-2.5zM20 14v0M14 20v0M7 7v0M17 7v0M7 17v0",
  pin: "M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.4 4.2 4.2 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z",
  remove: "M5 7h14M10 4h4M7 7l.8 13h8.4L17 7M10.5 11v5.5M13.5 11v5.5",
  back: "M14.5 5.5 8 12l6.5 6.5",
  next: "M9.5 5.5 16 12l-6.5 6.5",
  up: "M12 19V5m0 0-6 6m6-6 6 6",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  close: "M6 6l12 12M18 6 6 18",
  check: "M5 12.5 10 17.5 19.5 7",
  retry: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15",
  flower: "M12 10.5c-2.5-2-3-4.5-1.5-7L12 4.5l1.5-1c1.5 2.5 1 5-1.5 7m1.4 1c1.1-3 3.4-4.2 6.2-3.5l-.5 1.7 1.4 1.1c-2 2.2-4.5 2.4-7.1.7m-.5 1.6c3.2.1 5 1.9 5.2 4.8l-1.8.1-.6 1.7c-2.7-1.3-3.6-3.6-2.8-6.6m-1.6 0c.9 3.1-.1 5.4-2.7 6.7l-.7-1.7-1.8-.1c.3-3 2.1-4.7 5.2-4.9m-.5-1.6c-2.6 1.8-5.1 1.5-7.1-.7l1.4-1.1-.5-1.7c2.9-.7 5.1.5 6.2 3.5",
};

/** One of the drawings, hidden from screen readers: the text beside it says the same. */
export function icon(name) {
  const path = makeShape("path", { d: drawings[name] });
  return makeShape("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, path);
}
