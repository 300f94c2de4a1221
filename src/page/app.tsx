// Which screen is shown? One at a time; each says where it goes from there.

import { useEffect, useRef, useState } from "preact/hooks";

import { keepLinkOverLanguages } from "./change-language.ts";
import { type Link, takeLink } from "./page-address.ts";
import { usePage } from "./page-context.ts";
import { firstScreen, linkOf, type Screen, screenOf, type Show } from "./screen.ts";
import { AskScreen } from "./screens/ask-screen.tsx";
import { CodeScreen } from "./screens/code-screen.tsx";
import { DoneScreen } from "./screens/done-screen.tsx";
import { EndScreen } from "./screens/end-screen.tsx";
import { OpeningScreen } from "./screens/opening-screen.tsx";
import { PasswordScreen } from "./screens/password-screen.tsx";
import { VetoScreen } from "./screens/veto-screen.tsx";
import { VetoedScreen } from "./screens/vetoed-screen.tsx";

export function App({ link }: { readonly link: Link | undefined }) {
  const [screen, show] = useState(() => firstScreen(link));
  useAnnouncement(screen);
  useEffect(() => keepLinkOverLanguages(linkOf(screen)), [screen]);
  // A link that is pasted into the address bar of this very page loads nothing: only what is behind the "#" changes.
  useEffect(() => {
    const follow = () => {
      const opened = takeLink();
      if (opened !== undefined) show(screenOf(opened));
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return shown(screen, show);
}

function shown(screen: Screen, show: Show) {
  switch (screen.kind) {
    case "ask":
      return <AskScreen key="ask" identifier={screen.identifier} show={show} />;
    case "code":
      return <CodeScreen key="code" request={screen.request} show={show} />;
    case "opening":
      return <OpeningScreen key={screen.link.token} link={screen.link} show={show} />;
    case "password":
      return <PasswordScreen key="password" screen={screen} show={show} />;
    case "done":
      return <DoneScreen key="done" completed={screen.completed} />;
    case "veto":
      return <VetoScreen key={screen.link.token} link={screen.link} show={show} />;
    case "vetoed":
      return <VetoedScreen key="vetoed" blockedUntil={screen.blockedUntil} />;
    case "end":
      return <EndScreen key={screen.end.kind} end={screen.end} show={show} />;
  }
}

/** A new screen is a new page to those who hear it: its heading gets the focus, and the window its title. */
function useAnnouncement(screen: Screen): void {
  const { settings } = usePage();
  const before = useRef<string>(undefined);
  useEffect(() => {
    const heading = document.querySelector<HTMLElement>("#app h1");
    const title = heading?.textContent ?? settings.texts.shared.title;
    document.title = settings.brand.name === "" ? title : `${title} · ${settings.brand.name}`;
    // Not the first one, where the browser reads the page; and not when the same screen knows something new.
    if (before.current !== undefined && before.current !== title) heading?.focus();
    before.current = title;
  }, [screen, settings]);
}
