// What must every register of disabled endpoints keep? One suite for all of them; it takes only `open()`.

import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { EndpointRegister } from "../../src/delivery/webhook/endpoint-register.ts";

export type OpenedRegister = {
  readonly register: EndpointRegister;
  /** What is there after the process that disabled has ended and another one has opened. */
  reopen(): Promise<EndpointRegister>;
  close(): Promise<void>;
};

const at = 1_800_000_000_000;
const gone = { disabledAt: at, why: "It answered 410 Gone." };

export function endpointRegisterContract(name: string, open: () => Promise<OpenedRegister>): void {
  describe(`the endpoint register on ${name}`, () => {
    let opened: OpenedRegister;
    let register: EndpointRegister;
    let realmId: string;
    beforeAll(async () => {
      opened = await open();
      register = opened.register;
    });
    afterAll(() => opened.close());

    const newRealm = () => {
      realmId = randomUUID();
      return realmId;
    };

    test("disables nobody by itself", async () => {
      expect(await register.isDisabled(newRealm(), "crm")).toBe(false);
      expect(await register.list(realmId)).toEqual([]);
    });

    test("disables one endpoint of one realm", async () => {
      await register.disable(newRealm(), { endpointId: "crm", ...gone });
      expect(await register.isDisabled(realmId, "crm")).toBe(true);
      expect(await register.isDisabled(realmId, "app")).toBe(false);
      expect(await register.isDisabled(randomUUID(), "crm")).toBe(false);
    });

    test("lists what is disabled, when and why, by id", async () => {
      newRealm();
      for (const endpointId of ["b", "a", "c"]) await register.disable(realmId, { endpointId, ...gone });
      expect(await register.list(realmId)).toEqual([
        { endpointId: "a", ...gone },
        { endpointId: "b", ...gone },
        { endpointId: "c", ...gone },
      ]);
    });

    test("keeps the first moment and reason", async () => {
      await register.disable(newRealm(), { endpointId: "crm", ...gone });
      await register.disable(realmId, { endpointId: "crm", disabledAt: at + 1, why: "Another reason." });
      expect(await register.list(realmId)).toEqual([{ endpointId: "crm", ...gone }]);
    });

    test("enables again, and that twice without harm", async () => {
      await register.disable(newRealm(), { endpointId: "crm", ...gone });
      for (const _ of [1, 2]) await register.enable(realmId, "crm");
      expect(await register.isDisabled(realmId, "crm")).toBe(false);
      expect(await register.list(realmId)).toEqual([]);
      await register.disable(realmId, { endpointId: "crm", disabledAt: at + 2, why: "Again." });
      expect(await register.list(realmId)).toEqual([{ endpointId: "crm", disabledAt: at + 2, why: "Again." }]);
    });

    test("remembers over a restart", async () => {
      await register.disable(newRealm(), { endpointId: "crm", ...gone });
      register = await opened.reopen();
      expect(await register.isDisabled(realmId, "crm")).toBe(true);
      expect(await register.list(realmId)).toEqual([{ endpointId: "crm", ...gone }]);
    });
  });
}
