// Begins: the language first, since everything speaks; then menu, notices, the page, and the server's events.

import { make } from "./dom.js";
import { events } from "./events.js";
import { icon } from "./icons.js";
import { loadLanguage, say } from "./language.js";
import { startNotices } from "./notice.js";
import { startRouter } from "./router.js";
import { session } from "./session.js";

const menu = [
  ["/", "gallery", "gallery"],
  ["/upload", "upload", "upload"],
  ["/snap", "snap", "camera"],
  ["/styles", "styles", "styles"],
  ["/show", "show", "show"],
  ["/host", "host", "host"],
];

await loadLanguage();
document.querySelector(".skip").textContent = say("skip");
const place = document.querySelector(".menu");
place.setAttribute("aria-label", say("menu"));
place.append(
  ...menu.map(
    ([path, page, drawing]) => make(
      "a",
      { href: path, class: `to-${page}` },
      icon(drawing),
      make("span", {}, say(`menu_${page}`)),
    ),
  ),
);

startNotices();
events.on("reconnected", () => session.refresh().catch(() => {}));
// Roles decide what pages show; without an answer they show what a guest may.
await Promise.all([events.start(), session.refresh().catch(() => {})]);
await startRouter();

// Browsers offer it on localhost and over HTTPS only.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
