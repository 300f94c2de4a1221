// Does every throttle keep its promise?

import { openThrottle } from "../../src/throttle/open-throttle.ts";
import { homes } from "../support/open-homes.ts";
import { throttleContract } from "./throttle.contract.ts";

for (const [name, openHome] of Object.entries(homes)) {
  throttleContract(name, async () => {
    const opened = await openHome();
    return {
      throttle: await openThrottle(opened.home),
      reopen: async () => openThrottle(await opened.restart()),
      close: () => opened.close(),
    };
  });
}
