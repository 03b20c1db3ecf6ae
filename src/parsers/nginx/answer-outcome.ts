import type { AnswerAssumption, AnswerStep } from "./answer-run.ts";
import type { AnswerText } from "./answer-text.ts";
import type { BlockPath } from "./inherit.ts";
import type { NginxDirective } from "./parse.ts";
import type { NginxServer, NginxSocket, ServerMatch } from "./server.ts";
import type { PassTarget } from "./upstream.ts";

/** What the client gets, or who makes it. `at` is the directive that decided. */
export type AnswerContent =
  /** `return` with a text. */
  | {
      readonly kind: "text";
      readonly status: number;
      readonly text: AnswerText;
      readonly at: NginxDirective;
    }
  /** A redirect; `target` is `Location` as the client gets it. */
  | {
      readonly kind: "redirect";
      readonly status: number;
      readonly target: AnswerText;
      readonly at: NginxDirective;
    }
  /** Another server makes it, and its status. */
  | {
      readonly kind: "pass";
      /** `error_page` has fixed the status. */
      readonly status?: number;
      readonly targets: readonly PassTarget[];
      /** The request target sent there; for `proxy_pass` only. */
      readonly uri?: AnswerText;
      /** `proxy_pass`, `fastcgi_pass` ... */
      readonly at: NginxDirective;
    }
  /** Files of this machine. */
  | {
      readonly kind: "files";
      /** Known where the disk is. */
      readonly status?: number;
      /** Of an `error_page`, provided the file is there. */
      readonly statusIfThere?: number;
      /** `root` or `alias`; `undefined`: the `html` nginx was built with. */
      readonly root: NginxDirective | undefined;
      /** The path on disk as far as it is known; ends in `/` for a folder. */
      readonly path: AnswerText;
      /** `autoindex` is on. */
      readonly isListed: boolean;
      readonly at: NginxDirective;
    }
  /** A page nginx makes itself: `return 404`, access refused, ... */
  | { readonly kind: "error"; readonly status: number; readonly at: NginxDirective }
  /** The connection is closed without an answer (`return 444`). */
  | { readonly kind: "closed"; readonly at: NginxDirective }
  /** `stub_status`, a script, a module: nginx makes it, what it is is not known here. */
  | { readonly kind: "module"; readonly at: NginxDirective }
  /** The request never gets to a server block, or it cannot be told what becomes of it. */
  | { readonly kind: "none"; readonly because: string };

/** One field of the answer or of the request that goes to an upstream server. */
export interface AnswerField {
  /** As written. */
  readonly name: string;
  readonly value: AnswerText;
  /** `add`: besides what is there; `replace`: instead of it; `remove`: the field is taken away. */
  readonly action: "add" | "replace" | "remove";
  /** The status decides, and is not known: sent with 200, 201, 204, 206, 301, 302, 303, 304, 307, 308. */
  readonly isConditional: boolean;
  readonly at: NginxDirective;
}

/** What a client needs to get through, or what slows it down, in force where the request ends. */
export interface AnswerAccess {
  /** `allow` and `deny` in order. */
  readonly rules: readonly NginxDirective[];
  readonly satisfiesAny: boolean;
  /** Absent when `off`. */
  readonly authBasic?: NginxDirective;
  readonly authRequest?: NginxDirective;
  /** `ssl_verify_client` other than `off`. */
  readonly clientCertificate?: NginxDirective;
  readonly limitRequests: readonly NginxDirective[];
  readonly limitConnections: readonly NginxDirective[];
  /** `client_max_body_size`; `undefined`: nginx's own 1m. */
  readonly bodySize?: NginxDirective;
}

/** One way a request may go. */
export interface NginxOutcome {
  /** In order; empty: nothing had to be taken for granted. */
  readonly assumes: readonly AnswerAssumption[];
  /** Scripts and modules on the way that may change the outcome. */
  readonly caveats: readonly AnswerStep[];
  readonly steps: readonly AnswerStep[];
  /** Absent where no server block is reached. */
  readonly server?: NginxServer;
  readonly socket?: NginxSocket;
  readonly by?: ServerMatch;
  /** The block whose directives are in force for the answer: server, location, or an `if` in it. */
  readonly path: BlockPath;
  readonly content: AnswerContent;
  /** Fields nginx sets or takes away in the answer, in its order; `undefined` values of a pass stay as they come. */
  readonly responseFields: readonly AnswerField[];
  /** Fields of the request an upstream server gets; those not named go on as they came. Empty but for a pass. */
  readonly requestFields: readonly AnswerField[];
  readonly access: AnswerAccess;
}
