import type { Control } from "../../../core/check.ts";

export const composeUser: Control = {
  id: "compose.user",
  title: "Containers do not run as root",
  severity: "medium",
  seed: [],
  risk: "Root in a container is root of the machine as soon as anything of the kernel or a mount gives way.",
  rule: "Passes when user: names another account than root for every service of the application, or the image that is built does. Fails for user: root of the application; warns for it elsewhere; a service that only sets owners and ends is a note. An image that is only pulled is unknown, one whose program gives rights up at start is told as a note. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: 'Write user: "1000:1000" (an account the image has), or a USER line at the end of its Dockerfile.',
  references: [
    "https://docs.docker.com/reference/compose-file/services/#user",
    "https://cwe.mitre.org/data/definitions/250.html",
  ],
  unknownExit: "neutral",
};
