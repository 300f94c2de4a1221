// What do all screens look like? A sign, one heading, which takes the focus, and what belongs to it.

import type { ComponentChildren } from "preact";

import { Icon, type IconName } from "./icon.tsx";

/** `calm`: nobody has done anything wrong. */
export type Tone = "plain" | "good" | "calm" | "bad";

type Props = {
  readonly icon: IconName;
  readonly tone?: Tone;
  readonly title: string;
  readonly children: ComponentChildren;
};

export function ScreenFrame({ icon, tone = "plain", title, children }: Props) {
  return (
    <div class="screen">
      <div class={`sign sign-${tone}`}>
        <Icon name={icon} />
      </div>
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </div>
  );
}
