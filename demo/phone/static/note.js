// The line of the demo above the chat: how fast its platform is, and when its cookie ends.

import { $ } from "./dom.js";
import { words } from "./words.js";

const SOON = 7200; // platform seconds before the end of the cookie from which it is announced
const EVERY = 2000; // milliseconds between two looks

async function look(speed) {
  const { left } = await (await fetch("/session")).json();
  const soon = left !== null && left <= SOON;
  let said = words.pace(words.span(3600 / speed));
  if (soon) said = left > 0 ? words.ending(words.span(left / speed)) : words.over;
  const note = $("note");
  if (note.textContent !== said) note.replaceChildren(said);
  note.classList.toggle("soon", soon);
  note.hidden = false;
}

// The demo may have ended: its last line stays.
export function announce(speed) {
  if (speed === null) return;
  const again = () => void look(speed).catch(() => null);
  again();
  setInterval(again, EVERY);
}
