import type { Control } from "../../../core/check.ts";

export const proxyTryFilesNoCache: Control = {
  id: "proxy.try-files-no-cache",
  title: "Files that try_files looks for are remembered",
  severity: "low",
  seed: [],
  risk: "Without open_file_cache nginx looks at the disk several times for every request.",
  rule: "note, under --pedantic only: try_files where open_file_cache is not in force.",
  fix: "nginx: open_file_cache max=1000 inactive=20s; in http.",
  references: ["https://nginx.org/en/docs/http/ngx_http_core_module.html#open_file_cache"],
};
