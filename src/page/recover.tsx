// What happens when the page opens? It reads what the server wrote and what the address says, and takes over.

import { render } from "preact";

import { App } from "./app.tsx";
import { makeBotCheck } from "./bot-check.ts";
import { takeLink } from "./page-address.ts";
import { openRecoveryClient } from "./recovery-client.ts";
import type { PageSettings } from "./settings.ts";
import { PageContext } from "./page-context.ts";
import "./style.css";

const settings = JSON.parse(document.querySelector("#settings")?.textContent ?? "") as PageSettings;
const client = openRecoveryClient(settings);
const botCheck = makeBotCheck(client);
const link = takeLink();

const main = document.querySelector("#app");
if (main !== null) {
  main.replaceChildren();
  render(
    <PageContext.Provider value={{ settings, client, botCheck }}>
      <App link={link} />
    </PageContext.Provider>,
    main,
  );
}
