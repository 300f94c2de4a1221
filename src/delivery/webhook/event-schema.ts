// What does an application read in a webhook? The schema of every event; docs/webhook-events.schema.json is printed from it.

import { z } from "zod";

import type { EventType } from "../events.ts";

const instant = z.iso.datetime();

/** What every event says. */
const about = {
  event_id: z.string().meta({ description: "Names the event: the same at every endpoint." }),
  realm_id: z.string(),
  organization_id: z.string(),
  user_id: z.string().meta({ description: "Whom it is about." }),
  request_number: z
    .string()
    .meta({ description: "Short, for support: the same in the message to the user and in Rekey's log." }),
};

function schemaOf<const Type extends EventType, Data extends z.ZodRawShape>(
  type: Type,
  description: string,
  data: Data,
) {
  return z
    .object({
      type: z.literal(type),
      timestamp: instant.meta({ description: "When it happened." }),
      data: z.object({ ...about, ...data }),
    })
    .meta({ title: type, description });
}

export const eventSchema = z
  .discriminatedUnion("type", [
    schemaOf("password.reset.requested", "A code was made, to set a new password with.", {
      medium: z.enum(["returned", "email", "sms", "event"]).meta({
        description: "How the code reaches the user: in the answer to its caller, by a message, or by this event.",
      }),
      expires_at: instant.meta({ description: "From then on the code is dead." }),
      code: z.string().optional().meta({ description: "Only at endpoints that are configured to receive codes." }),
    }),
    schemaOf("password.reset.completed", "A new password was set with a code.", {}),
    schemaOf("password.reset.vetoed", "The user said by a link in a message that it was not them.", {
      vetoed: z.enum(["request", "change"]).meta({
        description: "What the message was about: that a reset was asked for, or that the password has changed.",
      }),
      blocked_until: instant.meta({ description: "Until then no reset of the user is taken up." }),
    }),
    schemaOf("password.changed", "The password is another one, whatever proved that it may be changed.", {
      by: z
        .enum(["code", "current_password", "permission", "import"])
        .meta({ description: "What the change was allowed by." }),
      sessions_ended: z
        .boolean()
        .meta({ description: "Whether sessions from before `timestamp` count for nothing now: see docs/sessions.md." }),
    }),
    schemaOf("message.failed", "A message to the user was given up.", {
      message_id: z.string().meta({ description: "The id that the request for the message was answered with." }),
      channel: z.enum(["email", "sms"]),
      problem: z.string().meta({ description: "Why the last attempt failed, for people." }),
    }),
  ])
  .meta({
    title: "Body of a Rekey webhook",
    description: "Fields and events may be added: ignore what is not known.",
  });

export type EventDocument = z.infer<typeof eventSchema>;
