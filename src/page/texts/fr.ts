// What does the page say in French? Before a colon stands a space that no line breaks at.

import type { PageTexts } from "./page-texts.ts";

export const fr: PageTexts = {
  shared: {
    title: "Choisir un nouveau mot de passe",
    working: "Un instant…",
    startAgain: "Recommencer",
    newMessage: "Demander un nouveau message",
    tryAgain: "Réessayer",
    language: "Langue",
    requestNumber: "Numéro de demande\u00A0: {requestNumber}",
    requestNumberHint: "Il figure aussi dans le message.",
    help: "Aide et questions\u00A0: {contact}",
    tryAgainInSeconds: {
      one: "Veuillez réessayer dans {count} seconde.",
      other: "Veuillez réessayer dans {count} secondes.",
    },
    tryAgainInMinutes: {
      one: "Veuillez réessayer dans {count} minute.",
      other: "Veuillez réessayer dans {count} minutes.",
    },
  },
  identify: {
    title: "Mot de passe oublié\u00A0?",
    intro: "Dites-nous qui vous êtes, et nous vous enverrons un message avec un lien et un code.",
    label: "Adresse e-mail, nom d’utilisateur ou numéro de téléphone",
    empty: "Veuillez saisir votre adresse e-mail, votre nom d’utilisateur ou votre numéro de téléphone.",
    submit: "Envoyer le message",
    checking: "Nous vérifions que vous n’êtes pas un robot…",
    captcha: "Veuillez montrer que vous n’êtes pas un robot.",
    checkFailed: "Nous n’avons pas pu vérifier que vous n’êtes pas un robot. Veuillez réessayer.",
  },
  sent: {
    title: "Consultez vos messages",
    intro: "S’il existe un compte pour {identifier}, un message avec un lien et un code est en route.",
    introWithoutName: "Si ce compte existe, un message avec un lien et un code est en route.",
    anyDevice: "Ouvrez le lien sur l’appareil de votre choix, ou saisissez le code ici.",
    nothingThere: "Toujours rien\u00A0? Cela peut prendre quelques minutes. Pensez aussi au dossier des indésirables.",
    resend: "Envoyer un autre message",
    resendInSeconds: {
      one: "Vous pourrez demander un autre message dans {count} seconde.",
      other: "Vous pourrez demander un autre message dans {count} secondes.",
    },
    resent: "Un autre message est en route. Seul le plus récent est valable.",
    other: "Utiliser une autre adresse ou un autre nom",
  },
  code: {
    label: "Code du message",
    hint: "Les espaces, les tirets et les majuscules n’ont pas d’importance.",
    empty: "Veuillez saisir le code du message.",
    wrong: "Ce code n’est pas valable. Veuillez le comparer avec le message le plus récent.",
    submit: "Continuer",
    linkTitle: "Vous avez un lien\u00A0?",
    linkLabel: "Lien du message",
    linkHint: "Copiez le lien entier du message et collez-le ici.",
    linkWrong: "Ce n’est pas un lien de l’un de nos messages. Veuillez le copier en entier.",
  },
  password: {
    title: "Choisir un nouveau mot de passe",
    account: "Compte\u00A0: {hint}",
    label: "Nouveau mot de passe",
    empty: "Veuillez saisir un nouveau mot de passe.",
    show: "Afficher le mot de passe",
    hide: "Masquer le mot de passe",
    rules: "Votre mot de passe doit\u00A0:",
    met: "rempli",
    unmet: "manque encore",
    advice:
      "Plusieurs mots à la suite sont faciles à retenir et difficiles à deviner. Un gestionnaire de mots de passe fonctionne aussi ici.",
    strength: "Solidité",
    weak: "Faible",
    fair: "Moyenne",
    good: "Bonne",
    strong: "Élevée",
    rejected: "Ce mot de passe ne convient pas\u00A0:",
    finishInMinutes: {
      one: "Veuillez terminer dans la minute qui suit ({count}).",
      other: "Veuillez terminer dans les {count} minutes qui suivent.",
    },
    submit: "Enregistrer le mot de passe",
  },
  done: {
    title: "Votre mot de passe a été modifié",
    text: "Vous pouvez maintenant vous connecter avec votre nouveau mot de passe.",
    sessionsEnded: "Pour votre sécurité, vous avez été déconnecté de tous les appareils.",
    goOn: "Continuer",
    close: "Vous pouvez fermer cette fenêtre.",
  },
  veto: {
    title: "Ce n’était pas vous\u00A0?",
    intro: "Si vous n’avez pas demandé de nouveau mot de passe, nous protégerons votre compte\u00A0:",
    effects: [
      "Le lien et le code du message ne seront plus valables.",
      "Vous serez déconnecté de tous les appareils.",
      "Pendant un certain temps, personne ne pourra choisir un nouveau mot de passe de cette façon.",
    ],
    confirm: "Ce n’était pas moi",
    wasMe: "C’était moi",
    doneTitle: "Votre compte est protégé",
    doneText: "Jusqu’au {until}, personne ne peut choisir un nouveau mot de passe de cette façon.",
    doneNext: "Si quelqu’un d’autre connaît peut-être votre mot de passe, veuillez nous contacter.",
  },
  ends: {
    expired: {
      title: "Ce message a expiré",
      text: "Les liens et les codes ne sont valables que peu de temps. Veuillez demander un nouveau message.",
    },
    used: {
      title: "Ce message a déjà été utilisé",
      text: "Chaque lien et chaque code ne sert qu’une fois. Si votre nouveau mot de passe ne fonctionne pas, veuillez demander un nouveau message.",
    },
    replaced: {
      title: "Il existe un message plus récent",
      text: "Nous vous avons envoyé un autre message depuis. Veuillez utiliser le plus récent.",
    },
    tooManyTries: {
      title: "Trop de codes erronés",
      text: "Les codes sont suspendus un moment. Le lien de votre message le plus récent reste valable.",
    },
    blocked: {
      title: "Ce compte est protégé pour le moment",
      text: "Quelqu’un nous a signalé qu’une demande ne venait pas de lui.",
    },
    invalid: {
      title: "Ce lien ne fonctionne pas",
      text: "Il est peut-être incomplet ou périmé. Veuillez le copier en entier, ou demander un nouveau message.",
    },
    rateLimited: {
      title: "Trop de demandes",
      text: "Nous avons reçu de nombreuses demandes en peu de temps.",
    },
    unavailable: {
      title: "Ce n’est pas possible pour le moment",
      text: "L’erreur vient de nous, pas de vous. Veuillez réessayer dans quelques minutes.",
    },
    offline: {
      title: "Vous êtes hors ligne",
      text: "Veuillez vérifier votre connexion à Internet. Ce que vous avez fait jusqu’ici n’est pas perdu.",
    },
    notReady: {
      title: "Ce compte n’est pas encore configuré",
      text: "Veuillez choisir votre premier mot de passe à l’aide de l’invitation que vous avez reçue.",
    },
    vetoOver: {
      title: "Ce lien est périmé",
      text: "Il n’était valable que pour une durée limitée. Si vous avez un doute, veuillez vous connecter et changer votre mot de passe.",
    },
    uncheckable: {
      title: "Nous ne pouvons pas continuer ici pour le moment",
      text: "Nous n’avons pas pu vérifier que vous n’êtes pas un robot. Veuillez réessayer plus tard.",
    },
    foreign: {
      title: "Veuillez recommencer ici",
      text: "Ce qui a été envoyé ne venait pas de cette page, nous n’en avons donc rien fait.",
    },
    closed: {
      title: "Il n’y a pas de page ici",
      text: "Veuillez vérifier l’adresse, ou ouvrir le lien là où vous vous connectez.",
    },
  },
  rules: {
    needs: {
      too_short: { one: "avoir au moins {count} caractère", other: "avoir au moins {count} caractères" },
      too_long: { one: "avoir au plus {count} caractère", other: "avoir au plus {count} caractères" },
      lowercase_missing: "contenir une lettre minuscule (a à z)",
      uppercase_missing: "contenir une lettre majuscule (A à Z)",
      digit_missing: "contenir un chiffre (0 à 9)",
      symbol_missing: "contenir un symbole, par exemple ! ou ?",
      common: "ne pas être l’un des mots de passe les plus courants",
      context_word: "ne pas être votre nom ni le nôtre",
    },
    broken: {
      too_short: {
        one: "Il est trop court. Veuillez utiliser au moins {count} caractère.",
        other: "Il est trop court. Veuillez utiliser au moins {count} caractères.",
      },
      too_long: {
        one: "Il est trop long. Veuillez utiliser au plus {count} caractère.",
        other: "Il est trop long. Veuillez utiliser au plus {count} caractères.",
      },
      lowercase_missing: "Il ne contient pas de lettre minuscule (a à z).",
      uppercase_missing: "Il ne contient pas de lettre majuscule (A à Z).",
      digit_missing: "Il ne contient pas de chiffre (0 à 9).",
      symbol_missing: "Il ne contient pas de symbole, par exemple ! ou ?.",
      common: "C’est l’un des mots de passe les plus courants, et le premier que d’autres essaieraient.",
      context_word: "Il est trop proche de votre nom ou du nôtre.",
    },
  },
};
