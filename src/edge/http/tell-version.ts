// Does this socket speak HTTP/1.1 or HTTP/2? TLS has agreed on it; in clear text the first bytes tell.

import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Milliseconds } from "../../units.ts";

/** Spec: RFC 9113 §3.4. */
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** Calls `told` at most once. A socket that stays silent, or stops inside the preface, is destroyed after `timeoutMs`. */
export function tellVersion(socket: Socket, timeoutMs: Milliseconds, told: (version: 1 | 2) => void): void {
  if (socket instanceof TLSSocket) {
    told(socket.alpnProtocol === "h2" ? 2 : 1);
    return;
  }
  let seen: Buffer = Buffer.alloc(0);
  const giveUp = () => void socket.destroy();
  const onReadable = () => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const compared = Math.min(seen.length, preface.length);
    const isPreface = seen.compare(preface, 0, compared, 0, compared) === 0;
    if (isPreface && compared < preface.length) return;
    clearTimeout(timer);
    socket.off("error", giveUp).off("close", stop).off("end", giveUp).off("readable", onReadable);
    socket.unshift(seen);
    told(isPreface ? 2 : 1);
  };
  const stop = () => clearTimeout(timer);
  // Counted from the first byte, not from the last: a byte now and then does not keep a socket.
  const timer = setTimeout(giveUp, timeoutMs);
  socket.on("error", giveUp).on("close", stop).on("end", giveUp).on("readable", onReadable);
}
