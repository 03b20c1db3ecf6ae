import type { Control } from "../../../core/check.ts";

export const composeHostNamespaces: Control = {
  id: "compose.host-namespaces",
  title: "Services keep namespaces of their own",
  severity: "medium",
  seed: [],
  risk: "In the machine's network every port a program opens is open outside, and loopback services of the machine are within reach; in its process namespace other programs' memory is.",
  rule: "Passes when no service shares network, process, IPC or user namespaces with the machine. Warns for network_mode: host, ipc: host and userns_mode: host; fails for pid: host of anything but monitoring. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: "Remove the key, publish the one port that is needed on loopback, and let services reach each other by name.",
  references: [
    "https://docs.docker.com/engine/network/drivers/host/",
    "https://cwe.mitre.org/data/definitions/653.html",
  ],
};
