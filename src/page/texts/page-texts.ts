// What does the page say? Every text of every screen, one file for each language.
//
// `{name}` is a place that is filled in. Texts are plain: none of them holds markup.

/** One sentence in the forms that the language has for counts; `{count}` is the count. See `sayCount`. */
export type Counted = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** A screen on which nothing goes on: what happened, and what to do. */
export type EndTexts = { readonly title: string; readonly text: string };

export type PageTexts = {
  readonly shared: {
    /** Of the window, before the brand's name. */
    readonly title: string;
    readonly working: string;
    readonly startAgain: string;
    /** On a button, when what one has is of no use any more. */
    readonly newMessage: string;
    readonly tryAgain: string;
    readonly language: string;
    readonly requestNumber: string;
    /** Below the request number. */
    readonly requestNumberHint: string;
    readonly help: string;
    readonly tryAgainInSeconds: Counted;
    readonly tryAgainInMinutes: Counted;
  };
  /** Who are you? */
  readonly identify: {
    readonly title: string;
    readonly intro: string;
    readonly label: string;
    readonly empty: string;
    readonly submit: string;
    /** While the machine works on its sum. */
    readonly checking: string;
    /** Above a provider's riddle. */
    readonly captcha: string;
    readonly checkFailed: string;
  };
  /** Check your messages. Says the same whoever was named. */
  readonly sent: {
    readonly title: string;
    readonly intro: string;
    /** Where what was typed is not known any more. */
    readonly introWithoutName: string;
    readonly anyDevice: string;
    readonly nothingThere: string;
    readonly resend: string;
    readonly resendInSeconds: Counted;
    readonly resent: string;
    readonly other: string;
  };
  /** The code from the message; for browsers without script, the link too. */
  readonly code: {
    readonly label: string;
    readonly hint: string;
    readonly empty: string;
    readonly wrong: string;
    readonly submit: string;
    readonly linkTitle: string;
    readonly linkLabel: string;
    readonly linkHint: string;
    readonly linkWrong: string;
  };
  readonly password: {
    readonly title: string;
    readonly account: string;
    readonly label: string;
    readonly empty: string;
    readonly show: string;
    readonly hide: string;
    readonly rules: string;
    /** Behind each rule, for those who hear the page: whether what is typed meets it. */
    readonly met: string;
    readonly unmet: string;
    readonly advice: string;
    readonly strength: string;
    readonly weak: string;
    readonly fair: string;
    readonly good: string;
    readonly strong: string;
    readonly rejected: string;
    readonly finishInMinutes: Counted;
    readonly submit: string;
  };
  readonly done: {
    readonly title: string;
    readonly text: string;
    readonly sessionsEnded: string;
    readonly goOn: string;
    readonly close: string;
  };
  /** "It was not me", before and after it is confirmed. */
  readonly veto: {
    readonly title: string;
    readonly intro: string;
    readonly effects: readonly [codesDie: string, signedOut: string, blocked: string];
    readonly confirm: string;
    readonly wasMe: string;
    readonly doneTitle: string;
    readonly doneText: string;
    readonly doneNext: string;
  };
  readonly ends: {
    readonly expired: EndTexts;
    readonly used: EndTexts;
    readonly replaced: EndTexts;
    readonly tooManyTries: EndTexts;
    readonly blocked: EndTexts;
    readonly invalid: EndTexts;
    readonly rateLimited: EndTexts;
    readonly unavailable: EndTexts;
    /** The browser has no connection. */
    readonly offline: EndTexts;
    /** The account waits for its first password, by its invitation. */
    readonly notReady: EndTexts;
    /** A link of "it was not me" whose time is over. */
    readonly vetoOver: EndTexts;
    /** The riddle that is asked for cannot be shown on this page. */
    readonly uncheckable: EndTexts;
    /** A form that did not come from this page. */
    readonly foreign: EndTexts;
    /** No realm here, or none that is open. */
    readonly closed: EndTexts;
  };
  /** The rules of passwords, each by the reason that the API gives, in lower case. */
  readonly rules: {
    /** Before a password breaks it: an item of a list below `password.rules`. */
    readonly needs: RuleTexts;
    /** When a password has broken it: a sentence. */
    readonly broken: RuleTexts;
  };
};

export type RuleTexts = {
  readonly too_short: Counted;
  readonly too_long: Counted;
  readonly lowercase_missing: string;
  readonly uppercase_missing: string;
  readonly digit_missing: string;
  readonly symbol_missing: string;
  readonly common: string;
  readonly context_word: string;
};
