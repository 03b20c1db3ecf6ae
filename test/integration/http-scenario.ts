/** What a site answers, and what MDN's Observatory (algorithm 6) said of it: a row of test/data/http/scenarios.jsonl. */
export interface ScenarioRow {
  readonly id: string;
  readonly tags: readonly string[];
  readonly scenario: Scenario;
  readonly expected: Expected;
  /** `analyzer-cors`: `expected` is what the analysis says of a prepared request, `expectedLive` what a scan says. */
  readonly driver: "scan" | "analyzer-cors";
  readonly expectedLive?: Expected;
  readonly quirk?: string;
  /** False where the Observatory itself crashes. */
  readonly compare?: boolean;
}

export type Expected =
  | {
      readonly ok: true;
      readonly grade: string;
      readonly score: number;
      readonly statusCode: number;
      readonly testsPassed: number;
      readonly testsFailed: number;
      readonly tests: Readonly<
        Record<
          string,
          { readonly result: string; readonly pass: boolean; readonly scoreModifier: number }
        >
      >;
    }
  | { readonly ok: false; readonly error: string };

export interface Scenario {
  readonly site: string;
  readonly path?: string;
  /** False where nothing listens on that side. */
  readonly http?: boolean;
  readonly https?: boolean;
  /** Kind of certificate by host, `*` for any. */
  readonly certs?: Readonly<Record<string, string>>;
  readonly extraHosts?: readonly string[];
  readonly routes: readonly Route[];
}

export interface Route {
  readonly scheme?: "http" | "https";
  readonly host?: string;
  /** Exact, or a prefix that ends in `*`; `/` when left out. */
  readonly path?: string;
  readonly method?: string;
  readonly status?: number;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  /** A whole answer, byte for byte. */
  readonly raw?: string;
  readonly drop?: boolean;
}

/** HSTS preload list the scenarios were judged with. */
export const LAB_PRELOAD: ReadonlyMap<string, boolean> = new Map([
  ["preloaded.example.net", true],
  ["nosub.example.net", false],
]);

/** What a live scan says; `undefined` for rows that cannot be compared. */
export function liveExpectation(row: ScenarioRow): Expected | undefined {
  return row.compare === false ? undefined : (row.expectedLive ?? row.expected);
}
