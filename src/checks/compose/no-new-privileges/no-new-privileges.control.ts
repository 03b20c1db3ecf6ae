import type { Control } from "../../../core/check.ts";

export const composeNoNewPrivileges: Control = {
  id: "compose.no-new-privileges",
  title: "Containers cannot gain privileges after start",
  severity: "low",
  seed: [],
  risk: "A setuid program in the image (su, mount, an old sudo) makes root of whoever takes over the application.",
  rule: "Passes when every service of the application has security_opt: no-new-privileges:true. Warns where one has not. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: "Add security_opt: [no-new-privileges:true] to the service.",
  references: [
    "https://docs.docker.com/reference/cli/docker/container/run/#security-opt",
    "https://docs.kernel.org/userspace-api/no_new_privs.html",
  ],
};
