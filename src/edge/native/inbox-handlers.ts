// What does InboxService do? Credentials, wire in, act, wire out.

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";

import type { InboxService } from "../../../gen/rekey/v1/inbox_service_pb.ts";
import { NotificationType } from "../../../gen/rekey/v1/password_service_pb.ts";
import type { ReadInbox } from "../../reset/read-inbox.ts";
import { callOf } from "../http/caller-value.ts";

const defaultPageSize = 50;

export function inboxHandlers(readInbox: ReadInbox): ServiceImpl<typeof InboxService> {
  return {
    listMessages: async ({ userId, pageSize }, context) => {
      const captured = await readInbox(callOf(context), {
        size: pageSize || defaultPageSize,
        ...(userId === "" ? {} : { userId }),
      });
      return { messages: captured.map(messageOf) };
    },
  };
}

function messageOf(message: Awaited<ReturnType<ReadInbox>>[number]) {
  return {
    messageId: message.id,
    userId: message.userId,
    notificationType: message.channel === "sms" ? NotificationType.SMS : NotificationType.EMAIL,
    recipient: message.recipient,
    language: message.language,
    link: message.values.link,
    verificationCode: message.values.secret,
    expirationDate: timestampFromMs(message.codeExpiresAt ?? message.expiresAt),
    captureDate: timestampFromMs(message.capturedAt),
  };
}
