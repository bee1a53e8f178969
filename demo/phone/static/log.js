// The chat's list of messages: in order of their numbers, in days and groups, kept at the bottom.

import { animate, make } from "./dom.js";
import { dress, row } from "./bubble.js";
import { day } from "./words.js";

const NEAR = 24; // pixels from the bottom that still count as being there
const GROUP = 600; // seconds within which messages of one side stand together

export class Log {
  constructor(scroller, list, { who, onAway, onEffect }) {
    this.scroller = scroller;
    this.list = list;
    this.who = who;
    this.onAway = onAway;
    this.onEffect = onEffect;
    this.messages = new Map();
    this.nodes = new Map();
    this.stuck = true;
    this.top = 0;
    this.unread = 0;
    scroller.addEventListener("scroll", () => this.look(), { passive: true });
    // What the reader unfolds stays in sight, though the chat grows below it.
    list.addEventListener("unfold", () => {
      this.stuck = false;
    });
    const stay = new ResizeObserver(() => (this.stuck ? this.fall() : this.look()));
    stay.observe(list);
    stay.observe(scroller);
  }

  get empty() {
    return this.messages.size === 0;
  }

  // Only a scroll upwards leaves the bottom: content that grows is no wish to read older messages.
  look() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (scrollHeight - clientHeight - scrollTop <= NEAR) this.stuck = true;
    else if (scrollTop < this.top) this.stuck = false;
    this.top = scrollTop;
    if (this.stuck) this.unread = 0;
    this.onAway(!this.stuck, this.unread);
  }

  fall(smooth = false) {
    this.scroller.scrollTo({
      top: this.scroller.scrollHeight,
      behavior: smooth ? "smooth" : "instant",
    });
    this.top = this.scroller.scrollTop;
  }

  find(id) {
    const message = this.messages.get(id);
    return message ? { who: this.who(message), text: message.text } : null;
  }

  // Everything there is: what is missing here goes without a sound, as after a reconnection.
  replace(messages) {
    const live = new Set(messages.map((message) => message.id));
    for (const id of [...this.nodes.keys()]) if (!live.has(id)) this.remove(id, false);
    for (const message of messages) this.put(message, false);
    this.arrange();
    if (this.stuck) this.fall();
  }

  change(messages, gone) {
    const fresh = messages.filter(({ effect, id }) => effect && !this.nodes.has(id));
    const mine = messages.some((message) => message.out && !this.nodes.has(message.id));
    for (const id of gone) this.remove(id, true);
    for (const message of messages) this.put(message, true);
    this.arrange();
    if (mine) this.stuck = true;
    if (this.stuck) this.fall();
    else this.onAway(true, this.unread);
    for (const { effect, id } of fresh) this.onEffect(effect, this.nodes.get(id));
  }

  put(message, live) {
    const known = this.nodes.get(message.id);
    this.messages.set(message.id, message);
    if (known) {
      dress(known, message, (id) => this.find(id));
      return;
    }
    const node = row(message, (id) => this.find(id));
    this.nodes.set(message.id, node);
    const later = [...this.list.querySelectorAll(".row")].find(
      (other) => Number(other.dataset.id) > message.id,
    );
    this.list.insertBefore(node, later ?? null);
    if (!live) return;
    if (!message.out && !this.stuck) this.unread += 1;
    const from = { opacity: 0, transform: "translateY(14px) scale(.97)" };
    void animate(node, [from, { opacity: 1, transform: "none" }], 180);
  }

  remove(id, live) {
    const node = this.nodes.get(id);
    this.messages.delete(id);
    this.nodes.delete(id);
    if (!node) return;
    if (!live) {
      node.remove();
      return;
    }
    node.classList.add("leaving");
    node.inert = true;
    const shown = { height: `${node.offsetHeight}px`, opacity: 1, transform: "none" };
    const away = { height: "0", opacity: 0, marginTop: "0", transform: "scale(.85)" };
    void animate(node, [shown, away], 220).then(() => {
      node.remove();
      this.arrange();
    });
  }

  // Tails, gaps and days follow from the neighbours, so they are drawn anew after each change.
  arrange() {
    const rows = [...this.list.querySelectorAll(".row:not(.leaving)")];
    const days = new Map([...this.list.querySelectorAll(".day")].map((node) => [node.title, node]));
    let label = null;
    rows.forEach((node, index) => {
      const message = this.messages.get(Number(node.dataset.id));
      const today = day(message.date);
      if (today !== label) {
        label = today;
        const mark = days.get(label) ?? make("div", { class: "day", title: label }, label);
        days.delete(label);
        if (node.previousElementSibling !== mark) this.list.insertBefore(mark, node);
      }
      node.classList.toggle("first", !this.together(rows[index - 1], node));
      node.classList.toggle("last", !this.together(node, rows[index + 1]));
    });
    for (const mark of days.values()) mark.remove();
  }

  together(before, after) {
    if (!before || !after) return false;
    const a = this.messages.get(Number(before.dataset.id));
    const b = this.messages.get(Number(after.dataset.id));
    return a.out === b.out && b.date - a.date < GROUP && day(a.date) === day(b.date);
  }

  jump(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: "smooth" });
    void node.animate([{ background: "var(--flash)" }, { background: "transparent" }], 1200);
  }
}
