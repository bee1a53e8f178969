// Quotations; one that is expandable shows three lines until it is pressed.

import { make } from "./dom.js";
import { words } from "./words.js";

// [the node to hang up, the node to fill]
export function quote(expandable) {
  if (!expandable) {
    const node = make("blockquote");
    return [node, node];
  }
  const text = make("div", { class: "quote-text" });
  const button = make("button", { class: "unfold", type: "button", hidden: true });
  const node = make("blockquote", { class: "expandable folded" }, text, button);
  const label = () => {
    const folded = node.classList.contains("folded");
    button.setAttribute("aria-label", folded ? words.more : words.less);
    button.setAttribute("aria-expanded", String(!folded));
  };
  label();
  node.addEventListener("click", (event) => {
    if (event.target.closest("a, .spoiler, .moment") || button.hidden) return;
    node.dispatchEvent(new CustomEvent("unfold", { bubbles: true }));
    node.classList.toggle("folded");
    label();
  });
  new ResizeObserver(() => {
    if (!node.classList.contains("folded")) return;
    button.hidden = text.scrollHeight <= text.clientHeight + 1;
  }).observe(text);
  return [node, text];
}
