// When does an HTTP/2 connection end? When its peer is dead, and politely when it is old.

import type { ServerHttp2Session } from "node:http2";
import type { Milliseconds } from "../../units.ts";

export type SessionLimits = { readonly pingEveryMs: Milliseconds; readonly maxConnectionAgeMs: Milliseconds };

export function keepWatch(session: ServerHttp2Session, limits: SessionLimits): void {
  let answered = true;
  const ping = setInterval(() => {
    if (!answered) {
      session.destroy();
      return;
    }
    answered = false;
    // False when Node will not send one, because too many are unanswered: as good as dead.
    session.ping((error) => (answered = error === null));
  }, limits.pingEveryMs);
  // GOAWAY: calls in flight finish, new ones go to a new connection.
  const retire = setTimeout(() => session.close(), limits.maxConnectionAgeMs);
  // Timers must not keep a process alive that has nothing else to do.
  ping.unref();
  retire.unref();
  session.once("close", () => {
    clearInterval(ping);
    clearTimeout(retire);
  });
}
