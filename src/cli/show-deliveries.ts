// How do deliveries look on a terminal? A table of many, a card of one.

import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";

import { type Delivery, DeliveryChannel, DeliveryState } from "../../gen/rekey/v1/delivery_service_pb.ts";
import { printable } from "./printable.ts";

export type StateName = "dead" | "waiting" | "delivered";

export const states: Readonly<Record<StateName, DeliveryState>> = {
  dead: DeliveryState.DEAD,
  waiting: DeliveryState.WAITING,
  delivered: DeliveryState.DELIVERED,
};

const nothing: Readonly<Record<StateName, string>> = {
  dead: "There are no dead letters.\n",
  waiting: "Nothing waits.\n",
  delivered: "Nothing was delivered within the last day.\n",
};

export function showTable(state: StateName, deliveries: readonly Delivery[]): string {
  if (deliveries.length === 0) return nothing[state];
  const isWaiting = state === "waiting";
  const head = ["ID", isWaiting ? "NEXT ATTEMPT (UTC)" : "ENDED (UTC)", "USER", "CHANNEL", "SUBJECT", "ATTEMPTS"];
  const rows = deliveries.map((delivery) => [
    delivery.deliveryId,
    time(isWaiting ? delivery.nextAttemptDate : delivery.endDate) || "now",
    delivery.userId,
    channelOf(delivery),
    delivery.subject,
    String(delivery.attempts),
    state === "delivered" ? delivery.deliveredBy : delivery.problem,
  ]);
  return aligned([[...head, state === "delivered" ? "BY" : "PROBLEM"], ...rows]);
}

export function showCard(delivery: Delivery): string {
  const state = Object.entries(states).find(([, number]) => number === delivery.state)?.[0] ?? "unknown";
  const fields = [
    ["delivery", delivery.deliveryId],
    ["state", state],
    ["user", delivery.userId],
    ["channel", channelOf(delivery)],
    ["subject", delivery.subject],
    ["request number", delivery.requestNumber],
    ["attempts", String(delivery.attempts)],
    ["problem", delivery.problem],
    ["delivered by", delivery.deliveredBy],
    ["created (UTC)", time(delivery.creationDate)],
    ["expires (UTC)", time(delivery.expirationDate)],
    ["next attempt (UTC)", time(delivery.nextAttemptDate)],
    ["ended (UTC)", time(delivery.endDate)],
  ];
  return aligned(fields.filter(([, value]) => value !== ""));
}

function channelOf({ channel }: Delivery): string {
  const name = Object.entries(DeliveryChannel).find(([, number]) => number === channel)?.[0];
  return name?.toLowerCase() ?? "unknown";
}

/** "2026-08-14 09:12:05". */
function time(timestamp: Timestamp | undefined): string {
  return timestamp === undefined ? "" : timestampDate(timestamp).toISOString().slice(0, 19).replace("T", " ");
}

/** Columns as wide as their widest cell; the last one as it is. */
function aligned(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return cells.map((row) => `${line(row).trimEnd()}\n`).join("");
}
