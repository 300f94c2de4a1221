// How does the list of captured messages look? One page without script: the newest first, each folded out as it would arrive.

import type { CapturedMessage } from "../../delivery/courier.ts";

export function inboxList(entries: readonly { readonly message: CapturedMessage; readonly subject: string }[]): string {
  const shown = entries.map(({ message, subject }, index) => entry(message, subject, index === 0)).join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Inbox · Rekey demo</title>
<link rel="stylesheet" href="/dev/inbox/style.css">
</head>
<body>
<header>
<h1>Inbox</h1>
<p>Messages that would have gone out. The demo keeps the newest in memory and sends nothing. <a href="/dev/inbox">Look again</a></p>
</header>
<main>
${shown === "" ? '<p class="empty">Nothing yet. Ask for a reset with <code>sendLink</code>.</p>' : shown}
</main>
</body>
</html>
`;
}

function entry(message: CapturedMessage, subject: string, isOpen: boolean): string {
  const time = new Date(message.capturedAt).toISOString();
  return `<details class="${message.channel}"${isOpen ? " open" : ""}>
<summary>
<strong>${escaped(subject)}</strong>
<span>${message.channel === "email" ? "Mail" : "Text"} to ${escaped(message.recipient)}</span>
<time datetime="${time}">${time.slice(11, 19)}</time>
</summary>
<iframe title="${escaped(subject)}" src="/dev/inbox/message?id=${encodeURIComponent(message.id)}"></iframe>
</details>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

export const inboxStyle = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 760px; padding: 24px 16px; }
h1 { font-size: 24px; margin: 0; }
header p, .empty { color: GrayText; margin: 4px 0 24px; }
details { border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); border-radius: 12px; margin-bottom: 12px; overflow: hidden; }
summary { cursor: pointer; display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 12px 16px; }
summary strong { flex: 1 0 100%; }
summary span { flex: 1; overflow-wrap: anywhere; }
summary span, summary time { color: GrayText; font-size: 14px; }
iframe { border: 0; border-top: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); display: block; height: 640px; width: 100%; }
.sms iframe { height: 160px; }
`;
