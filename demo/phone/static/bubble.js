// One message → one row: bubble, and the keyboard below it. Patched in place when it is edited.

import { icon, make } from "./dom.js";
import { rich, safe } from "./rich.js";
import { clock, size, words } from "./words.js";

const READ = "M1 7.6 4.1 10.8 10 4M7.3 10.2l.6.6L14 4";
const COPY = "M4.5 4.5V2.2a.7.7 0 0 1 .7-.7h4.6a.7.7 0 0 1 .7.7v4.6a.7.7 0 0 1-.7.7H7.5M2.2 4.5h4.6a.7.7 0 0 1 .7.7v4.6a.7.7 0 0 1-.7.7H2.2a.7.7 0 0 1-.7-.7V5.2a.7.7 0 0 1 .7-.7z";
const OUT = "M3 9 9 3M4.5 3H9v4.5";
const FILE = "M12 4v11m-4.5-4 4.5 4.5 4.5-4.5M5 19.5h14";
const MICROPHONE =
  "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zm-6 8a6 6 0 0 0 12 0M12 17v4";

function meta(message) {
  const node = make("span", { class: "meta" });
  if (message.effect) {
    const props = { class: "again", type: "button", "aria-label": words.effect };
    node.append(make("button", { ...props, "data-effect": message.effect }, message.effect));
  }
  if (message.edited) node.append(make("span", { class: "edited" }, words.edited));
  const time = new Date(message.date * 1000).toISOString();
  node.append(make("time", { datetime: time }, clock(message.date)));
  if (message.out) {
    const tick = icon("read", READ, { width: 15, height: 14, stroke: true });
    node.append(tick, make("span", { class: "unseen" }, words.read));
  }
  return node;
}

function picture(message) {
  const { url, width, height } = message.photo;
  const sides = width && height ? { width, height } : {}; // the room is kept before it is loaded
  return make(
    "button",
    { class: "photo", type: "button", "aria-label": words.picture, "data-photo": url },
    make("img", { src: url, alt: message.text || words.picture, ...sides }),
  );
}

function attachment(message) {
  const { url, name, bytes } = message.document;
  return make(
    "a",
    { class: "file", href: url, download: name, "aria-label": `${words.download} ${name}` },
    make("span", { class: "disc" }, icon("arrow", FILE, { stroke: true })),
    make(
      "span",
      { class: "file-words" },
      make("span", { class: "file-name" }, name),
      make("span", { class: "file-size" }, size(bytes)),
    ),
  );
}

function other(kind) {
  return make(
    "div",
    { class: "file" },
    make("span", { class: "disc" }, icon("arrow", MICROPHONE, { stroke: true })),
    make("span", { class: "file-name" }, words[kind] ?? kind),
  );
}

function quoted(message, find) {
  const source = find(message.reply_to);
  if (source === null) return null;
  return make(
    "button",
    { class: "quoted", type: "button", "data-jump": message.reply_to, "aria-label": words.reply },
    make("span", { class: "quoted-who" }, source.who),
    make("span", { class: "quoted-text" }, source.text || words.picture),
  );
}

function body(message, find) {
  const parts = [];
  if (message.reply_to) parts.push(quoted(message, find));
  if (message.photo) parts.push(picture(message));
  if (message.document) parts.push(attachment(message));
  if (message.kind) parts.push(other(message.kind));
  const text = make("div", { class: "text" });
  if (message.text) text.append(rich(message.text, message.entities));
  text.append(meta(message));
  parts.push(text);
  return parts.filter((part) => part !== null);
}

function key(button) {
  const label = make("span", { class: "key-text" }, button.text);
  const shape = button.style ? `key ${button.style}` : "key";
  if (button.url) {
    const corner = icon("corner", OUT, { width: 12, height: 12, stroke: true });
    const href = safe(button.url);
    const props = { class: shape, href, target: "_blank", rel: "noopener noreferrer" };
    return make("a", { ...props, title: button.url }, label, corner);
  }
  const spinner = make("span", { class: "spinner", "aria-hidden": "true" });
  return make(
    "button",
    {
      class: shape,
      type: "button",
      title: button.text,
      "data-press": button.data,
      "data-copy": button.copy,
    },
    label,
    button.copy ? icon("corner", COPY, { width: 12, height: 12, stroke: true }) : spinner,
  );
}

function keyboard(buttons) {
  return buttons.map((row) => make("div", { class: "keys" }, ...row.map(key)));
}

function dress(node, message, find) {
  const [bubble, keys] = node.children;
  const { buttons, ...rest } = message;
  const said = JSON.stringify(rest);
  if (bubble.said !== said) {
    bubble.said = said;
    bubble.replaceChildren(...body(message, find));
    const shape = ["bubble"];
    if (message.photo) shape.push("pictured");
    if (message.photo && !message.text) shape.push("bare");
    bubble.className = shape.join(" ");
  }
  const laid = JSON.stringify(buttons);
  if (keys.laid !== laid) {
    keys.laid = laid;
    keys.replaceChildren(...keyboard(buttons));
    keys.hidden = buttons.length === 0;
  }
  node.classList.toggle("keyed", buttons.length > 0);
}

// `find(id)` gives {who, text} of a message on the screen, or null.
export function row(message, find) {
  const node = make(
    "article",
    { class: `row ${message.out ? "out" : "in"}`, "data-id": message.id },
    make("div", { class: "bubble" }),
    make("div", { class: "keyboard" }),
  );
  dress(node, message, find);
  return node;
}

export { dress };
