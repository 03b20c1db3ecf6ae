import type { Control } from "../../../core/check.ts";

export const composeDefaultPassword: Control = {
  id: "compose.default-password",
  title: "Services of the compose project have passwords of their own",
  severity: "high",
  seed: [],
  risk: "A password everybody tries first guards nothing once the port is reached, from the network or from another container.",
  rule: "Passes when every database password of the project comes from a secret file or is no word of a manual. Fails for a password that is a well-known default, a placeholder or the name of its own account, and for a service that lets anybody in, where its port is published; warns where it is not. Unknown when nobody sets the variable. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: "Generate one (openssl rand -base64 32), put it into a file outside version control and hand it over as a secret: POSTGRES_PASSWORD_FILE=/run/secrets/db_password.",
  references: [
    "https://docs.docker.com/compose/how-tos/use-secrets/",
    "https://cwe.mitre.org/data/definitions/1392.html",
  ],
  unknownExit: "neutral",
};
