// Puts the page together: the feed of changes comes in, what the person does goes out.

import { Composer } from "./composer.js";
import { $, clip, make, post } from "./dom.js";
import { play } from "./effects.js";
import { Log } from "./log.js";
import { announce } from "./note.js";
import { alert, choices, photo, toast } from "./popups.js";
import { clock, half, language, moment, words } from "./words.js";

const RETRY = 1000; // milliseconds until the feed is opened again after a refusal
const TYPING = 5000; // milliseconds
const HOLD = 500; // milliseconds of a finger's rest that mean "a menu, please"

let bot = { name: "", username: "", description: "", photo: null };
let opened = parameter(location.search); // that of a link to the bot, until Start is pressed
let doing = null; // what the bot is said to be doing
let typing = 0; // the timer that ends it
let connected = false;
let tries = 0;
const TRIES = 5; // Seconds: the feed is asked for once a second.
let known = false; // has the state come once?

const log = new Log($("scroller"), $("log"), {
  who: (message) => (message.out ? words.you : bot.name),
  onAway: (away, unread) => {
    $("newest").hidden = !away;
    $("unread").hidden = unread === 0;
    $("unread").replaceChildren(String(unread));
  },
  onEffect: (emoji, row) => void play(emoji, row),
});

async function ask(path, body) {
  try {
    return await post(path, body);
  } catch {
    toast(words.failed);
    return null;
  }
}

const say = async (text) => (await ask("/send", { text })) !== null;
const composer = new Composer(say);

// Telegram's apps pass on these parameters alone.
function parameter(query) {
  const given = new URLSearchParams(query).get("start") ?? "";
  return /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : null;
}

// A link to this bot opens this chat.
function follow(href) {
  const { host, pathname, search } = new URL(href);
  const here = host === "t.me" && pathname.toLowerCase() === `/${bot.username.toLowerCase()}`;
  if (here) {
    opened = parameter(search);
    layout();
  }
  return here;
}

async function start() {
  const given = opened;
  if (given === null) return say("/start");
  if ((await ask("/start", { parameter: given })) === null) return false;
  opened = null;
  layout();
  return true;
}

const face = () => bot.photo && make("img", { class: "face", src: bot.photo, alt: "" });

function head() {
  $("name").replaceChildren(bot.name);
  document.title = bot.name;
  $("avatar").replaceChildren(face() ?? [...bot.name][0] ?? "");
  const away = tries > TRIES ? words.ended : words.connecting;
  const now = connected ? (doing ?? words.bot) : away;
  $("subtitle").replaceChildren(now);
  $("subtitle").classList.toggle("live", doing !== null && connected);
}

function layout() {
  const { empty } = log;
  const asked = empty || opened !== null;
  $("start").hidden = !(known && asked);
  $("composer").hidden = asked;
  $("strip").hidden = asked || !$("strip").dataset.offered;
  const about = $("about");
  about.hidden = !empty || !known;
  about.replaceChildren(
    ...(bot.photo ? [face()] : []),
    make("h2", {}, bot.description ? words.about : words.empty),
    ...(bot.description ? [make("p", {}, bot.description)] : []),
  );
}

// Telegram shows what a bot is doing for five seconds, or until its next message.
function act(action) {
  clearTimeout(typing);
  doing = words.actions[action] ?? words.actions[action.replace("audio", "voice")] ?? words.actions.typing;
  typing = setTimeout(() => {
    rest();
    head();
  }, TYPING);
}

function rest() {
  clearTimeout(typing);
  doing = null;
}

function take(change) {
  if (change.bot) bot = change.bot;
  if (change.action) act(change.action);
  else if (change.action === null || change.messages?.some((message) => !message.out)) rest();
  if (change.commands) composer.offer(change.commands);
  if (change.whole) log.replace(change.messages);
  else log.change(change.messages ?? [], change.gone ?? []);
  known = true;
  head();
  layout();
}

function listen() {
  const feed = new EventSource(`/events?lang=${language}`);
  feed.addEventListener("open", () => {
    connected = true;
    tries = 0;
    head();
  });
  feed.addEventListener("change", (event) => take(JSON.parse(event.data)));
  feed.addEventListener("error", () => {
    connected = false;
    tries += 1;
    head();
    if (feed.readyState === EventSource.CLOSED) setTimeout(listen, RETRY);
  });
}

