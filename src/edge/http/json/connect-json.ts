// How does connect come to JSON that it can read? By its own reader's rules; what those refuse is said without its values.

import { fromJsonString, type DescMessage, type JsonReadOptions, type MessageShape } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";

import { readJson, unfit } from "./read-json.ts";
import { requestError } from "./request-fault.ts";

type Options = Partial<JsonReadOptions>;

/** As connect decodes it: a mark at its beginning is dropped. */
const utf8 = new TextDecoder();

/** Throws a ConnectError. */
export function readConnectJson<D extends DescMessage>(desc: D, bytes: Uint8Array, options: Options): MessageShape<D> {
  return readText(desc, utf8.decode(bytes), options);
}

/**
 * For connect's handlers, which read JSON themselves and pass on the reader's sentence, but a ConnectError of their
 * decoder as it is. So the text is read here first, and once more there: what comes this way is rare, or packed.
 */
export function withJudgedText<O extends Options>(desc: DescMessage, options: O): O {
  const decode = (bytes: Uint8Array): string => {
    const text = utf8.decode(bytes);
    readText(desc, text, options);
    return text;
  };
  return { ...options, textDecoder: { decode } };
}

function readText<D extends DescMessage>(desc: D, text: string, options: Options): MessageShape<D> {
  try {
    return fromJsonString(desc, text, options);
  } catch {
    throw refusal(desc, text, options);
  }
}

function refusal(desc: DescMessage, text: string, { ignoreUnknownFields = false, registry }: Options): ConnectError {
  const read = readJson(desc, text, { ignoreUnknownFields, registry });
  return requestError((read.kind === "fault" ? read : unfit).fault, !ignoreUnknownFields);
}
