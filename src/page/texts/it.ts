// What does the page say in Italian?

import type { PageTexts } from "./page-texts.ts";

export const it: PageTexts = {
  shared: {
    title: "Impostare una nuova password",
    working: "Un momento…",
    startAgain: "Ricominciare",
    newMessage: "Richiedere un nuovo messaggio",
    tryAgain: "Riprovare",
    language: "Lingua",
    requestNumber: "Numero della richiesta: {requestNumber}",
    requestNumberHint: "Si trova anche nel messaggio.",
    help: "Assistenza e domande: {contact}",
    tryAgainInSeconds: {
      one: "Riprovi tra {count} secondo.",
      other: "Riprovi tra {count} secondi.",
    },
    tryAgainInMinutes: {
      one: "Riprovi tra {count} minuto.",
      other: "Riprovi tra {count} minuti.",
    },
  },
  identify: {
    title: "Ha dimenticato la password?",
    intro: "Ci dica chi è e le invieremo un messaggio con un link e un codice.",
    label: "Indirizzo e-mail, nome utente o numero di telefono",
    empty: "Inserisca il suo indirizzo e-mail, nome utente o numero di telefono.",
    submit: "Invia il messaggio",
    checking: "Verifichiamo che non sia un robot…",
    captcha: "Dimostri di non essere un robot.",
    checkFailed: "Non abbiamo potuto verificare che non sia un robot. Riprovi.",
  },
  sent: {
    title: "Controlli i suoi messaggi",
    intro: "Se esiste un account per {identifier}, un messaggio con un link e un codice è in arrivo.",
    introWithoutName: "Se questo account esiste, un messaggio con un link e un codice è in arrivo.",
    anyDevice: "Apra il link su qualsiasi dispositivo oppure inserisca qui il codice.",
    nothingThere: "Non è arrivato nulla? Possono volerci alcuni minuti. Guardi anche nella cartella dello spam.",
    resend: "Invia un altro messaggio",
    resendInSeconds: {
      one: "Potrà richiedere un altro messaggio tra {count} secondo.",
      other: "Potrà richiedere un altro messaggio tra {count} secondi.",
    },
    resent: "Un altro messaggio è in arrivo. Vale solo il più recente.",
    other: "Usare un altro indirizzo o nome",
  },
  code: {
    label: "Codice del messaggio",
    hint: "Spazi, trattini e maiuscole non contano.",
    empty: "Inserisca il codice del messaggio.",
    wrong: "Questo codice non è valido. Lo confronti con il messaggio più recente.",
    submit: "Continua",
    linkTitle: "Ha un link?",
    linkLabel: "Link del messaggio",
    linkHint: "Copi l’intero link dal messaggio e lo incolli qui.",
    linkWrong: "Non è un link di uno dei nostri messaggi. Lo copi per intero.",
  },
  password: {
    title: "Scelga una nuova password",
    account: "Account: {hint}",
    label: "Nuova password",
    empty: "Inserisca una nuova password.",
    show: "Mostra la password",
    hide: "Nascondi la password",
    rules: "La sua password deve:",
    met: "soddisfatto",
    unmet: "manca ancora",
    advice:
      "Più parole di seguito sono facili da ricordare e difficili da indovinare. Può usare anche un gestore di password.",
    strength: "Sicurezza",
    weak: "Debole",
    fair: "Discreta",
    good: "Buona",
    strong: "Forte",
    rejected: "Questa password non può essere usata:",
    finishInMinutes: {
      one: "Concluda entro {count} minuto.",
      other: "Concluda entro {count} minuti.",
    },
    submit: "Imposta la nuova password",
  },
  done: {
    title: "La sua password è stata modificata",
    text: "Ora può accedere con la nuova password.",
    sessionsEnded: "Per la sua sicurezza, è stata disconnessa ogni sessione su tutti i dispositivi.",
    goOn: "Continua",
    close: "Può chiudere questa finestra.",
  },
  veto: {
    title: "Non è stato lei?",
    intro: "Se non ha richiesto una nuova password, proteggeremo il suo account:",
    effects: [
      "Il link e il codice del messaggio non varranno più.",
      "Ogni sessione verrà chiusa su tutti i dispositivi.",
      "Per un certo tempo nessuno potrà impostare una nuova password in questo modo.",
    ],
    confirm: "Non sono stato io",
    wasMe: "Sono stato io",
    doneTitle: "Il suo account è protetto",
    doneText: "Fino a {until} nessuno può impostare una nuova password in questo modo.",
    doneNext: "Se qualcun altro potrebbe conoscere la sua password, ci contatti.",
  },
  ends: {
    expired: {
      title: "Questo messaggio è scaduto",
      text: "I link e i codici valgono solo per poco tempo. Richieda un nuovo messaggio.",
    },
    used: {
      title: "Questo messaggio è già stato usato",
      text: "Ogni link e ogni codice vale una sola volta. Se la nuova password non funziona, richieda un nuovo messaggio.",
    },
    replaced: {
      title: "C’è un messaggio più recente",
      text: "Nel frattempo le abbiamo inviato un altro messaggio. Usi il più recente.",
    },
    tooManyTries: {
      title: "Troppi codici errati",
      text: "I codici non valgono per un po’. Il link del suo messaggio più recente vale ancora.",
    },
    blocked: {
      title: "Questo account al momento è protetto",
      text: "Qualcuno ci ha segnalato che una richiesta non era sua.",
    },
    invalid: {
      title: "Questo link non funziona",
      text: "Forse è incompleto o non è più attuale. Lo copi per intero oppure richieda un nuovo messaggio.",
    },
    rateLimited: {
      title: "Troppe richieste",
      text: "Abbiamo ricevuto molte richieste in poco tempo.",
    },
    unavailable: {
      title: "Al momento non è possibile",
      text: "L’errore è nostro, non suo. Riprovi tra qualche minuto.",
    },
    offline: {
      title: "Non è in linea",
      text: "Controlli la connessione a Internet. Ciò che ha fatto finora non è perso.",
    },
    notReady: {
      title: "Questo account non è ancora configurato",
      text: "Usi l’invito che ha ricevuto per scegliere la sua prima password.",
    },
    vetoOver: {
      title: "Questo link non è più attuale",
      text: "Valeva per un tempo limitato. Se qualcosa non la convince, acceda e cambi la password.",
    },
    uncheckable: {
      title: "Al momento non possiamo proseguire qui",
      text: "Non abbiamo potuto verificare che non sia un robot. Riprovi più tardi.",
    },
    foreign: {
      title: "Ricominci qui",
      text: "Ciò che è stato inviato non veniva da questa pagina, quindi non ne abbiamo fatto nulla.",
    },
    closed: {
      title: "Qui non c’è nessuna pagina",
      text: "Controlli l’indirizzo oppure apra il link dove effettua l’accesso.",
    },
  },
  rules: {
    needs: {
      too_short: { one: "avere almeno {count} carattere", other: "avere almeno {count} caratteri" },
      too_long: { one: "avere al massimo {count} carattere", other: "avere al massimo {count} caratteri" },
      lowercase_missing: "contenere una lettera minuscola (a–z)",
      uppercase_missing: "contenere una lettera maiuscola (A–Z)",
      digit_missing: "contenere una cifra (0–9)",
      symbol_missing: "contenere un simbolo, per esempio ! o ?",
      common: "non essere una delle password più comuni",
      context_word: "non essere il suo nome né il nostro",
    },
    broken: {
      too_short: {
        one: "È troppo corta. Usi almeno {count} carattere.",
        other: "È troppo corta. Usi almeno {count} caratteri.",
      },
      too_long: {
        one: "È troppo lunga. Usi al massimo {count} carattere.",
        other: "È troppo lunga. Usi al massimo {count} caratteri.",
      },
      lowercase_missing: "Non contiene lettere minuscole (a–z).",
      uppercase_missing: "Non contiene lettere maiuscole (A–Z).",
      digit_missing: "Non contiene cifre (0–9).",
      symbol_missing: "Non contiene simboli, per esempio ! o ?.",
      common: "È una delle password più comuni, e la prima che altri proverebbero.",
      context_word: "È troppo simile al suo nome o al nostro.",
    },
  },
};
