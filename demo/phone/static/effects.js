// The animation of a message: a shower of its emoji over the chat, once.

import { $, make, still } from "./dom.js";

const PIECES = 26;
const LASTS = 2300; // milliseconds
const PAPER = ["#f44b4b", "#f5a623", "#f8e34a", "#4bc46d", "#3d9df2", "#a26bea"];

function fly(piece, { left, top, width, height }, index) {
  const turn = (index / PIECES) * Math.PI * 2;
  const far = 0.4 + ((index * 7) % 10) / 15;
  const x = Math.cos(turn) * far * width * 0.62;
  const y = Math.sin(turn) * far * height * 0.26 - height * 0.3;
  const spin = ((index * 53) % 360) - 180;
  piece.style.left = `${left}px`;
  piece.style.top = `${top}px`;
  const at = (dx, dy, scale, angle) => `translate(-50%, -50%) translate(${dx}px, ${dy}px) scale(${scale}) rotate(${angle}deg)`;
  return piece.animate(
    [
      { transform: at(0, 0, 0.2, 0), opacity: 0 },
      { transform: at(x * 0.7, y * 0.8, 1, spin * 0.4), opacity: 1, offset: 0.2, easing: "cubic-bezier(.2,.6,.5,1)" },
      { transform: at(x, y, 1, spin * 0.7), opacity: 1, offset: 0.42, easing: "ease-in" },
      { transform: at(x * 1.1, y + height * 0.45, 0.9, spin * 1.5), opacity: 1, offset: 0.86, easing: "linear" },
      { transform: at(x * 1.12, y + height * 0.62, 0.85, spin * 1.9), opacity: 0 },
    ],
    { duration: LASTS - ((index * 37) % 400), easing: "linear", fill: "both" },
  ).finished;
}

function grow(piece, { left, top }) {
  piece.style.left = `${left}px`;
  piece.style.top = `${top}px`;
  const at = (scale) => `translate(-50%, -50%) scale(${scale})`;
  return piece.animate(
    [
      { transform: at(0.2), opacity: 0 },
      { transform: at(1.15), opacity: 1, offset: 0.16 },
      { transform: at(1), opacity: 1, offset: 0.7 },
      { transform: at(0.7), opacity: 0 },
    ],
    { duration: LASTS, easing: "ease-out", fill: "both" },
  ).finished;
}

// Nothing flies for who asked for less motion: the sign beside the time remains.
export async function play(emoji, row) {
  if (still()) return;
  const sky = $("sky");
  const frame = sky.getBoundingClientRect();
  const bubble = row.querySelector(".bubble").getBoundingClientRect();
  const middle = (bubble.top + bubble.bottom) / 2 - frame.top;
  const from = {
    left: Math.min(bubble.left - frame.left + bubble.width / 2, frame.width - 60),
    top: Math.max(frame.height * 0.25, Math.min(middle, frame.height * 0.75)),
    width: frame.width,
    height: frame.height,
  };
  const large = make("span", { class: "piece large" }, emoji);
  const small = Array.from({ length: PIECES }, (_, index) => {
    if (emoji !== "🎉" || index % 3 === 0) return make("span", { class: "piece" }, emoji);
    const paper = make("span", { class: "piece paper" });
    paper.style.background = PAPER[index % PAPER.length];
    return paper;
  });
  const show = make("div", { class: "effect", "data-effect": emoji }, ...small, large);
  sky.append(show);
  await Promise.allSettled([...small.map((piece, index) => fly(piece, from, index)), grow(large, from)]);
  show.remove();
}
