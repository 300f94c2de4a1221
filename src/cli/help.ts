// What does the command line offer? The whole of it, on one screen.

export const help = `rekey – look after what Rekey sends

  npm run --silent rekey -- COMMAND

Templates, as the service would use them. Reads the service's configuration: REKEY_CONFIG_FILE and the other
variables of docs/configuration.md; without any, the built-in templates.

  templates list                 names and languages
    --realm ID                   of this realm; else of the first
  templates preview NAME         a message with made-up values
    --language TAG               "de", "pt-BR"; else the realm's
    --realm ID                   in the words of this realm; else of the first
    --format html|text|sms       else text, and html with --output
    --output FILE                into a file instead of the terminal

Deliveries of a running service, of the realm that the API key belongs to.

  outbox list                    the newest first
    --state dead|waiting|delivered   else dead
    --user ID                    only those about this user
    --limit N                    at most so many, page after page, 1 to 100000; else 50
    --json                       as JSON, for scripts
  outbox show ID                 one of them [--json]
  outbox resend ID               sends a dead reset message again, with a fresh code
  outbox drop ID                 forgets it, whether it waits or has ended

    --address URL                where the service is; else REKEY_ADDRESS
    --api-key-file FILE          holds the API key; else the key itself is in REKEY_API_KEY

  Without an address and a key, those of the demo in ./data/demo.json are taken. The key needs the permission
  deliveries.read, and deliveries.write for resend and drop.

Exit codes

  0   done
  1   the service refused: there is no such delivery, it cannot be sent again, a limit is reached
  64  the command line is wrong
  69  the service does not answer, or has no outbox
  73  the output could not be written
  77  the API key is unknown, or lacks the permission
  78  the configuration or a template is broken
`;
