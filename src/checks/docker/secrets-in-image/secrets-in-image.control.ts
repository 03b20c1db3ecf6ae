import type { Control } from "../../../core/check.ts";

export const dockerSecretsInImage: Control = {
  id: "docker.secrets-in-image",
  title: "No secret is built into the image",
  severity: "high",
  seed: [],
  risk: "Whoever pulls the image, or reads docker history, has what ENV, ARG and COPY put into it, and no deployment can change it.",
  rule: "Passes when the stage that becomes the image holds no ENV or ARG with a secret under a secret's name and copies no env file. Fails for a value that may be a real one and for COPY of .env. Warns for a placeholder, which the program then runs with, and for an ARG of a secret without a default, whose value stays in the history. Stages that are thrown away, and variables of one RUN, do not count. Not applicable without a Dockerfile.",
  fix: "Hand the secret over at start (environment:, env_file:, a secret file), and what the build needs by RUN --mount=type=secret,id=NAME.",
  references: [
    "https://docs.docker.com/build/building/secrets/",
    "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
    "https://cwe.mitre.org/data/definitions/538.html",
  ],
};
