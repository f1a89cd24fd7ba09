// The styles of the server, asked for once in a while, the sizes, what can be done with faces, and colours.

import { make } from "./dom.js";
import { say } from "./language.js";
import { get } from "./server.js";

/** Sizes that can be chosen, in pixels of the longest side. */
export const sides = [512, 768, 1024, 1280, 1920];

export const sideOption = (side) => make("option", { value: side }, side > 0 ? `${side} px` : say("download_photo"));

const faceChoices = ["auto", "off", "only"];

export const faceOptions = () => faceChoices.map((value) => make("option", { value }, say(`faces_${value}`)));

const colours = ["photo", "black", "brown", "blond", "red", "pink", "violet", "blue", "teal", "green", "silver"];

export const colourOptions = () => colours.map((value) => make("option", { value }, say(`colour_${value}`)));

let answer = null;

/** {styles, current} as GET /api/styles. */
export function loadStyles() {
  answer ??= get("/api/styles").catch((problem) => {
    answer = null;
    throw problem;
  });
  return answer;
}

/** The host chose another style, or the server was restarted with other ones. */
export function forgetStyles() {
  answer = null;
}

/** "soft-sky" as a name for people: "Soft sky". */
export function styleName(name) {
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
