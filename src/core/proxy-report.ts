/** Part of a configuration that could not be read or understood; the rest was. */
export interface ProxyReadProblem {
  readonly proxy?: "nginx" | "caddy" | "apache" | "haproxy" | "traefik" | "envoy";
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  /**
   * `syntax`: the proxy would refuse to start with it. `missing`, `unreadable`: a file that should be part is
   * not. `loop`: files that include each other. `limit`: longer or more than is read. `template`: to be filled
   * in by a template engine first. `empty`: nothing in it. `binary`: no text.
   */
  readonly kind:
    | "syntax"
    | "missing"
    | "unreadable"
    | "loop"
    | "limit"
    | "template"
    | "empty"
    | "binary"
    | "other";
  /** What is wrong, one sentence without a full stop. */
  readonly detail: string;
}

/** What `plimsoll proxy` adds to a report. */
export interface ProxyReport {
  readonly configurations: readonly {
    readonly proxy: string;
    readonly file: string;
  }[];
  /** `--nginx-version`, where it was said. */
  readonly nginxVersion?: string;
  readonly problems: readonly ProxyReadProblem[];
}
