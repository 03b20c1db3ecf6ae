import type { Control } from "../../../core/check.ts";

export const proxyWorkerRlimit: Control = {
  id: "proxy.worker-rlimit",
  title: "Workers may open as many files as their connections need",
  severity: "low",
  seed: [],
  risk: 'Under load connections are refused with "too many open files" before worker_connections is reached.',
  rule: "note, under --pedantic only: worker_rlimit_nofile is not set, or less than twice worker_connections.",
  fix: "nginx: worker_rlimit_nofile of twice worker_connections, at the top.",
  references: ["https://nginx.org/en/docs/ngx_core_module.html#worker_rlimit_nofile"],
};
