// Styles: what each makes of the same picture.

import { button, make } from "../dom.js";
import { icon } from "../icons.js";
import { say } from "../language.js";
import { notice } from "../notice.js";
import { send } from "../server.js";
import { session } from "../session.js";
import { sliders } from "../style-sliders.js";
import { forgetStyles, loadStyles, styleName } from "../styles-list.js";

export async function open(place, { signal }) {
  const list = make("ul", { class: "styles" });
  place.append(
    make(
      "div",
      { class: "page-head" },
      make("div", {}, make("h1", {}, say("menu_styles")), make("p", { class: "soft" }, say("styles_text"))),
    ),
    list,
  );
  let names = [];
  const isLook = ({ name }) => names.some((other) => name.startsWith(`${other}-`));
  await fill();

  async function fill() {
    try {
      const { styles, current } = await loadStyles();
      names = styles.map((style) => style.name);
      if (!signal.aborted) list.replaceChildren(...styles.map((style) => card(style, style.name === current)));
    } catch (problem) {
      list.replaceChildren(make("li", { class: "wrong" }, problem.sentence));
    }
  }

  function card(style, isCurrent) {
    const name = styleName(style.name);
    const image = make("img", {
      src: style.sample,
      width: 480,
      height: 360,
      loading: "lazy",
      decoding: "async",
      alt: say("sample_of", { style: name }),
    });
    return make(
      "li",
      { class: "style card" },
      image,
      make(
        "div",
        { class: "stack" },
        make(
          "div",
          { class: "row" },
          make("h2", {}, name),
          isCurrent && make("span", { class: "badge" }, icon("check"), say("style_current")),
        ),
        make("p", {}, style.title),
        make("p", { class: "soft small" }, say("licence", { licence: style.licence })),
        make(
          "div",
          { class: "row" },
          session.mayUpload && make(
            "a",
            { class: "button", href: `/upload?style=${encodeURIComponent(style.name)}` },
            icon("upload"),
            say("style_upload"),
          ),
          session.isHost && !isCurrent && button(say("style_use"), () => use(style.name), { kind: "main" }),
        ),
        // A look on top of a style has its numbers.
        session.isHost && style.drawn && !isLook(style) && sliders(style, image, signal),
      ),
    );
  }

  async function use(name) {
    try {
      await send("PUT", "/api/settings", { style: name });
      forgetStyles();
      await fill();
    } catch (problem) {
      notice(problem.sentence);
    }
  }
}
