// How does a test speak below HTTP? Bytes out, everything that came back, and when the other side ended it.

import net from "node:net";
import { onTestFinished } from "vitest";

export type RawSocket = {
  send(bytes: string | Uint8Array): Promise<void>;
  /** Waits until `part` came, and gives all that came so far. */
  received(part: string): Promise<string>;
  /** Waits for the other side's end, and gives all that came before it. */
  ended(): Promise<string>;
  end(): void;
};

export async function openRawSocket(port: number): Promise<RawSocket> {
  const socket = net.connect({ host: "127.0.0.1", port, noDelay: true, allowHalfOpen: true });
  let text = "";
  socket.setEncoding("latin1").on("data", (data: string) => (text += data));
  // A reset is one of the ways in which the other side ends it.
  socket.on("error", () => undefined);
  const ended = new Promise<string>((resolve) => {
    socket.once("end", () => resolve(text)).once("close", () => resolve(text));
  });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  onTestFinished(() => void socket.destroy());
  return {
    send: (bytes) => new Promise((resolve) => void socket.write(bytes, () => resolve())),
    received: (part) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (text.includes(part)) resolve(text);
        };
        socket.on("data", look);
        void ended.then((all) =>
          reject(new Error(`ended before ${JSON.stringify(part)} came: ${JSON.stringify(all)}`)),
        );
        look();
      }),
    ended: () => ended,
    end: () => void socket.end(),
  };
}
