// Moments in a text (`date_time`): drawn in this browser's own zone and language.

import { make } from "./dom.js";
import { moment as say } from "./words.js";

const REFRESH = 1000; // milliseconds between two looks at what is told from now

export function moment({ unix_time, date_time_format }) {
  return make("time", {
    class: "moment",
    role: "button",
    tabindex: "0",
    datetime: new Date(unix_time * 1000).toISOString(),
    title: say(unix_time, "wDt"),
    "data-unix": unix_time,
    "data-format": date_time_format,
  });
}

// Without a format the text stays as the bot wrote it.
export function tell(node) {
  const { unix, format } = node.dataset;
  const text = say(Number(unix), format);
  if (node.textContent !== text) node.textContent = text;
}

setInterval(() => document.querySelectorAll(".moment[data-format=r]").forEach(tell), REFRESH);