async function press(button) {
  if (button.getAttribute("aria-busy") === "true") return;
  const message_id = Number(button.closest(".row").dataset.id);
  button.setAttribute("aria-busy", "true");
  const answer = await ask("/press", { message_id, data: button.dataset.press });
  button.removeAttribute("aria-busy");
  if (answer === null) return;
  if (!answer.answered) toast(words.unanswered);
  else if (answer.text && answer.show_alert) alert(answer.text, bot.name);
  else if (answer.text) toast(answer.text);
}

$("log").addEventListener("click", (event) => {
  const command = event.target.closest("[data-command]");
  const button = event.target.closest("[data-press]");
  const copied = event.target.closest("[data-copy]");
  const effect = event.target.closest("[data-effect]");
  const time = event.target.closest(".moment");
  const picture = event.target.closest("[data-photo]");
  const source = event.target.closest("[data-jump]");
  const link = event.target.closest("a[href^='https://t.me/']");
  if (link && follow(link.href)) event.preventDefault();
  else if (command) {
    event.preventDefault();
    void say(command.dataset.command);
  } else if (button) void press(button);
  else if (copied) void copy(copied.dataset.copy);
  else if (effect) void play(effect.dataset.effect, effect.closest(".row"));
  else if (time) toast(moment(Number(time.dataset.unix), "wDt"));
  else if (picture) photo(picture.dataset.photo);
  else if (source) log.jump(Number(source.dataset.jump));
});

async function copy(text) {
  try {
    await clip(text);
    toast(words.copied);
  } catch {
    toast(words.uncopied);
  }
}

function about(node, x, y) {
  const id = Number(node.dataset.id);
  const { text } = log.messages.get(id) ?? {};
  const items = [[words.remove, () => void ask("/delete", { message_id: id }), true]];
  if (text) items.unshift([words.copy, () => void copy(text)]);
  choices(x, y, items);
}

$("log").addEventListener("contextmenu", (event) => {
  const bubble = event.target.closest(".bubble");
  if (!bubble || event.target.closest("a")) return;
  event.preventDefault();
  about(bubble.parentElement, event.clientX, event.clientY);
});

let holding = 0;
$("log").addEventListener("touchstart", (event) => {
  const bubble = event.target.closest(".bubble");
  const [{ clientX, clientY }] = event.touches;
  clearTimeout(holding);
  if (bubble) holding = setTimeout(() => about(bubble.parentElement, clientX, clientY), HOLD);
}, { passive: true });
for (const kind of ["touchend", "touchmove", "touchcancel"]) {
  $("log").addEventListener(kind, () => clearTimeout(holding), { passive: true });
}

$("newest").addEventListener("click", () => log.fall(true));
$("start").addEventListener("click", () => void start());
for (const [id, path] of [["paste", "/cookie"], ["paste-token", "/token"]]) {
  $(id).addEventListener("click", async () => {
    $(id).disabled = true;
    await ask(path);
    $(id).disabled = false;
  });
}

function action(label) {
  const run = async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    if ((await ask("/action", { label })) !== null) toast(`${half(label)} · ${words.done}`);
    button.disabled = false;
  };
  return make("button", { type: "button", on: { click: run } }, half(label));
}

function dress({ speed, actions, cookie, token }) {
  $("panel-title").replaceChildren(words.title);
  $("panel-lines").replaceChildren(...words.lines(speed).map((line) => make("li", {}, line)));
  if (actions.length > 0) {
    $("actions").replaceChildren(make("p", {}, words.trouble), ...actions.map(action));
  }
  if (cookie || token) $("strip").dataset.offered = "yes";
  $("paste").hidden = !cookie;
  $("paste-token").hidden = !token;
  announce(speed);
  layout();
}

function tick() {
  $("status-time").replaceChildren(clock(Date.now() / 1000));
}

for (const [id, text] of [
  ["phone", words.phone], ["log", words.chat], ["text", words.message], ["send", words.send],
  ["newest", words.newest],
]) $(id).setAttribute("aria-label", text);
$("text").placeholder = words.message;
$("menu-label").replaceChildren(words.menu);
$("paste-label").replaceChildren(words.paste);
$("paste-token-label").replaceChildren(words.pasteToken);
$("start").replaceChildren(words.start);

tick();
setInterval(tick, 1000);
listen();
dress(await (await fetch("/about")).json());
