import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

/** Where the live secrets stand besides their own place, and which of them coincide. Key names only. */
export interface SecretOccurrences {
  /** Secret-named keys with a non-empty effective value. */
  readonly keys: readonly string[];
  /** Pairs of keys that share a value, or where one value is a prefix of the other. */
  readonly shared: readonly {
    readonly keys: readonly [string, string];
    readonly how: "equal" | "prefix";
    readonly fingerprint: string;
  }[];
  /** A live secret value found in a place it must not be in. */
  readonly leaked: readonly {
    readonly key: string;
    readonly fingerprint: string;
    readonly place:
      | "tracked-file"
      | "sample"
      | "dockerfile"
      | "compose-literal"
      | "unit-literal"
      | "settings-literal";
    readonly file: string;
    readonly line: number;
  }[];
  /** Keys whose value holds `$(`, a backtick pair or an unset `${NAME}`, with who reads the file. */
  readonly unexpanded: readonly {
    readonly key: string;
    readonly file: string;
    readonly line?: number;
    readonly reader: string;
    /** The file is only ever sourced by a shell: the expression runs at each start. */
    readonly isShellOnly: boolean;
  }[];
}

export const secretOccurrences = defineFact({
  id: "secret-occurrences",
  title: "Places where live secrets stand",
  access: "read",
  timeoutMs: 10_000,
  async collect(): Promise<Reading<SecretOccurrences>> {
    return unknown("unsupported", "not written yet");
  },
});
