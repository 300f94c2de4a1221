// What does the page say in English?

import type { PageTexts } from "./page-texts.ts";

export const en: PageTexts = {
  shared: {
    title: "Set a new password",
    working: "One moment…",
    startAgain: "Start again",
    newMessage: "Ask for a new message",
    tryAgain: "Try again",
    language: "Language",
    requestNumber: "Request number: {requestNumber}",
    requestNumberHint: "You find it in the message, too.",
    help: "Help and questions: {contact}",
    tryAgainInSeconds: {
      one: "Please try again in {count} second.",
      other: "Please try again in {count} seconds.",
    },
    tryAgainInMinutes: {
      one: "Please try again in {count} minute.",
      other: "Please try again in {count} minutes.",
    },
  },
  identify: {
    title: "Forgot your password?",
    intro: "Tell us who you are, and we will send you a message with a link and a code.",
    label: "E-mail address, user name or phone number",
    empty: "Please enter your e-mail address, user name or phone number.",
    submit: "Send me a message",
    checking: "Making sure that you are not a robot…",
    captcha: "Please show that you are not a robot.",
    checkFailed: "We could not make sure that you are not a robot. Please try again.",
  },
  sent: {
    title: "Check your messages",
    intro: "If there is an account for {identifier}, a message with a link and a code is on its way.",
    introWithoutName: "If there is such an account, a message with a link and a code is on its way.",
    anyDevice: "Open the link on any device, or enter the code here.",
    nothingThere: "Nothing there? It can take a few minutes. Please look into your spam folder too.",
    resend: "Send another message",
    resendInSeconds: {
      one: "You can ask for another message in {count} second.",
      other: "You can ask for another message in {count} seconds.",
    },
    resent: "Another message is on its way. Only the newest one works.",
    other: "Use another address or name",
  },
  code: {
    label: "Code from the message",
    hint: "Spaces, dashes and capital letters do not matter.",
    empty: "Please enter the code from the message.",
    wrong: "This code does not work. Please compare it with the newest message.",
    submit: "Continue",
    linkTitle: "Do you have a link?",
    linkLabel: "Link from the message",
    linkHint: "Copy the whole link from the message and paste it here.",
    linkWrong: "This is not a link from one of our messages. Please copy all of it.",
  },
  password: {
    title: "Choose a new password",
    account: "Account: {hint}",
    label: "New password",
    empty: "Please enter a new password.",
    show: "Show password",
    hide: "Hide password",
    rules: "Your password needs:",
    met: "done",
    unmet: "still missing",
    advice: "Several words in a row are easy to remember and hard to guess. A password manager works here too.",
    strength: "Strength",
    weak: "Weak",
    fair: "Fair",
    good: "Good",
    strong: "Strong",
    rejected: "This password cannot be used:",
    finishInMinutes: {
      one: "Please finish within {count} minute.",
      other: "Please finish within {count} minutes.",
    },
    submit: "Set new password",
  },
  done: {
    title: "Your password was changed",
    text: "You can now sign in with your new password.",
    sessionsEnded: "For your safety, you were signed out on all devices.",
    goOn: "Continue",
    close: "You can close this window.",
  },
  veto: {
    title: "This was not you?",
    intro: "If you did not ask for a new password, we will protect your account:",
    effects: [
      "The link and the code in the message stop working.",
      "You are signed out on all devices.",
      "For a time, nobody can set a new password this way.",
    ],
    confirm: "This was not me",
    wasMe: "It was me",
    doneTitle: "Your account is protected",
    doneText: "Until {until}, nobody can set a new password this way.",
    doneNext: "If your password may be known to somebody else, please contact us.",
  },
  ends: {
    expired: {
      title: "This message has expired",
      text: "Links and codes work for a short time only. Please ask for a new message.",
    },
    used: {
      title: "This message was used already",
      text: "Each link and each code works once. If your new password does not work, please ask for a new message.",
    },
    replaced: {
      title: "There is a newer message",
      text: "We have sent you another message since. Please use the newest one.",
    },
    tooManyTries: {
      title: "Too many wrong codes",
      text: "Codes rest for a while. The link in your newest message still works.",
    },
    blocked: {
      title: "This account is protected at the moment",
      text: "Somebody has told us that a request was not theirs.",
    },
    invalid: {
      title: "This link does not work",
      text: "It may be incomplete or out of date. Please copy all of it, or ask for a new message.",
    },
    rateLimited: {
      title: "Too many requests",
      text: "We have received many requests in a short time.",
    },
    unavailable: {
      title: "This does not work at the moment",
      text: "The mistake is ours, not yours. Please try again in a few minutes.",
    },
    offline: {
      title: "You are offline",
      text: "Please check your connection to the internet. What you have done so far is not lost.",
    },
    notReady: {
      title: "This account is not set up yet",
      text: "Please use the invitation that you were sent to choose your first password.",
    },
    vetoOver: {
      title: "This link is out of date",
      text: "It worked for a limited time. If you do not trust something, please sign in and change your password.",
    },
    uncheckable: {
      title: "We cannot go on here at the moment",
      text: "We could not make sure that you are not a robot. Please try again later.",
    },
    foreign: {
      title: "Please start again here",
      text: "What was sent did not come from this page, so we did nothing with it.",
    },
    closed: {
      title: "There is no page here",
      text: "Please check the address, or open the link where you sign in.",
    },
  },
  rules: {
    needs: {
      too_short: { one: "at least {count} character", other: "at least {count} characters" },
      too_long: { one: "at most {count} character", other: "at most {count} characters" },
      lowercase_missing: "a lower-case letter (a to z)",
      uppercase_missing: "an upper-case letter (A to Z)",
      digit_missing: "a digit (0 to 9)",
      symbol_missing: "a symbol, such as ! or ?",
      common: "not to be one of the most common passwords",
      context_word: "not to be your name or ours",
    },
    broken: {
      too_short: {
        one: "It is too short. Please use at least {count} character.",
        other: "It is too short. Please use at least {count} characters.",
      },
      too_long: {
        one: "It is too long. Please use at most {count} character.",
        other: "It is too long. Please use at most {count} characters.",
      },
      lowercase_missing: "It has no lower-case letter (a to z).",
      uppercase_missing: "It has no upper-case letter (A to Z).",
      digit_missing: "It has no digit (0 to 9).",
      symbol_missing: "It has no symbol, such as ! or ?.",
      common: "It is one of the most common passwords, and the first that others would try.",
      context_word: "It is too close to your name or ours.",
    },
  },
};
