// What does the page say in Dutch?

import type { PageTexts } from "./page-texts.ts";

export const nl: PageTexts = {
  shared: {
    title: "Nieuw wachtwoord instellen",
    working: "Een ogenblik…",
    startAgain: "Opnieuw beginnen",
    newMessage: "Nieuw bericht aanvragen",
    tryAgain: "Opnieuw proberen",
    language: "Taal",
    requestNumber: "Aanvraagnummer: {requestNumber}",
    requestNumberHint: "Het staat ook in het bericht.",
    help: "Hulp en vragen: {contact}",
    tryAgainInSeconds: {
      one: "Probeer het over {count} seconde opnieuw.",
      other: "Probeer het over {count} seconden opnieuw.",
    },
    tryAgainInMinutes: {
      one: "Probeer het over {count} minuut opnieuw.",
      other: "Probeer het over {count} minuten opnieuw.",
    },
  },
  identify: {
    title: "Wachtwoord vergeten?",
    intro: "Vertel ons wie u bent. Dan sturen wij u een bericht met een link en een code.",
    label: "E-mailadres, gebruikersnaam of telefoonnummer",
    empty: "Vul uw e-mailadres, gebruikersnaam of telefoonnummer in.",
    submit: "Bericht sturen",
    checking: "Wij controleren of u geen robot bent…",
    captcha: "Laat zien dat u geen robot bent.",
    checkFailed: "Wij konden niet vaststellen dat u geen robot bent. Probeer het opnieuw.",
  },
  sent: {
    title: "Bekijk uw berichten",
    intro: "Als er een account voor {identifier} is, is er een bericht met een link en een code onderweg.",
    introWithoutName: "Als dit account bestaat, is er een bericht met een link en een code onderweg.",
    anyDevice: "Open de link op een willekeurig apparaat of vul hier de code in.",
    nothingThere: "Nog niets ontvangen? Het kan enkele minuten duren. Kijk ook in de map met ongewenste e-mail.",
    resend: "Nog een bericht sturen",
    resendInSeconds: {
      one: "Over {count} seconde kunt u nog een bericht aanvragen.",
      other: "Over {count} seconden kunt u nog een bericht aanvragen.",
    },
    resent: "Er is nog een bericht onderweg. Alleen het nieuwste geldt.",
    other: "Een ander adres of een andere naam gebruiken",
  },
  code: {
    label: "Code uit het bericht",
    hint: "Spaties, streepjes en hoofdletters maken niet uit.",
    empty: "Vul de code uit het bericht in.",
    wrong: "Deze code werkt niet. Vergelijk hem met het nieuwste bericht.",
    submit: "Verder",
    linkTitle: "Hebt u een link?",
    linkLabel: "Link uit het bericht",
    linkHint: "Kopieer de hele link uit het bericht en plak hem hier.",
    linkWrong: "Dit is geen link uit een van onze berichten. Kopieer hem helemaal.",
  },
  password: {
    title: "Kies een nieuw wachtwoord",
    account: "Account: {hint}",
    label: "Nieuw wachtwoord",
    empty: "Vul een nieuw wachtwoord in.",
    show: "Wachtwoord tonen",
    hide: "Wachtwoord verbergen",
    rules: "Dit heeft uw wachtwoord nodig:",
    met: "in orde",
    unmet: "ontbreekt nog",
    advice:
      "Enkele woorden achter elkaar zijn makkelijk te onthouden en moeilijk te raden. Een wachtwoordmanager werkt hier ook.",
    strength: "Sterkte",
    weak: "Zwak",
    fair: "Matig",
    good: "Goed",
    strong: "Sterk",
    rejected: "Dit wachtwoord kan niet worden gebruikt:",
    finishInMinutes: {
      one: "Rond dit binnen {count} minuut af.",
      other: "Rond dit binnen {count} minuten af.",
    },
    submit: "Nieuw wachtwoord instellen",
  },
  done: {
    title: "Uw wachtwoord is gewijzigd",
    text: "U kunt nu inloggen met uw nieuwe wachtwoord.",
    sessionsEnded: "Voor uw veiligheid bent u op alle apparaten uitgelogd.",
    goOn: "Verder",
    close: "U kunt dit venster sluiten.",
  },
  veto: {
    title: "Was u dit niet?",
    intro: "Als u geen nieuw wachtwoord hebt aangevraagd, beschermen wij uw account:",
    effects: [
      "De link en de code in het bericht werken niet meer.",
      "U wordt op alle apparaten uitgelogd.",
      "Een tijd lang kan niemand op deze manier een nieuw wachtwoord instellen.",
    ],
    confirm: "Dit was ik niet",
    wasMe: "Dit was ik",
    doneTitle: "Uw account is beschermd",
    doneText: "Tot {until} kan niemand op deze manier een nieuw wachtwoord instellen.",
    doneNext: "Neem contact met ons op als iemand anders uw wachtwoord kan kennen.",
  },
  ends: {
    expired: {
      title: "Dit bericht is verlopen",
      text: "Links en codes werken maar kort. Vraag een nieuw bericht aan.",
    },
    used: {
      title: "Dit bericht is al gebruikt",
      text: "Elke link en elke code werkt één keer. Werkt uw nieuwe wachtwoord niet? Vraag dan een nieuw bericht aan.",
    },
    replaced: {
      title: "Er is een nieuwer bericht",
      text: "Wij hebben u sindsdien nog een bericht gestuurd. Gebruik het nieuwste.",
    },
    tooManyTries: {
      title: "Te veel onjuiste codes",
      text: "Codes werken een tijdje niet. De link in uw nieuwste bericht werkt nog wel.",
    },
    blocked: {
      title: "Dit account is op dit moment beschermd",
      text: "Iemand heeft ons gemeld dat een aanvraag niet van hem of haar was.",
    },
    invalid: {
      title: "Deze link werkt niet",
      text: "Misschien is hij onvolledig of verouderd. Kopieer hem helemaal of vraag een nieuw bericht aan.",
    },
    rateLimited: {
      title: "Te veel aanvragen",
      text: "Wij hebben in korte tijd veel aanvragen ontvangen.",
    },
    unavailable: {
      title: "Dit lukt op dit moment niet",
      text: "De fout ligt bij ons, niet bij u. Probeer het over enkele minuten opnieuw.",
    },
    offline: {
      title: "U bent offline",
      text: "Controleer uw internetverbinding. Wat u tot nu toe hebt gedaan, is niet verloren.",
    },
    notReady: {
      title: "Dit account is nog niet ingesteld",
      text: "Kies uw eerste wachtwoord met de uitnodiging die u hebt ontvangen.",
    },
    vetoOver: {
      title: "Deze link is verouderd",
      text: "Hij werkte een beperkte tijd. Vertrouwt u iets niet? Log dan in en wijzig uw wachtwoord.",
    },
    uncheckable: {
      title: "Wij kunnen hier op dit moment niet verder",
      text: "Wij konden niet vaststellen dat u geen robot bent. Probeer het later opnieuw.",
    },
    foreign: {
      title: "Begin hier opnieuw",
      text: "Wat er is verstuurd, kwam niet van deze pagina. Daarom hebben wij er niets mee gedaan.",
    },
    closed: {
      title: "Hier is geen pagina",
      text: "Controleer het adres of open de link waar u inlogt.",
    },
  },
  rules: {
    needs: {
      too_short: { one: "ten minste {count} teken", other: "ten minste {count} tekens" },
      too_long: { one: "hoogstens {count} teken", other: "hoogstens {count} tekens" },
      lowercase_missing: "een kleine letter (a tot en met z)",
      uppercase_missing: "een hoofdletter (A tot en met Z)",
      digit_missing: "een cijfer (0 tot en met 9)",
      symbol_missing: "een symbool, bijvoorbeeld ! of ?",
      common: "meer dan een van de meest gebruikte wachtwoorden",
      context_word: "meer dan uw naam of de onze",
    },
    broken: {
      too_short: {
        one: "Het is te kort. Gebruik ten minste {count} teken.",
        other: "Het is te kort. Gebruik ten minste {count} tekens.",
      },
      too_long: {
        one: "Het is te lang. Gebruik hoogstens {count} teken.",
        other: "Het is te lang. Gebruik hoogstens {count} tekens.",
      },
      lowercase_missing: "Het heeft geen kleine letter (a tot en met z).",
      uppercase_missing: "Het heeft geen hoofdletter (A tot en met Z).",
      digit_missing: "Het heeft geen cijfer (0 tot en met 9).",
      symbol_missing: "Het heeft geen symbool, bijvoorbeeld ! of ?.",
      common: "Het is een van de meest gebruikte wachtwoorden, en het eerste dat anderen zouden proberen.",
      context_word: "Het lijkt te veel op uw naam of de onze.",
    },
  },
};
