// What does the page say in Spanish?

import type { PageTexts } from "./page-texts.ts";

export const es: PageTexts = {
  shared: {
    title: "Crear una contraseña nueva",
    working: "Un momento…",
    startAgain: "Empezar de nuevo",
    newMessage: "Pedir un mensaje nuevo",
    tryAgain: "Intentar de nuevo",
    language: "Idioma",
    requestNumber: "Número de solicitud: {requestNumber}",
    requestNumberHint: "También está en el mensaje.",
    help: "Ayuda y consultas: {contact}",
    tryAgainInSeconds: {
      one: "Inténtelo de nuevo dentro de {count} segundo.",
      other: "Inténtelo de nuevo dentro de {count} segundos.",
    },
    tryAgainInMinutes: {
      one: "Inténtelo de nuevo dentro de {count} minuto.",
      other: "Inténtelo de nuevo dentro de {count} minutos.",
    },
  },
  identify: {
    title: "¿Ha olvidado su contraseña?",
    intro: "Díganos quién es y le enviaremos un mensaje con un enlace y un código.",
    label: "Correo electrónico, nombre de usuario o número de teléfono",
    empty: "Introduzca su correo electrónico, nombre de usuario o número de teléfono.",
    submit: "Enviar mensaje",
    checking: "Comprobando que no es un robot…",
    captcha: "Demuestre que no es un robot.",
    checkFailed: "No hemos podido comprobar que no es un robot. Inténtelo de nuevo.",
  },
  sent: {
    title: "Revise sus mensajes",
    intro: "Si existe una cuenta para {identifier}, hay un mensaje con un enlace y un código en camino.",
    introWithoutName: "Si existe esa cuenta, hay un mensaje con un enlace y un código en camino.",
    anyDevice: "Abra el enlace en cualquier dispositivo o introduzca aquí el código.",
    nothingThere: "¿No ha llegado nada? Puede tardar unos minutos. Mire también en la carpeta de correo no deseado.",
    resend: "Enviar otro mensaje",
    resendInSeconds: {
      one: "Podrá pedir otro mensaje dentro de {count} segundo.",
      other: "Podrá pedir otro mensaje dentro de {count} segundos.",
    },
    resent: "Hay otro mensaje en camino. Solo vale el más reciente.",
    other: "Usar otra dirección u otro nombre",
  },
  code: {
    label: "Código del mensaje",
    hint: "No importan los espacios, los guiones ni las mayúsculas.",
    empty: "Introduzca el código del mensaje.",
    wrong: "Este código no vale. Compárelo con el mensaje más reciente.",
    submit: "Continuar",
    linkTitle: "¿Tiene un enlace?",
    linkLabel: "Enlace del mensaje",
    linkHint: "Copie el enlace completo del mensaje y péguelo aquí.",
    linkWrong: "No es un enlace de uno de nuestros mensajes. Cópielo completo.",
  },
  password: {
    title: "Elija una contraseña nueva",
    account: "Cuenta: {hint}",
    label: "Contraseña nueva",
    empty: "Introduzca una contraseña nueva.",
    show: "Mostrar la contraseña",
    hide: "Ocultar la contraseña",
    rules: "Su contraseña debe:",
    met: "cumplido",
    unmet: "falta todavía",
    advice:
      "Varias palabras seguidas son fáciles de recordar y difíciles de adivinar. También puede usar un gestor de contraseñas.",
    strength: "Seguridad",
    weak: "Débil",
    fair: "Aceptable",
    good: "Buena",
    strong: "Fuerte",
    rejected: "Esta contraseña no se puede usar:",
    finishInMinutes: {
      one: "Termine en {count} minuto, por favor.",
      other: "Termine en {count} minutos, por favor.",
    },
    submit: "Guardar la contraseña nueva",
  },
  done: {
    title: "Su contraseña se ha cambiado",
    text: "Ya puede iniciar sesión con su contraseña nueva.",
    sessionsEnded: "Por su seguridad, se ha cerrado la sesión en todos los dispositivos.",
    goOn: "Continuar",
    close: "Puede cerrar esta ventana.",
  },
  veto: {
    title: "¿No ha sido usted?",
    intro: "Si no ha pedido una contraseña nueva, protegeremos su cuenta:",
    effects: [
      "El enlace y el código del mensaje dejarán de valer.",
      "Se cerrará la sesión en todos los dispositivos.",
      "Durante un tiempo, nadie podrá crear una contraseña nueva de esta forma.",
    ],
    confirm: "No he sido yo",
    wasMe: "He sido yo",
    doneTitle: "Su cuenta está protegida",
    doneText: "Hasta {until}, nadie puede crear una contraseña nueva de esta forma.",
    doneNext: "Si otra persona puede conocer su contraseña, póngase en contacto con nosotros.",
  },
  ends: {
    expired: {
      title: "Este mensaje ha caducado",
      text: "Los enlaces y los códigos valen poco tiempo. Pida un mensaje nuevo.",
    },
    used: {
      title: "Este mensaje ya se ha usado",
      text: "Cada enlace y cada código valen una sola vez. Si su contraseña nueva no funciona, pida un mensaje nuevo.",
    },
    replaced: {
      title: "Hay un mensaje más reciente",
      text: "Desde entonces le hemos enviado otro mensaje. Use el más reciente.",
    },
    tooManyTries: {
      title: "Demasiados códigos incorrectos",
      text: "Los códigos no valen durante un rato. El enlace de su mensaje más reciente sigue valiendo.",
    },
    blocked: {
      title: "Esta cuenta está protegida en este momento",
      text: "Alguien nos ha dicho que una solicitud no era suya.",
    },
    invalid: {
      title: "Este enlace no funciona",
      text: "Puede estar incompleto o anticuado. Cópielo completo o pida un mensaje nuevo.",
    },
    rateLimited: {
      title: "Demasiadas solicitudes",
      text: "Hemos recibido muchas solicitudes en poco tiempo.",
    },
    unavailable: {
      title: "En este momento no es posible",
      text: "El error es nuestro, no suyo. Inténtelo de nuevo dentro de unos minutos.",
    },
    offline: {
      title: "No tiene conexión",
      text: "Compruebe su conexión a Internet. Lo que ha hecho hasta ahora no se ha perdido.",
    },
    notReady: {
      title: "Esta cuenta todavía no está configurada",
      text: "Use la invitación que recibió para elegir su primera contraseña.",
    },
    vetoOver: {
      title: "Este enlace está anticuado",
      text: "Valía durante un tiempo limitado. Si desconfía de algo, inicie sesión y cambie su contraseña.",
    },
    uncheckable: {
      title: "En este momento no podemos seguir aquí",
      text: "No hemos podido comprobar que no es un robot. Inténtelo más tarde.",
    },
    foreign: {
      title: "Empiece de nuevo aquí",
      text: "Lo que se ha enviado no venía de esta página, así que no hemos hecho nada con ello.",
    },
    closed: {
      title: "Aquí no hay ninguna página",
      text: "Compruebe la dirección o abra el enlace donde inicia sesión.",
    },
  },
  rules: {
    needs: {
      too_short: { one: "tener al menos {count} carácter", other: "tener al menos {count} caracteres" },
      too_long: { one: "tener como máximo {count} carácter", other: "tener como máximo {count} caracteres" },
      lowercase_missing: "tener una letra minúscula (a a z)",
      uppercase_missing: "tener una letra mayúscula (A a Z)",
      digit_missing: "tener una cifra (0 a 9)",
      symbol_missing: "tener un símbolo, por ejemplo ! o ?",
      common: "no ser una de las contraseñas más comunes",
      context_word: "no ser su nombre ni el nuestro",
    },
    broken: {
      too_short: {
        one: "Es demasiado corta. Use al menos {count} carácter.",
        other: "Es demasiado corta. Use al menos {count} caracteres.",
      },
      too_long: {
        one: "Es demasiado larga. Use como máximo {count} carácter.",
        other: "Es demasiado larga. Use como máximo {count} caracteres.",
      },
      lowercase_missing: "No tiene ninguna letra minúscula (a a z).",
      uppercase_missing: "No tiene ninguna letra mayúscula (A a Z).",
      digit_missing: "No tiene ninguna cifra (0 a 9).",
      symbol_missing: "No tiene ningún símbolo, por ejemplo ! o ?.",
      common: "Es una de las contraseñas más comunes, y la primera que otros probarían.",
      context_word: "Se parece demasiado a su nombre o al nuestro.",
    },
  },
};
