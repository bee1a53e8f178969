// Below the chat: the field, the menu of commands and the suggestions while "/" is typed.

import { $, make } from "./dom.js";
import { words } from "./words.js";

const field = $("text");
const sheet = $("sheet");
const menu = $("menu");

export class Composer {
  constructor(say) {
    this.say = say;
    this.commands = [];
    this.chosen = 0;
    this.suggested = false; // is the sheet there because of a "/"?
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    field.addEventListener("input", () => this.typed());
    field.addEventListener("keydown", (event) => this.key(event));
    menu.addEventListener("click", () => {
      if (sheet.hidden || this.suggested) this.open(this.commands, false);
      else this.fold();
    });
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.fold());
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("#sheet, #menu, #text")) this.fold();
    });
  }

  offer(commands) {
    this.commands = commands;
    menu.hidden = commands.length === 0;
    if (!sheet.hidden) this.fold();
  }

  submit() {
    const text = field.value.trim();
    if (text === "") return;
    field.value = "";
    this.typed();
    void this.say(text).then((sent) => {
      if (sent || field.value !== "") return;
      field.value = text;
      this.typed();
    });
    field.focus();
  }

  typed() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 132)}px`;
    $("send").disabled = field.value.trim() === "";
    const start = /^\/([a-z0-9_]*)$/i.exec(field.value);
    const fits = start
      ? this.commands.filter(({ command }) => command.startsWith(start[1].toLowerCase()))
      : [];
    if (fits.length > 0) this.open(fits, true);
    else this.fold();
  }

  key(event) {
    if (event.isComposing) return;
    const listed = !sheet.hidden && this.suggested;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (listed) this.items()[this.chosen].click();
      else this.submit();
    } else if (listed && event.key === "Tab") {
      event.preventDefault();
      field.value = this.items()[this.chosen].dataset.command;
      this.typed();
    } else if (listed && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.choose(this.chosen + (event.key === "ArrowDown" ? 1 : -1));
    }
  }

  items() {
    return [...sheet.children];
  }

  choose(index) {
    const items = this.items();
    this.chosen = (index + items.length) % items.length;
    items.forEach((item, at) => item.classList.toggle("chosen", at === this.chosen));
    items[this.chosen].scrollIntoView({ block: "nearest" });
  }

  open(commands, suggested) {
    this.suggested = suggested;
    sheet.replaceChildren(
      ...commands.map(({ command, description }) =>
        make(
          "button",
          {
            class: "entry",
            type: "button",
            role: "menuitem",
            "data-command": `/${command}`,
            on: { click: () => this.pick(`/${command}`) },
          },
          make("span", { class: "entry-what" }, description),
          make("span", { class: "entry-name" }, `/${command}`),
        ),
      ),
    );
    sheet.hidden = false;
    sheet.scrollTop = 0;
    menu.setAttribute("aria-expanded", suggested ? "false" : "true");
    if (suggested) this.choose(0);
  }

  pick(command) {
    if (this.suggested) field.value = "";
    this.typed();
    this.fold();
    void this.say(command);
  }

  fold() {
    sheet.hidden = true;
    menu.setAttribute("aria-expanded", "false");
  }
}

sheet.setAttribute("role", "menu");
sheet.setAttribute("aria-label", words.commands);
