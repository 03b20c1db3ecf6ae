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
  /** `--request`: what would happen to each, by each configuration of nginx. */
  readonly requests?: readonly ProxyRequestReport[];
}

/** A directive that decided, without its block. */
export interface ProxyPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly excerpt: string;
}

/** One header field that is set or taken away, with the directive that does it. */
export interface ProxyFieldReport {
  readonly name: string;
  /** Variables nobody can tell stand in it as `$name`; what may be a secret is masked. */
  readonly value: string;
  readonly action: "add" | "replace" | "remove";
  /** The status decides whether it is sent, and is not known. */
  readonly isConditional: boolean;
  readonly at: ProxyPlace;
}

/** One way a request may go. */
export interface ProxyRequestOutcome {
  /** What had to be taken for granted; none: the configuration and the request decide everything. */
  readonly assumes: readonly {
    readonly about: string;
    readonly taken: string;
    readonly because: string;
    readonly file: string;
    readonly line: number;
  }[];
  readonly kind: "text" | "redirect" | "pass" | "files" | "error" | "closed" | "module" | "none";
  /** `301 to https://a.test/x`, one sentence. */
  readonly answer: string;
  readonly status?: number;
  /** The directive that decided. */
  readonly decidedBy?: ProxyPlace;
  readonly server?: ProxyPlace & { readonly by: string };
  readonly location?: ProxyPlace;
  readonly responseFields: readonly ProxyFieldReport[];
  /** Fields the upstream server gets beside those that go on as they came. */
  readonly requestFields: readonly ProxyFieldReport[];
  /** Lists, passwords, limits in force there. */
  readonly access: readonly ProxyPlace[];
  /** What nginx does on the way, in its order; scripts that may change the outcome among them. */
  readonly steps: readonly {
    readonly what: string;
    readonly detail: string;
    readonly isCaveat: boolean;
    readonly file: string;
    readonly line: number;
  }[];
}

/** What happens to one request by one configuration. */
export interface ProxyRequestReport {
  readonly request: string;
  /** Main file of the configuration. */
  readonly file: string;
  /** False: there are more ways than are listed. */
  readonly isComplete: boolean;
  /** The ordinary way first. */
  readonly outcomes: readonly ProxyRequestOutcome[];
}
