import type { Control } from "../../../core/check.ts";

export const composeCapabilities: Control = {
  id: "compose.capabilities",
  title: "No service adds capabilities that amount to root",
  severity: "medium",
  seed: [],
  risk: "Some capabilities are root by another name: with SYS_ADMIN, SYS_MODULE or SYS_PTRACE a process leaves its container.",
  rule: "Passes without such entries in cap_add. Fails for ALL, SYS_ADMIN, SYS_MODULE, SYS_RAWIO, SYS_PTRACE, DAC_READ_SEARCH, BPF and SYS_BOOT, for seccomp or AppArmor switched off it warns; warns for the others that widen what a container may do (NET_ADMIN, NET_RAW, SYSLOG, MKNOD). Network and monitoring services warn at most. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: "Remove the entry from cap_add, or write cap_drop: [ALL] and add only what the program needs (NET_BIND_SERVICE for a port below 1024).",
  references: [
    "https://man7.org/linux/man-pages/man7/capabilities.7.html",
    "https://docs.docker.com/reference/compose-file/services/#cap_add",
  ],
};
