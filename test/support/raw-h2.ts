// How does a test send HTTP/2 that no client library would send? Frame by frame. Spec: RFC 9113 §4.1, RFC 7541 §6.2.2.

export const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

export const frameType = { data: 0, headers: 1, reset: 3, settings: 4 } as const;
export const flag = { none: 0, endStream: 0x1, endHeaders: 0x4 } as const;

export function frame(type: number, flags: number, streamId: number, payload: Uint8Array = Buffer.of()): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.byteLength, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

/** Each as a literal that is neither indexed nor packed; names and values below 127 bytes. */
export function headerBlock(headers: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(headers).map(([name, value]) =>
      Buffer.concat([Buffer.of(0, name.length), Buffer.from(name), Buffer.of(value.length), Buffer.from(value)]),
    ),
  );
}

export function resetFrame(streamId: number, errorCode: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(errorCode);
  return frame(frameType.reset, flag.none, streamId, payload);
}

/** The head of a POST, whose body is still to come. */
export function postHead(streamId: number, path: string, contentType: string): Buffer {
  const block = headerBlock({
    ":method": "POST",
    ":scheme": "http",
    ":path": path,
    ":authority": "localhost",
    "content-type": contentType,
  });
  return frame(frameType.headers, flag.endHeaders, streamId, block);
}

export function dataFrame(streamId: number, data: Uint8Array, flags: number = flag.none): Buffer {
  return frame(frameType.data, flags, streamId, data);
}

export const emptySettings = frame(frameType.settings, flag.none, 0);
