import type { DiskKnowledge } from "./answer-disk.ts";
import type { AnswerText } from "./answer-text.ts";
import type { BlockPath } from "./inherit.ts";
import type { NginxDirective } from "./parse.ts";
import type { PcreBudget } from "./pcre.ts";
import type { NginxServer, NginxSocket } from "./server.ts";
import type { NginxPosition } from "./tokenize.ts";

/** One request, as far as it is known. */
export interface NginxRequest {
  readonly scheme: "http" | "https";
  /** The address connected to, `[::1]` for IPv6; without it one that no `listen` names. */
  readonly address?: string;
  /** Without it that of the scheme. */
  readonly port?: number;
  /** The `Host` field, with or without port; `""`: a request without one (HTTP/1.0). */
  readonly host: string;
  /** Path with or without query, as sent. */
  readonly target: string;
  /** Without it `GET`. */
  readonly method?: string;
  /**
   * All fields but `Host`. Without them nothing is known of the fields: what they decide is open;
   * with an empty list there are none.
   */
  readonly fields?: readonly (readonly [name: string, value: string])[];
  /** The client's address; without it what `allow` and `geo` make of it is open. */
  readonly client?: string;
}

/** What is on the disk, for `try_files`, `index` and `if (-f ...)`; `undefined`: not known. */
export type NginxDisk = (path: string) => "file" | "directory" | "missing" | undefined;

/** Something taken for granted because nothing tells it; the other way is another outcome of the answer. */
export interface AnswerAssumption extends NginxPosition {
  /** The condition in words, e.g. `$http_x_forwarded_proto = "https"`. */
  readonly about: string;
  /** What this outcome takes it to be, e.g. `holds`. */
  readonly taken: string;
  /** Why it cannot be told. */
  readonly because: string;
}

/** One thing nginx does on the way, in its order. */
export interface AnswerStep extends NginxPosition {
  /** Which part of nginx's work: sentence case, a few words. */
  readonly what: string;
  readonly detail: string;
}

/** A choice among ways that all may be taken. */
export interface Chooser {
  /** Index of the way taken in this run. */
  choose(question: OpenQuestion): number;
}

export interface OpenQuestion {
  readonly about: string;
  /** The value it is asked of: after an internal redirect the same words ask of another path. */
  readonly of?: string;
  readonly because: string;
  readonly at: NginxPosition;
  /** At least two; the first is what is tried first. */
  readonly ways: readonly [string, string, ...string[]];
}

/** What a regular expression took; `undefined` inside: it matched, and what it took is not known. */
export type Captures = readonly (string | undefined)[] | "unknown";

/** The state of one request on its way, as `ngx_http_request_t`. */
export interface Run extends Chooser {
  readonly request: Required<Omit<NginxRequest, "fields" | "client" | "address">> &
    Pick<NginxRequest, "fields" | "client" | "address">;
  readonly disk: NginxDisk;
  readonly server: NginxServer;
  readonly socket: NginxSocket;
  readonly budget: PcreBudget;
  readonly diskKnowledge: Map<string, DiskKnowledge>;
  readonly steps: AnswerStep[];
  /** What this engine does not evaluate and what may change the answer. */
  readonly caveats: AnswerStep[];
  readonly variables: Map<string, AnswerText>;
  /** What other variables were when they were last asked for: `index` takes these, however old. */
  readonly lastValues: Map<string, AnswerText>;
  /** Variables being evaluated: one that needs itself is open. */
  readonly evaluating: Set<string>;
  method: string;
  /** The block whose directives are in force (`loc_conf`); ends in server, location, `if` or `limit_except`. */
  path: BlockPath;
  /** The directive that makes the content, where one has been met (`content_handler`). */
  handler: NginxDirective | undefined;
  uri: AnswerText;
  args: AnswerText;
  captures: Captures;
  isInternal: boolean;
  /** The target as sent may still go to an upstream server (`valid_unparsed_uri`). */
  isTargetValid: boolean;
  /** The URI still begins with the location's path (`valid_location`). */
  isLocationValid: boolean;
  isUriChanged: boolean;
  /** `add_uri_to_alias`. */
  addsUriToAlias: boolean;
  /** `uri_changes`: at 0 nginx gives up with 500. */
  changesLeft: number;
  /** `err_status`: replaces the status of whatever is sent; 0: that of the page sent. */
  errorStatus: number | undefined;
  /** An `error_page` has been followed, and `recursive_error_pages` is off. */
  isErrorPage: boolean;
  /** `Location` of the answer as it stands. */
  location: AnswerText | undefined;
}

/** Notes what nginx does, and where that is written. */
export function note(run: Run, what: string, detail: string, at: NginxPosition): void {
  const { file, line, column } = at;
  run.steps.push({ what, detail, file, line, column });
}

/** The position of a directive or word alone. */
export function positionOf({ file, line, column }: NginxPosition): NginxPosition {
  return { file, line, column };
}

/** Whether an open condition is taken to hold. The first way is that it does not. */
export function chooseWhether(
  run: Run,
  about: string,
  because: string,
  at: NginxPosition,
  of = "",
): boolean {
  return run.choose({ about, of, because, at, ways: ["does not hold", "holds"] }) === 1;
}
