// The line of the demo above the chat: how fast its platform is, and when its cookie or token ends.

import { $ } from "./dom.js";
import { words } from "./words.js";

const SOON = 7200; // platform seconds before the end of a login from which it is announced
const EVERY = 2000; // milliseconds between two looks

async function look(speed) {
  const ends = Object.entries(await (await fetch("/session")).json());
  const [what, left] = ends.find(([, each]) => each !== null && each <= SOON) ?? [];
  const soon = what !== undefined;
  let said = words.pace(words.span(3600 / speed));
  if (soon) said = left > 0 ? words.ending[what](words.span(left / speed)) : words.over[what];
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
