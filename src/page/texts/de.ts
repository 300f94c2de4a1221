// What does the page say in German?

import type { PageTexts } from "./page-texts.ts";

export const de: PageTexts = {
  shared: {
    title: "Neues Passwort festlegen",
    working: "Einen Moment …",
    startAgain: "Von vorn beginnen",
    newMessage: "Neue Nachricht anfordern",
    tryAgain: "Noch einmal versuchen",
    language: "Sprache",
    requestNumber: "Vorgangsnummer: {requestNumber}",
    requestNumberHint: "Sie steht auch in der Nachricht.",
    help: "Hilfe und Fragen: {contact}",
    tryAgainInSeconds: {
      one: "Bitte versuchen Sie es in {count} Sekunde noch einmal.",
      other: "Bitte versuchen Sie es in {count} Sekunden noch einmal.",
    },
    tryAgainInMinutes: {
      one: "Bitte versuchen Sie es in {count} Minute noch einmal.",
      other: "Bitte versuchen Sie es in {count} Minuten noch einmal.",
    },
  },
  identify: {
    title: "Passwort vergessen?",
    intro: "Sagen Sie uns, wer Sie sind. Dann senden wir Ihnen eine Nachricht mit einem Link und einem Code.",
    label: "E-Mail-Adresse, Benutzername oder Telefonnummer",
    empty: "Bitte geben Sie Ihre E-Mail-Adresse, Ihren Benutzernamen oder Ihre Telefonnummer ein.",
    submit: "Nachricht senden",
    checking: "Wir prüfen, dass Sie kein Roboter sind …",
    captcha: "Bitte zeigen Sie, dass Sie kein Roboter sind.",
    checkFailed: "Wir konnten nicht feststellen, dass Sie kein Roboter sind. Bitte versuchen Sie es noch einmal.",
  },
  sent: {
    title: "Sehen Sie in Ihren Nachrichten nach",
    intro: "Wenn es ein Konto für {identifier} gibt, ist eine Nachricht mit einem Link und einem Code unterwegs.",
    introWithoutName: "Wenn es dieses Konto gibt, ist eine Nachricht mit einem Link und einem Code unterwegs.",
    anyDevice: "Öffnen Sie den Link auf einem beliebigen Gerät, oder geben Sie hier den Code ein.",
    nothingThere: "Noch nichts da? Es kann ein paar Minuten dauern. Sehen Sie bitte auch im Spam-Ordner nach.",
    resend: "Weitere Nachricht senden",
    resendInSeconds: {
      one: "In {count} Sekunde können Sie eine weitere Nachricht anfordern.",
      other: "In {count} Sekunden können Sie eine weitere Nachricht anfordern.",
    },
    resent: "Eine weitere Nachricht ist unterwegs. Nur die neueste gilt.",
    other: "Andere Adresse oder anderen Namen verwenden",
  },
  code: {
    label: "Code aus der Nachricht",
    hint: "Leerzeichen, Striche und Großschreibung spielen keine Rolle.",
    empty: "Bitte geben Sie den Code aus der Nachricht ein.",
    wrong: "Dieser Code gilt nicht. Bitte vergleichen Sie ihn mit der neuesten Nachricht.",
    submit: "Weiter",
    linkTitle: "Haben Sie einen Link?",
    linkLabel: "Link aus der Nachricht",
    linkHint: "Kopieren Sie den ganzen Link aus der Nachricht, und fügen Sie ihn hier ein.",
    linkWrong: "Das ist kein Link aus einer unserer Nachrichten. Bitte kopieren Sie ihn ganz.",
  },
  password: {
    title: "Neues Passwort wählen",
    account: "Konto: {hint}",
    label: "Neues Passwort",
    empty: "Bitte geben Sie ein neues Passwort ein.",
    show: "Passwort anzeigen",
    hide: "Passwort verbergen",
    rules: "Ihr Passwort braucht:",
    met: "erfüllt",
    unmet: "fehlt noch",
    advice:
      "Mehrere Wörter hintereinander sind leicht zu merken und schwer zu erraten. Auch ein Passwort-Manager funktioniert hier.",
    strength: "Stärke",
    weak: "Schwach",
    fair: "Mittel",
    good: "Gut",
    strong: "Stark",
    rejected: "Dieses Passwort ist nicht möglich:",
    finishInMinutes: {
      one: "Bitte schließen Sie innerhalb von {count} Minute ab.",
      other: "Bitte schließen Sie innerhalb von {count} Minuten ab.",
    },
    submit: "Neues Passwort festlegen",
  },
  done: {
    title: "Ihr Passwort wurde geändert",
    text: "Sie können sich jetzt mit Ihrem neuen Passwort anmelden.",
    sessionsEnded: "Zu Ihrer Sicherheit wurden Sie auf allen Geräten abgemeldet.",
    goOn: "Weiter",
    close: "Sie können dieses Fenster schließen.",
  },
  veto: {
    title: "Das waren nicht Sie?",
    intro: "Wenn Sie kein neues Passwort angefordert haben, schützen wir Ihr Konto:",
    effects: [
      "Der Link und der Code in der Nachricht gelten nicht mehr.",
      "Sie werden auf allen Geräten abgemeldet.",
      "Eine Zeit lang kann niemand auf diesem Weg ein neues Passwort festlegen.",
    ],
    confirm: "Das war ich nicht",
    wasMe: "Das war ich",
    doneTitle: "Ihr Konto ist geschützt",
    doneText: "Bis {until} kann niemand auf diesem Weg ein neues Passwort festlegen.",
    doneNext: "Wenn jemand anderes Ihr Passwort kennen könnte, melden Sie sich bitte bei uns.",
  },
  ends: {
    expired: {
      title: "Diese Nachricht ist abgelaufen",
      text: "Links und Codes gelten nur kurze Zeit. Bitte fordern Sie eine neue Nachricht an.",
    },
    used: {
      title: "Diese Nachricht wurde schon verwendet",
      text: "Jeder Link und jeder Code gilt einmal. Wenn Ihr neues Passwort nicht funktioniert, fordern Sie bitte eine neue Nachricht an.",
    },
    replaced: {
      title: "Es gibt eine neuere Nachricht",
      text: "Wir haben Ihnen inzwischen eine weitere Nachricht gesendet. Bitte verwenden Sie die neueste.",
    },
    tooManyTries: {
      title: "Zu viele falsche Codes",
      text: "Codes ruhen für eine Weile. Der Link in Ihrer neuesten Nachricht gilt weiterhin.",
    },
    blocked: {
      title: "Dieses Konto ist zurzeit geschützt",
      text: "Jemand hat uns mitgeteilt, dass eine Anforderung nicht von ihm kam.",
    },
    invalid: {
      title: "Dieser Link funktioniert nicht",
      text: "Er ist vielleicht unvollständig oder veraltet. Bitte kopieren Sie ihn ganz, oder fordern Sie eine neue Nachricht an.",
    },
    rateLimited: {
      title: "Zu viele Anforderungen",
      text: "Wir haben in kurzer Zeit viele Anforderungen erhalten.",
    },
    unavailable: {
      title: "Das geht im Moment nicht",
      text: "Der Fehler liegt bei uns, nicht bei Ihnen. Bitte versuchen Sie es in ein paar Minuten noch einmal.",
    },
    offline: {
      title: "Sie sind offline",
      text: "Bitte prüfen Sie Ihre Internetverbindung. Was Sie bisher getan haben, ist nicht verloren.",
    },
    notReady: {
      title: "Dieses Konto ist noch nicht eingerichtet",
      text: "Bitte wählen Sie Ihr erstes Passwort über die Einladung, die Sie erhalten haben.",
    },
    vetoOver: {
      title: "Dieser Link ist veraltet",
      text: "Er galt nur für begrenzte Zeit. Wenn Ihnen etwas nicht geheuer ist, melden Sie sich bitte an und ändern Sie Ihr Passwort.",
    },
    uncheckable: {
      title: "Hier geht es im Moment nicht weiter",
      text: "Wir konnten nicht feststellen, dass Sie kein Roboter sind. Bitte versuchen Sie es später noch einmal.",
    },
    foreign: {
      title: "Bitte beginnen Sie hier von vorn",
      text: "Was gesendet wurde, kam nicht von dieser Seite. Deshalb haben wir nichts damit getan.",
    },
    closed: {
      title: "Hier gibt es keine Seite",
      text: "Bitte prüfen Sie die Adresse, oder öffnen Sie den Link dort, wo Sie sich anmelden.",
    },
  },
  rules: {
    needs: {
      too_short: { one: "mindestens {count} Zeichen", other: "mindestens {count} Zeichen" },
      too_long: { one: "höchstens {count} Zeichen", other: "höchstens {count} Zeichen" },
      lowercase_missing: "einen Kleinbuchstaben (a bis z)",
      uppercase_missing: "einen Großbuchstaben (A bis Z)",
      digit_missing: "eine Ziffer (0 bis 9)",
      symbol_missing: "ein Sonderzeichen, zum Beispiel ! oder ?",
      common: "mehr Eigenart als die häufigsten Passwörter",
      context_word: "mehr als Ihren oder unseren Namen",
    },
    broken: {
      too_short: {
        one: "Es ist zu kurz. Bitte verwenden Sie mindestens {count} Zeichen.",
        other: "Es ist zu kurz. Bitte verwenden Sie mindestens {count} Zeichen.",
      },
      too_long: {
        one: "Es ist zu lang. Bitte verwenden Sie höchstens {count} Zeichen.",
        other: "Es ist zu lang. Bitte verwenden Sie höchstens {count} Zeichen.",
      },
      lowercase_missing: "Es hat keinen Kleinbuchstaben (a bis z).",
      uppercase_missing: "Es hat keinen Großbuchstaben (A bis Z).",
      digit_missing: "Es hat keine Ziffer (0 bis 9).",
      symbol_missing: "Es hat kein Sonderzeichen, zum Beispiel ! oder ?.",
      common: "Es ist eines der häufigsten Passwörter, und andere würden es zuerst versuchen.",
      context_word: "Es ist Ihrem oder unserem Namen zu ähnlich.",
    },
  },
};
