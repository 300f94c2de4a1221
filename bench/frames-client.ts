// How does the generator take less of the core that it shares with Redis? It writes and reads the frames of HTTP/2 itself.

import { once } from "node:events";
import { connect } from "node:net";

/** One connection that makes the same request over and over, with another body each time. Never rejects. */
export type FramesClient = {
  /** The body of the answer, or why there is none. */
  call(body: Buffer): Promise<Buffer | string>;
  close(): void;
};

/** Spec: RFC 9113 §6. */
const frames = { data: 0, headers: 1, resetStream: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 } as const;
const flags = { ack: 1, endStream: 1, endHeaders: 4 } as const;
const headBytes = 9;
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/** 2^31 - 1: a run never gets to the end of it, so that no window is updated after the first. */
const widestWindow = 0x7f_ff_ff_ff;
const firstWindow = 65_535;
const maxConcurrentStreams = 3;
/** HEADER_TABLE_SIZE 0 and INITIAL_WINDOW_SIZE: names and values come whole, so that there is no table to keep. */
const settings: readonly (readonly [id: number, value: number])[] = [
  [1, 0],
  [4, widestWindow],
];
/** `grpc-status: 0` as a literal with a name in Huffman's code. Spec: RFC 7541 §6.2.2, appendix B. */
const statusOk = Buffer.from("889acac8b21234da8f0130", "hex");
/** `:method: POST` and `:scheme: http` of the static table; the first of the dynamic one. Spec: RFC 7541 appendix A, §2.3.3. */
const [post, http, firstDynamic] = [0x83, 0x86, 62];

type Waiting = { readonly resolve: (answer: Buffer | string) => void; body: Buffer };

export async function openFramesClient(
  address: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<FramesClient> {
  const { hostname, port, host } = new URL(address);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, "connect");
  const fields = Object.entries({ ":path": path, ":authority": host, ...headers });
  // The first request puts its fields into the server's table, the later ones name their places: the newest is first there.
  const whole = Buffer.concat([Buffer.of(post, http), ...fields.map(literal)]);
  const indexed = Buffer.from([post, http, ...fields.map((_, at) => 0x80 | (firstDynamic + fields.length - 1 - at))]);
  const waiting = new Map<number, Waiting>();
  /** Calls beyond what the server takes on one connection at a time. They wait here, as with any client. */
  const line: (() => void)[] = [];
  let mostAtOnce = Infinity;
  let nextStream = 1;
  let rest: Buffer = Buffer.of();

  socket.write(preface);
  socket.write(frame(frames.settings, 0, 0, settingsPayload()));
  socket.write(frame(frames.windowUpdate, 0, 0, number32(widestWindow - firstWindow)));
  socket.on("data", (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length >= at + headBytes) {
      const end = at + headBytes + rest.readUIntBE(at, 3);
      if (rest.length < end) break;
      take(rest[at + 3] ?? 0, rest[at + 4] ?? 0, rest.readUInt32BE(at + 5), rest.subarray(at + headBytes, end));
      at = end;
    }
    rest = rest.subarray(at);
  });
  const loseAll = () => {
    for (const stream of waiting.keys()) finish(stream, "the connection is gone");
  };
  socket.on("error", loseAll).on("close", loseAll);

  function take(type: number, flag: number, stream: number, payload: Buffer): void {
    if (type === frames.settings && (flag & flags.ack) === 0) {
      mostAtOnce = settingIn(payload, maxConcurrentStreams) ?? mostAtOnce;
      socket.write(frame(frames.settings, flags.ack, 0));
    } else if (type === frames.ping && (flag & flags.ack) === 0)
      socket.write(frame(frames.ping, flags.ack, 0, payload));
    else if (type === frames.data) append(stream, payload);
    else if (type === frames.headers && (flag & flags.endStream) !== 0)
      finish(stream, payload.includes(statusOk) ? undefined : "not grpc-status 0");
    else if (type === frames.resetStream) finish(stream, `reset, error ${payload.readUInt32BE()}`);
    else if (type === frames.goAway) socket.destroy();
  }

  function append(stream: number, payload: Buffer): void {
    const call = waiting.get(stream);
    if (call !== undefined) call.body = call.body.length === 0 ? payload : Buffer.concat([call.body, payload]);
  }

  function finish(stream: number, failure: string | undefined): void {
    const call = waiting.get(stream);
    waiting.delete(stream);
    call?.resolve(failure ?? call.body);
    line.shift()?.();
  }

  function send(body: Buffer, resolve: Waiting["resolve"]): void {
    if (socket.destroyed) return resolve("the connection is gone");
    const stream = nextStream;
    nextStream += 2;
    waiting.set(stream, { resolve, body: Buffer.of() });
    const head = frame(frames.headers, flags.endHeaders, stream, stream === 1 ? whole : indexed);
    socket.write(Buffer.concat([head, frame(frames.data, flags.endStream, stream, body)]));
  }

  return {
    call: (body) =>
      new Promise((resolve) => {
        if (waiting.size < mostAtOnce) send(body, resolve);
        else line.push(() => send(body, resolve));
      }),
    close: () => socket.destroy(),
  };
}

function frame(type: number, flag: number, stream: number, payload: Buffer = Buffer.of()): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes.writeUInt8(type, 3);
  bytes.writeUInt8(flag, 4);
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, headBytes);
  return bytes;
}

/** With incremental indexing and without Huffman's code. Lengths of one byte: up to 126. Spec: RFC 7541 §6.2.1. */
function literal([name, value]: readonly [string, string]): Buffer {
  return Buffer.concat([Buffer.of(0x40, name.length), Buffer.from(name), Buffer.of(value.length), Buffer.from(value)]);
}

function settingsPayload(): Buffer {
  return Buffer.concat(settings.map(([id, value]) => Buffer.concat([Buffer.of(0, id), number32(value)])));
}

/** Six bytes each: a number of two, a value of four. */
function settingIn(payload: Buffer, id: number): number | undefined {
  for (let at = 0; at < payload.length; at += 6) {
    if (payload.readUInt16BE(at) === id) return payload.readUInt32BE(at + 2);
  }
  return undefined;
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
