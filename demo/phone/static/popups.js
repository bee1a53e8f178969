// What lies over the chat: toasts, alerts, pictures, the menu of one message.

import { $, make } from "./dom.js";
import { words } from "./words.js";

const SHOWN = 3500; // milliseconds that a toast stays

let fading = 0;

export function toast(text) {
  const node = $("toast");
  clearTimeout(fading);
  node.hidden = false;
  node.replaceChildren(text);
  fading = setTimeout(() => {
    node.hidden = true;
  }, SHOWN);
}

let shut = () => null;

function open(content, focus) {
  const veil = $("veil");
  const before = document.activeElement;
  shut();
  shut = () => {
    veil.hidden = true;
    veil.replaceChildren();
    shut = () => null;
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  veil.replaceChildren(content);
  veil.hidden = false;
  focus.focus();
}

export function close() {
  shut();
}

export function alert(text, title) {
  const ok = make("button", { class: "card-ok", type: "button", on: { click: () => shut() } }, words.ok);
  const card = make(
    "div",
    { class: "card", role: "alertdialog", "aria-modal": "true", "aria-label": title },
    make("h2", {}, title),
    make("p", {}, text),
    ok,
  );
  open(card, ok);
}

export function photo(url) {
  const away = make(
    "button",
    { class: "photo-close", type: "button", "aria-label": words.close, on: { click: () => shut() } },
    "✕",
  );
  const view = make(
    "div",
    { class: "viewer", role: "dialog", "aria-modal": "true", "aria-label": words.picture },
    make("img", { src: url, alt: words.picture }),
    away,
  );
  open(view, away);
}

// `items`: [[label, run, danger]]
export function choices(x, y, items) {
  const frame = $("phone").getBoundingClientRect();
  const list = make("div", { class: "choices", role: "menu" });
  for (const [label, run, danger] of items) {
    const act = () => {
      shut();
      run();
    };
    const props = { type: "button", role: "menuitem", class: danger ? "danger" : null };
    list.append(make("button", { ...props, on: { click: act } }, label));
  }
  open(list, list.firstChild);
  const { offsetWidth, offsetHeight } = list;
  list.style.left = `${Math.max(8, Math.min(x - frame.left, frame.width - offsetWidth - 8))}px`;
  list.style.top = `${Math.max(8, Math.min(y - frame.top, frame.height - offsetHeight - 8))}px`;
}

$("veil").addEventListener("click", (event) => {
  if (event.target === $("veil") || event.target.closest(".viewer")) shut();
});
document.addEventListener("keydown", (event) => event.key === "Escape" && shut());
