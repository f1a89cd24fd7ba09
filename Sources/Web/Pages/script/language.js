// The texts of the pages, in the first language of the browser that there is a file for.

const known = ["en", "zh", "ja", "de"];
let texts = {};
let language = "en";

/** Reads the file of the browser's language; everything else waits for it. */
export async function loadLanguage() {
  const wished = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]);
  language = wished.find((tag) => known.includes(tag)) ?? "en";
  texts = await (await fetch(`/assets/languages/${language}.json`)).json();
  document.documentElement.lang = language === "zh" ? "zh-Hans" : language;
}

/** The text of a key, with {name} replaced by the value of that name. */
export function say(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** The text for a number of things: KEY_one or KEY_other, with {count} replaced by the number. */
export function sayCount(key, count) {
  const form = new Intl.PluralRules(language).select(count);
  const text = `${key}_${form}` in texts ? `${key}_${form}` : `${key}_other`;
  return say(text, { count: sayNumber(count) });
}

/** A number as the language writes it. */
export function sayNumber(number, digits = 0) {
  return number.toLocaleString(language, { maximumFractionDigits: digits });
}

/** A time of the server; nothing where it had no clock to trust. */
export function sayTime(time) {
  if (!time) return "";
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(language, isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
}
