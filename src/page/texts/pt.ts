// What does the page say in Portuguese?

import type { PageTexts } from "./page-texts.ts";

export const pt: PageTexts = {
  shared: {
    title: "Criar uma nova senha",
    working: "Um momento…",
    startAgain: "Começar de novo",
    newMessage: "Pedir uma nova mensagem",
    tryAgain: "Tentar de novo",
    language: "Idioma",
    requestNumber: "Número da solicitação: {requestNumber}",
    requestNumberHint: "Ele também está na mensagem.",
    help: "Ajuda e dúvidas: {contact}",
    tryAgainInSeconds: {
      one: "Tente de novo em {count} segundo.",
      other: "Tente de novo em {count} segundos.",
    },
    tryAgainInMinutes: {
      one: "Tente de novo em {count} minuto.",
      other: "Tente de novo em {count} minutos.",
    },
  },
  identify: {
    title: "Esqueceu a senha?",
    intro: "Diga quem você é, e enviaremos uma mensagem com um link e um código.",
    label: "E-mail, nome de usuário ou número de telefone",
    empty: "Digite o seu e-mail, nome de usuário ou número de telefone.",
    submit: "Enviar mensagem",
    checking: "Verificando se você não é um robô…",
    captcha: "Mostre que você não é um robô.",
    checkFailed: "Não conseguimos verificar que você não é um robô. Tente de novo.",
  },
  sent: {
    title: "Veja as suas mensagens",
    intro: "Se houver uma conta para {identifier}, uma mensagem com um link e um código está a caminho.",
    introWithoutName: "Se essa conta existir, uma mensagem com um link e um código está a caminho.",
    anyDevice: "Abra o link em qualquer aparelho ou digite o código aqui.",
    nothingThere: "Não chegou nada? Pode levar alguns minutos. Veja também a pasta de spam.",
    resend: "Enviar outra mensagem",
    resendInSeconds: {
      one: "Você poderá pedir outra mensagem em {count} segundo.",
      other: "Você poderá pedir outra mensagem em {count} segundos.",
    },
    resent: "Outra mensagem está a caminho. Só vale a mais recente.",
    other: "Usar outro endereço ou nome",
  },
  code: {
    label: "Código da mensagem",
    hint: "Espaços, traços e maiúsculas não fazem diferença.",
    empty: "Digite o código da mensagem.",
    wrong: "Este código não vale. Compare-o com a mensagem mais recente.",
    submit: "Continuar",
    linkTitle: "Você tem um link?",
    linkLabel: "Link da mensagem",
    linkHint: "Copie o link inteiro da mensagem e cole aqui.",
    linkWrong: "Este não é um link de uma das nossas mensagens. Copie o link inteiro.",
  },
  password: {
    title: "Escolha uma nova senha",
    account: "Conta: {hint}",
    label: "Nova senha",
    empty: "Digite uma nova senha.",
    show: "Mostrar a senha",
    hide: "Ocultar a senha",
    rules: "A sua senha deve:",
    met: "atendido",
    unmet: "ainda falta",
    advice:
      "Várias palavras seguidas são fáceis de lembrar e difíceis de adivinhar. Um gerenciador de senhas também funciona aqui.",
    strength: "Segurança",
    weak: "Fraca",
    fair: "Razoável",
    good: "Boa",
    strong: "Forte",
    rejected: "Esta senha não pode ser usada:",
    finishInMinutes: {
      one: "Conclua em até {count} minuto.",
      other: "Conclua em até {count} minutos.",
    },
    submit: "Salvar a nova senha",
  },
  done: {
    title: "A sua senha foi alterada",
    text: "Agora você pode entrar com a nova senha.",
    sessionsEnded: "Para a sua segurança, a sua conta foi desconectada de todos os aparelhos.",
    goOn: "Continuar",
    close: "Você pode fechar esta janela.",
  },
  veto: {
    title: "Não foi você?",
    intro: "Se você não pediu uma nova senha, vamos proteger a sua conta:",
    effects: [
      "O link e o código da mensagem deixam de valer.",
      "A sua conta é desconectada de todos os aparelhos.",
      "Por algum tempo, ninguém poderá criar uma nova senha desta forma.",
    ],
    confirm: "Não fui eu",
    wasMe: "Fui eu",
    doneTitle: "A sua conta está protegida",
    doneText: "Até {until}, ninguém pode criar uma nova senha desta forma.",
    doneNext: "Se outra pessoa puder conhecer a sua senha, fale conosco.",
  },
  ends: {
    expired: {
      title: "Esta mensagem expirou",
      text: "Links e códigos valem por pouco tempo. Peça uma nova mensagem.",
    },
    used: {
      title: "Esta mensagem já foi usada",
      text: "Cada link e cada código vale uma só vez. Se a nova senha não funcionar, peça uma nova mensagem.",
    },
    replaced: {
      title: "Há uma mensagem mais recente",
      text: "Enviamos outra mensagem depois desta. Use a mais recente.",
    },
    tooManyTries: {
      title: "Códigos errados demais",
      text: "Os códigos não valem por um tempo. O link da sua mensagem mais recente ainda vale.",
    },
    blocked: {
      title: "Esta conta está protegida no momento",
      text: "Alguém nos avisou que uma solicitação não era sua.",
    },
    invalid: {
      title: "Este link não funciona",
      text: "Ele pode estar incompleto ou desatualizado. Copie o link inteiro ou peça uma nova mensagem.",
    },
    rateLimited: {
      title: "Solicitações demais",
      text: "Recebemos muitas solicitações em pouco tempo.",
    },
    unavailable: {
      title: "Isto não é possível no momento",
      text: "O erro é nosso, não seu. Tente de novo em alguns minutos.",
    },
    offline: {
      title: "Você está sem conexão",
      text: "Verifique a sua conexão com a internet. O que você fez até agora não se perdeu.",
    },
    notReady: {
      title: "Esta conta ainda não está pronta",
      text: "Use o convite que você recebeu para escolher a sua primeira senha.",
    },
    vetoOver: {
      title: "Este link está desatualizado",
      text: "Ele valia por tempo limitado. Se algo não parecer certo, entre na conta e altere a sua senha.",
    },
    uncheckable: {
      title: "Não podemos continuar aqui no momento",
      text: "Não conseguimos verificar que você não é um robô. Tente de novo mais tarde.",
    },
    foreign: {
      title: "Comece de novo aqui",
      text: "O que foi enviado não veio desta página, por isso não fizemos nada com isso.",
    },
    closed: {
      title: "Não há nenhuma página aqui",
      text: "Verifique o endereço ou abra o link onde você entra na conta.",
    },
  },
  rules: {
    needs: {
      too_short: { one: "ter pelo menos {count} caractere", other: "ter pelo menos {count} caracteres" },
      too_long: { one: "ter no máximo {count} caractere", other: "ter no máximo {count} caracteres" },
      lowercase_missing: "ter uma letra minúscula (a a z)",
      uppercase_missing: "ter uma letra maiúscula (A a Z)",
      digit_missing: "ter um algarismo (0 a 9)",
      symbol_missing: "ter um símbolo, por exemplo ! ou ?",
      common: "não ser uma das senhas mais comuns",
      context_word: "não ser o seu nome nem o nosso",
    },
    broken: {
      too_short: {
        one: "É curta demais. Use pelo menos {count} caractere.",
        other: "É curta demais. Use pelo menos {count} caracteres.",
      },
      too_long: {
        one: "É longa demais. Use no máximo {count} caractere.",
        other: "É longa demais. Use no máximo {count} caracteres.",
      },
      lowercase_missing: "Não tem nenhuma letra minúscula (a a z).",
      uppercase_missing: "Não tem nenhuma letra maiúscula (A a Z).",
      digit_missing: "Não tem nenhum algarismo (0 a 9).",
      symbol_missing: "Não tem nenhum símbolo, por exemplo ! ou ?.",
      common: "É uma das senhas mais comuns, e a primeira que outros tentariam.",
      context_word: "É parecida demais com o seu nome ou com o nosso.",
    },
  },
};
