// Makes elements. Texts become text nodes and values attributes, never markup, so that no name or sentence of a
// guest or of the server is ever read as HTML.

/** make("a", {href: "/", on: {click}}, "text", child...); false, null and undefined leave out attribute or child. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") for (const [event, action] of Object.entries(value)) element.addEventListener(event, action);
    else setAttribute(element, key, value);
  }
  element.append(...children.flat().filter((child) => child || child === 0));
  return element;
}

/** Sets an attribute; true stands for an empty one, false, null and undefined remove it. */
export function setAttribute(element, key, value) {
  if (value === false || value === null || value === undefined) element.removeAttribute(key);
  else if (element.getAttribute(key) !== String(value)) element.setAttribute(key, value === true ? "" : value);
}

/** Makes an element of SVG. */
export function makeShape(name, attributes = {}, ...children) {
  const shape = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
  shape.append(...children);
  return shape;
}

/** A button with a text and perhaps an icon. */
export function button(text, action, { icon, kind = "", ...attributes } = {}) {
  return make("button", { type: "button", class: `button ${kind}`, on: { click: action }, ...attributes }, icon, text);
}

/** Whether the person asked for little motion. */
export function prefersStillness() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** A card with a title; name is its class. */
export function card(name, title, ...children) {
  return make(
    "section",
    { class: `card stack ${name}`, "aria-labelledby": `${name}-title` },
    make("h2", { id: `${name}-title` }, title),
    ...children,
  );
}
