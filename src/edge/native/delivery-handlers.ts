// What does DeliveryService do? Credentials, wire in, act, wire out.

import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";

import {
  DeliveryChannel,
  type DeliverySchema,
  type DeliveryService,
  DeliveryState,
} from "../../../gen/rekey/v1/delivery_service_pb.ts";
import { type DeliveryRecord, placeOf } from "../../delivery/outbox/outbox.ts";
import type { ManageDeliveries } from "../../reset/manage-deliveries.ts";
import { requestNumberKey } from "../http/call-values.ts";
import { callOf } from "../http/caller-value.ts";
import { placeAfter, placeTokenOf } from "./place-token.ts";

const defaultPageSize = 50;

export function deliveryHandlers(deliveries: ManageDeliveries): ServiceImpl<typeof DeliveryService> {
  return {
    getDelivery: async ({ deliveryId }, context) => {
      return { delivery: deliveryMessage(await deliveries.get(callOf(context), deliveryId)) };
    },

    listDeliveries: async ({ state, userId, pageSize, pageToken }, context) => {
      const after = placeAfter(pageToken);
      const size = pageSize || defaultPageSize;
      const found = await deliveries.list(callOf(context), {
        state: stateNames.get(state) ?? "dead",
        // One more tells whether there is a next page.
        size: size + 1,
        ...(userId === "" ? {} : { userId }),
        ...(after === undefined ? {} : { after }),
      });
      const page = found.slice(0, size);
      const last = found.length > size ? page.at(-1) : undefined;
      const nextPageToken = last === undefined ? "" : placeTokenOf(placeOf(last));
      return { deliveries: page.map(deliveryMessage), nextPageToken };
    },

    resendDelivery: async ({ deliveryId }, context) => {
      const { id, requestNumber } = await deliveries.resend(callOf(context), deliveryId);
      context.values.set(requestNumberKey, requestNumber);
      return { deliveryId: id };
    },

    dropDelivery: async ({ deliveryId }, context) => {
      await deliveries.drop(callOf(context), deliveryId);
      return {};
    },
  };
}

const stateNames: ReadonlyMap<DeliveryState, DeliveryRecord["state"]> = new Map([
  [DeliveryState.WAITING, "waiting"],
  [DeliveryState.DELIVERED, "delivered"],
  [DeliveryState.DEAD, "dead"],
]);
const stateNumbers = new Map([...stateNames].map(([number, name]) => [name, number]));

const channels = {
  email: DeliveryChannel.EMAIL,
  sms: DeliveryChannel.SMS,
  webhook: DeliveryChannel.WEBHOOK,
  /** Never shown. */
  recovery: DeliveryChannel.UNSPECIFIED,
} as const;

function deliveryMessage(record: DeliveryRecord): MessageInitShape<typeof DeliverySchema> {
  return {
    deliveryId: record.id,
    userId: record.userId,
    channel: channels[record.target.kind],
    subject: record.subject,
    requestNumber: record.requestNumber,
    state: stateNumbers.get(record.state) ?? DeliveryState.UNSPECIFIED,
    attempts: record.attempts,
    problem: record.problem ?? "",
    deliveredBy: record.deliveredBy ?? "",
    creationDate: timestampFromMs(record.createdAt),
    expirationDate: timestampFromMs(record.expiresAt),
    ...(record.nextAttemptAt === undefined ? {} : { nextAttemptDate: timestampFromMs(record.nextAttemptAt) }),
    ...(record.endedAt === undefined ? {} : { endDate: timestampFromMs(record.endedAt) }),
  };
}
