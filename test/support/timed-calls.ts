// How long does the service take to answer? Measured as close to the wire as a test can: prepared bytes on one open
// connection, one request at a time.

import { once } from "node:events";
import net from "node:net";

import { onTestFinished } from "vitest";

export type TimedAnswer = {
  readonly status: string;
  /** Sorted; without the date, which is the clock's. */
  readonly heads: readonly string[];
  readonly body: string;
  readonly milliseconds: number;
};

export type TimedCalls = (path: string, body: object) => Promise<TimedAnswer>;

export async function openTimedCalls(address: string): Promise<TimedCalls> {
  const { hostname, port } = new URL(address);
  const socket = net.connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, "connect");
  onTestFinished(() => void socket.destroy());

  return async function call(path, body) {
    const text = JSON.stringify(body);
    const length = Buffer.byteLength(text);
    const head = `POST ${path} HTTP/1.1\r\nhost: ${hostname}\r\nx-request-id: same\r\ncontent-type: application/json\r\ncontent-length: ${length}`;
    const request = Buffer.from(`${head}\r\n\r\n${text}`);
    let came = "";
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const read = (chunk: Buffer) => {
      came += chunk.toString("latin1");
      if (isWhole(came)) resolve(performance.now());
    };
    const closed = () => reject(new Error(`the connection ended: ${came}`));
    socket.on("data", read).once("close", closed);
    const startedAt = performance.now();
    socket.write(request);
    const endedAt = await promise;
    socket.off("data", read).off("close", closed);
    return { ...parts(came), milliseconds: endedAt - startedAt };
  };
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer)?.[1];
  if (length === undefined) throw new Error(`an answer of unknown length: ${answer}`);
  return answer.length >= end + 4 + Number(length);
}

function parts(answer: string): Omit<TimedAnswer, "milliseconds"> {
  const end = answer.indexOf("\r\n\r\n");
  const [status = "", ...heads] = answer.slice(0, end).split("\r\n");
  return { status, heads: heads.filter((head) => !/^date:/i.test(head)).toSorted(), body: answer.slice(end + 4) };
}
