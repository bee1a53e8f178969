// What the page itself says, in its two languages. The bot's own texts come from the bot.

// A length of time in the largest unit that it fills: "1 min", "2.5 h", "0.4 s".
function span(seconds, [hours, minutes, rest]) {
  const [unit, long] = [[hours, 3600], [minutes, 60], [rest, 1]].find(([, each]) => seconds >= each) ?? [rest, 1];
  const exact = seconds / long;
  return `${Math.round(exact * 10) / 10 || Number(exact.toPrecision(1))}${unit}`;
}

const WORDS = {
  zh: {
    html: "zh-CN",
    locale: "zh-CN",
    phone: "手机",
    chat: "聊天记录",
    bot: "机器人",
    you: "你",
    connecting: "连接中…",
    ended: "演示已结束",
    actions: {
      typing: "正在输入…",
      upload_photo: "正在发送照片…",
      upload_document: "正在发送文件…",
      upload_video: "正在发送视频…",
      upload_video_note: "正在发送视频消息…",
      upload_voice: "正在发送语音…",
      record_video: "正在录制视频…",
      record_video_note: "正在录制视频消息…",
      record_voice: "正在录制语音…",
      choose_sticker: "正在选择贴纸…",
      find_location: "正在选择位置…",
    },
    message: "消息",
    send: "发送",
    menu: "菜单",
    commands: "命令",
    start: "开始",
    paste: "粘贴 Cookie",
    pasteToken: "粘贴 Token",
    newest: "到最新消息",
    today: "今天",
    yesterday: "昨天",
    edited: "已编辑",
    about: "这个机器人能做什么？",
    empty: "这里还没有消息",
    ok: "好",
    copy: "复制",
    copied: "已复制",
    remove: "删除",
    reply: "回复的消息",
    hidden: "显示隐藏文字",
    more: "显示更多",
    less: "收起",
    effect: "再放一次动画",
    uncopied: "没有复制成功",
    picture: "图片",
    sticker: "贴纸",
    voice: "语音消息",
    close: "关闭",
    download: "下载",
    unanswered: "机器人没有回应",
    failed: "没有发出去，请再试一次",
    read: "已读",
    done: "好了",
    title: "职教云学习机器人 · 演示",
    lines: (speed) => [
      "左边是一部手机，里面是真的机器人；它对面的 Telegram 和职教云都是本机上的替身。",
      ...(speed === null ? [] : [`平台的时钟快 ${speed} 倍：那边的 ${speed} 秒，这里是 1 秒。`]),
      "先开始，再粘贴 Cookie，选课程和模块，然后看它学习。",
      "粘贴 Token 是登录现在的网站：只看课程、进度和新课，不学习。",
      "Cookie、Token、课程和学生都是编的；什么也不会离开这台电脑。",
    ],
    trouble: "试试麻烦的时候：",
    span: (seconds) => span(seconds, [" 小时", " 分钟", " 秒"]),
    pace: (hour) => `演示：平台上的 1 小时，这里只要 ${hour}`,
    ending: {
      cookie: (left) => `演示：Cookie 还有约 ${left}到期，到时点「粘贴 Cookie」换一个新的`,
      token: (left) => `演示：Token 还有约 ${left}到期，到时点「粘贴 Token」换一个新的`,
    },
    over: {
      cookie: "演示：Cookie 到期了，点「粘贴 Cookie」换一个新的",
      token: "演示：Token 到期了，点「粘贴 Token」换一个新的",
    },
  },
  en: {
    html: "en",
    locale: "en-GB",
    phone: "Phone",
    chat: "Conversation",
    bot: "bot",
    you: "You",
    connecting: "connecting…",
    ended: "the demo has ended",
    actions: {
      typing: "typing…",
      upload_photo: "sending photo…",
      upload_document: "sending file…",
      upload_video: "sending video…",
      upload_video_note: "sending video message…",
      upload_voice: "sending voice message…",
      record_video: "recording video…",
      record_video_note: "recording video message…",
      record_voice: "recording voice message…",
      choose_sticker: "choosing sticker…",
      find_location: "choosing location…",
    },
    message: "Message",
    send: "Send",
    menu: "Menu",
    commands: "Commands",
    start: "START",
    paste: "Paste cookie",
    pasteToken: "Paste token",
    newest: "To the newest message",
    today: "Today",
    yesterday: "Yesterday",
    edited: "edited",
    about: "What can this bot do?",
    empty: "No messages here yet",
    ok: "OK",
    copy: "Copy",
    copied: "Copied",
    remove: "Delete",
    reply: "Message replied to",
    hidden: "Show hidden text",
    more: "Show more",
    less: "Show less",
    effect: "Play the effect again",
    uncopied: "That was not copied",
    picture: "Picture",
    sticker: "Sticker",
    voice: "Voice message",
    close: "Close",
    download: "Download",
    unanswered: "The bot did not answer",
    failed: "That was not sent, please try again",
    read: "Read",
    done: "Done",
    title: "职教云 study bot · demo",
    lines: (speed) => [
      "This is a phone with the real bot in it; the Telegram and the 职教云 it talks to are stand-ins on this machine.",
      ...(speed === null
        ? []
        : [`The platform's clock runs ${speed} times faster: ${speed} seconds there are 1 second here.`]),
      "Start, paste a cookie, choose a course and modules, and watch it study.",
      "A pasted token logs in to today's site: courses, progress and new lessons are read, and nothing is studied.",
      "The cookie, the token, the courses and the student are made up; nothing leaves this machine.",
    ],
    trouble: "Make some trouble:",
    span: (seconds) => span(seconds, [" h", " min", " s"]),
    pace: (hour) => `Demo: 1 hour on the platform takes ${hour} here`,
    ending: {
      cookie: (left) => `Demo: the cookie ends in about ${left}; then tap 🍪 Paste cookie for a new one`,
      token: (left) => `Demo: the token ends in about ${left}; then tap 🔑 Paste token for a new one`,
    },
    over: {
      cookie: "Demo: the cookie has ended; tap 🍪 Paste cookie for a new one",
      token: "Demo: the token has ended; tap 🔑 Paste token for a new one",
    },
  },
};

export const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
export const words = WORDS[language];

// "中文 / English" as one label: the half in the page's language.
export function half(label) {
  const parts = label.split(" / ");
  return parts.length === 2 ? parts[language === "en" ? 1 : 0] : label;
}

export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString(words.locale, {
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
}

export function day(seconds, now = Date.now()) {
  const date = new Date(seconds * 1000);
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  const days = Math.round((midnight - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  return date.toLocaleDateString(words.locale, { month: "long", day: "numeric" });
}

// The API's formats: w is the day of the week, d and D a date, t and T a time, r from now.
const PARTS = {
  w: { weekday: "long" },
  d: { year: "2-digit", month: "2-digit", day: "2-digit" },
  D: { year: "numeric", month: "long", day: "numeric" },
  t: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  T: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
};
const UNITS = [
  ["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1],
];

export function moment(seconds, format, now = Date.now()) {
  if (format !== "r") {
    const parts = Object.assign({}, ...[...format].map((sign) => PARTS[sign]));
    return new Date(seconds * 1000).toLocaleString(words.locale, parts);
  }
  const away = Math.round(seconds - now / 1000);
  const [unit, long] = UNITS.find(([, each]) => Math.abs(away) >= each) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(words.locale).format(Math.trunc(away / long), unit);
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1048576) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1048576).toFixed(1)} MB`;
}
