import type { Control } from "../../../core/check.ts";

export const dockerUser: Control = {
  id: "docker.user",
  title: "The image built here does not run as root",
  severity: "medium",
  seed: [],
  risk: "Root in a container is root of the machine as soon as anything of the kernel or a mount gives way, and it may change the program it runs.",
  rule: "Passes when the stage that becomes the image, or user: of its compose service, names another account than root. Warns for USER root at its end and for no USER over an image of a language or distribution, which starts as root. Unknown where the base image may bring a USER of its own; a program that gives rights up at start (gosu, setpriv, supervisord, uid of uWSGI) is told as a note. Not applicable without a Dockerfile.",
  fix: "Add at the end of the stage: RUN useradd --system --uid 1000 app, then USER app, and give the directories it writes to that account (COPY --chown=app:app).",
  references: [
    "https://docs.docker.com/build/building/best-practices/#user",
    "https://cwe.mitre.org/data/definitions/250.html",
  ],
  unknownExit: "neutral",
};
