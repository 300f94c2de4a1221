// What can an operator do about deliveries? List them, look at one, send a dead one again, drop one.

import { parseArgs } from "node:util";

import { toJson } from "@bufbuild/protobuf";

import { type Delivery, DeliverySchema } from "../../gen/rekey/v1/delivery_service_pb.ts";
import { CommandFailure } from "./command-failure.ts";
import { type Command, oneOf, theOnly } from "./command.ts";
import { askService, serviceOptions } from "./find-service.ts";
import { showCard, showTable, type StateName, states } from "./show-deliveries.ts";

/** Source: ListDeliveriesRequest.page_size. */
const pageSize = 200;
/** More than are remembered of the dead or the delivered. */
const mostListed = 100_000;

export const listDeliveries: Command = async (args, environment) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...serviceOptions,
      state: { type: "string" },
      user: { type: "string" },
      limit: { type: "string", default: "50" },
      json: { type: "boolean", default: false },
    },
  });
  const state = oneOf("--state", Object.keys(states) as StateName[], values.state) ?? "dead";
  const limit = Number(values.limit);
  if (!/^\d+$/.test(values.limit) || limit < 1 || limit > mostListed) {
    throw new CommandFailure("usage", `--limit may be 1 to ${mostListed}.`);
  }
  const filter = { state: states[state], userId: values.user ?? "" };
  const deliveries: Delivery[] = [];
  let pageToken = "";
  do {
    const request = { ...filter, pageSize: Math.min(pageSize, limit - deliveries.length), pageToken };
    const page = await askService(values, environment, (client) => client.listDeliveries(request));
    deliveries.push(...page.deliveries);
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && deliveries.length < limit);
  return values.json
    ? inJson(deliveries.map((delivery) => toJson(DeliverySchema, delivery)))
    : showTable(state, deliveries);
};

export const showDelivery: Command = async (args, environment) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...serviceOptions, json: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const deliveryId = theOnly("ID", positionals);
  const { delivery } = await askService(values, environment, (client) => client.getDelivery({ deliveryId }));
  if (delivery === undefined) throw new CommandFailure("refused", "The service answered without a delivery.");
  return values.json ? inJson(toJson(DeliverySchema, delivery)) : showCard(delivery);
};

export const resendDelivery: Command = async (args, environment) => {
  const { values, positionals } = parseArgs({ args: [...args], options: serviceOptions, allowPositionals: true });
  const deliveryId = theOnly("ID", positionals);
  const answer = await askService(values, environment, (client) => client.resendDelivery({ deliveryId }));
  return `It is sent again with a fresh code, as delivery ${answer.deliveryId}.\n`;
};

export const dropDelivery: Command = async (args, environment) => {
  const { values, positionals } = parseArgs({ args: [...args], options: serviceOptions, allowPositionals: true });
  const deliveryId = theOnly("ID", positionals);
  await askService(values, environment, (client) => client.dropDelivery({ deliveryId }));
  return "It is forgotten.\n";
};

function inJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
