// Does every register of disabled endpoints keep its promise?

import { openEndpointRegister } from "../../src/delivery/webhook/open-endpoint-register.ts";
import { homes } from "../support/open-homes.ts";
import { endpointRegisterContract } from "./endpoint-register.contract.ts";

for (const [name, openHome] of Object.entries(homes)) {
  endpointRegisterContract(name, async () => {
    const opened = await openHome();
    return {
      register: await openEndpointRegister(opened.home),
      reopen: async () => openEndpointRegister(await opened.restart()),
      close: () => opened.close(),
    };
  });
}
