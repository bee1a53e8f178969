// A text and its entities (offsets and lengths in UTF-16 units, as strings here count) → nodes.

import { make } from "./dom.js";
import { moment, tell } from "./moments.js";
import { quote } from "./quotes.js";
import { words } from "./words.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
};
const SCHEMES = new Set(["http:", "https:", "tg:", "mailto:", "tel:"]);

// Telegram itself finds commands and addresses in a text: so does the page where nobody has yet.
const FOUND = /(?<=^|[\s(（「“：:，,；;、。|])(?:\/[a-z0-9_]{1,32}(?![\w/])|https?:\/\/[^\s<>"“”（）「」，。；、]+)/gi;

export function safe(url) {
  try {
    const parsed = new URL(url.includes(":") ? url : `https://${url}`);
    return SCHEMES.has(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

function link(url) {
  const href = safe(url);
  if (href === null) return make("span");
  return make("a", { class: "link", href, target: "_blank", rel: "noopener noreferrer" });
}

function command(name) {
  return make("a", { class: "link command", href: "#", "data-command": name });
}

function spoiler() {
  const show = () => node.classList.add("shown");
  const node = make("span", {
    class: "spoiler",
    role: "button",
    tabindex: "0",
    "aria-label": words.hidden,
    on: {
      click: show,
      keydown: (event) => (event.key === "Enter" || event.key === " ") && show(),
    },
  });
  node.addEventListener("click", () => {
    node.removeAttribute("role");
    node.removeAttribute("aria-label");
  });
  return node;
}

function time(entity) {
  const node = moment(entity);
  if (!entity.date_time_format) return twice(node);
  tell(node);
  return [node, make("span")]; // the bot's own words give way to the moment
}

// [the node to hang up, the node to fill]
function holder(entity, text) {
  if (entity.type in TAGS) return twice(make(TAGS[entity.type]));
  switch (entity.type) {
    case "pre": {
      const code = make("code");
      return [make("pre", { "data-language": entity.language }, code), code];
    }
    case "blockquote":
      return quote(false);
    case "expandable_blockquote":
      return quote(true);
    case "spoiler":
      return twice(spoiler());
    case "date_time":
      return time(entity);
    case "text_link":
      return twice(link(entity.url ?? ""));
    case "url":
      return twice(link(text));
    case "email":
      return twice(link(`mailto:${text}`));
    case "phone_number":
      return twice(link(`tel:${text}`));
    case "bot_command":
      return twice(command(text));
    case "mention":
    case "hashtag":
    case "cashtag":
    case "text_mention":
      return twice(make("span", { class: "link" }));
    default:
      return twice(make("span"));
  }
}

const twice = (node) => [node, node];

function plain(parent, text) {
  let at = 0;
  for (const hit of text.matchAll(FOUND)) {
    const node = hit[0].startsWith("/") ? command(hit[0]) : link(hit[0]);
    node.append(hit[0]);
    parent.append(text.slice(at, hit.index), node);
    at = hit.index + hit[0].length;
  }
  parent.append(text.slice(at));
}

const LITERAL = new Set(["CODE", "A", "TIME"]);

function leaf(parent, text) {
  if (text === "") return;
  if (LITERAL.has(parent.nodeName)) parent.append(text);
  else plain(parent, text);
}

function fill(parent, text, start, end, rest) {
  let at = start;
  while (rest.length > 0 && rest[0].offset < end) {
    const entity = rest.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    leaf(parent, text.slice(at, from));
    const [outer, inner] = holder(entity, text.slice(from, to));
    fill(inner, text, from, to, rest);
    parent.append(outer);
    at = to;
  }
  leaf(parent, text.slice(at, end));
}

export function rich(text, entities) {
  const parent = document.createDocumentFragment();
  const order = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(parent, text, 0, text.length, order);
  return parent;
}
