// Paths and their pages. A page is a module with open(place, context): it fills the place and stops all it started
// when context.signal is aborted; with context.go(path) it leads to another page.

import { make } from "./dom.js";
import { say } from "./language.js";

const pages = [
  [/^\/$/, "gallery", () => import("./pages/gallery.js")],
  [/^\/p\/(\d+)$/, "picture", () => import("./pages/picture.js")],
  [/^\/upload$/, "upload", () => import("./pages/upload.js")],
  [/^\/snap$/, "snap", () => import("./pages/snap.js")],
  [/^\/show$/, "show", () => import("./pages/show.js")],
  [/^\/styles$/, "styles", () => import("./pages/styles.js")],
  [/^\/host$/, "host", () => import("./pages/host.js")],
];

// The other pages are called what the menu calls them.
const titles = { picture: "page_picture", upload: "page_upload", snap: "take_picture", missing: "page_missing" };

let leaving = new AbortController();

/** Opens the page of the address, and from then on the page of every link that is followed. */
export function startRouter() {
  history.scrollRestoration = "manual";
  document.addEventListener("click", follow);
  addEventListener("popstate", (event) => openPage(event.state?.scroll ?? 0));
  return openPage(history.state?.scroll ?? 0, true);
}

/** Goes to a path of ours. */
function go(path) {
  rememberScroll();
  history.pushState({}, "", path);
  return openPage(0);
}

function follow(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (link.origin !== location.origin || link.target || link.hasAttribute("download")) return;
  if (link.hash || !pages.some(([pattern]) => pattern.test(link.pathname))) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

function rememberScroll() {
  history.replaceState({ ...history.state, scroll: scrollY }, "");
}

async function openPage(scroll, isFirst = false) {
  leaving.abort();
  const here = (leaving = new AbortController());
  const path = location.pathname;
  const found = pages.find(([pattern]) => pattern.test(path));
  const name = found?.[1] ?? "missing";
  const module = found ? await found[2]() : { open: openNothing };
  if (here.signal.aborted) return;

  const place = document.getElementById("page");
  place.replaceChildren();
  place.className = `page-${name}`;
  document.body.classList.toggle("bare", name === "show");
  markMenu(path);
  document.title = `${say(titles[name] ?? `menu_${name}`)} · AnimeSnap`;
  const context = {
    parameters: path.match(found?.[0])?.slice(1) ?? [],
    query: new URLSearchParams(location.search),
    signal: here.signal,
    go,
  };
  await module.open(place, context);
  if (here.signal.aborted) return;
  scrollTo(0, scroll);
  // After a step to another page screen readers go on at its beginning.
  if (!isFirst) place.focus({ preventScroll: true });
}

function openNothing(place) {
  place.append(
    make(
      "div",
      { class: "plain stack" },
      make("h1", {}, say("page_missing")),
      make("p", {}, make("a", { href: "/" }, say("to_gallery"))),
    ),
  );
}

function markMenu(path) {
  for (const link of document.querySelectorAll(".menu a")) {
    if (link.pathname === path) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
