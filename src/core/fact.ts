import type { TrustedKey } from "./attestation.ts";
import type { Host } from "./host.ts";
import type { Reading } from "./reading.ts";

/** How far collecting a fact reaches. The operator grants these; `probe` is off by default. */
export const ACCESS = ["read", "run", "connect", "probe"] as const;
export type Access = (typeof ACCESS)[number];

/** What is audited. `directory` is absolute and real (links resolved). */
export interface Target {
  readonly directory: string;
  readonly urls: readonly string[];
  /** `auto`, or what `--mode` says. */
  readonly mode: "auto" | readonly Role[];
  /** Started as the drop-in `check-security`: the seed's profile applies where nothing else is found. */
  readonly compat: boolean;
  /** The audited machine is this one: false for `--recorded` and `--no-host`. */
  readonly hostFacts: boolean;
  /** Account and group the service runs under unless a declaration says otherwise, where a record tells it. */
  readonly account?: string;
  /** Authorities the operator trusts beside the system's store (`--cacert`), PEM. */
  readonly caPem?: string;
  /** `--osv`: an index of `plimsoll osv import`, absolute. */
  readonly osvIndex?: string;
  /** How pages are asked for. */
  readonly http?: HttpAsking;
  /** `--run-tests`: the project's own security tests may be run; nothing else ever runs code of the target. */
  readonly runsTests?: boolean;
  /** `--pedantic`: rules of taste and speed are judged as well. */
  readonly isPedantic?: boolean;
  /** `--deep`: the history of version control is searched as well, which takes its time. */
  readonly isDeep?: boolean;
  /** Whose attestations count, and of what they must speak; absent where nobody's do. */
  readonly attest?: AttestationTrust;
}

/** What the operator says about attestations; never read from the audited directory. */
export interface AttestationTrust {
  readonly keys: readonly TrustedKey[];
  /** `--deployment`: the deployment's name; without it the directory's name and the hosts of the URLs. */
  readonly deployment?: string;
  /** `--release`: the release that is audited; without it the commit that is checked out. */
  readonly release?: string;
}

/** What the operator says about requests to the live targets. */
export interface HttpAsking {
  /** `--header`, sent to the audited host only. The values are secrets. */
  readonly fields?: readonly (readonly [name: string, value: string])[];
  /** `--path`: further pages, absolute paths. */
  readonly paths?: readonly string[];
  /** `--http-port` and `--https-port`: where a side answers whose port the URL does not tell. */
  readonly ports?: { readonly http?: number; readonly https?: number };
  /** `--max-time`, for each side's chain; milliseconds. */
  readonly sideMs?: number;
  /** `--hsts-preload`: what each listed domain's browsers know. */
  readonly preload?: PreloadList;
  /** `--fetch-external`: resources of other origins may be fetched. */
  readonly isExternalFetched?: boolean;
}

/** Domains of an HSTS preload list that force https; `true` where subdomains are included. */
export type PreloadList = ReadonlyMap<string, boolean>;

export const ROLES = ["agent", "hub"] as const;
export type Role = (typeof ROLES)[number];

export interface CollectContext {
  readonly host: Host;
  readonly target: Target;
  /** The audit's clock, milliseconds since the epoch; `--now` sets it. */
  readonly nowMs: number;
  /** Under which secrets are fingerprinted (catalog G6). Never leaves the process. */
  readonly fingerprintKey: string;
  /** Aborts with a `HostError` at the fact's time limit, or when the audit is interrupted. */
  readonly signal: AbortSignal;
}

/**
 * One thing worth knowing about a deployment: typed, JSON-serialisable, gathered at most once.
 *
 * `needs` must be known before `collect` runs; `wants` are handed over as readings, whatever
 * their state. A `sealed` fact may hold secrets in clear: only other facts may read it, no check
 * can (by type), and `plimsoll collect` never writes it.
 */
export interface Fact<
  T,
  N extends Needs = Needs,
  W extends Needs = Needs,
  S extends boolean = boolean,
> {
  readonly id: string;
  readonly title: string;
  readonly access: Access;
  readonly timeoutMs: number;
  readonly sealed: S;
  readonly needs: N;
  readonly wants: W;
  /** May throw: the gatherer turns what it throws into an `unknown` reading. */
  collect(context: CollectContext, facts: Known<N>, readings: Readings<W>): Promise<Reading<T>>;
}

// biome-ignore lint/suspicious/noExplicitAny: a fact is invariant in its needs; only T matters here.
export type AnyFact<T = unknown, S extends boolean = boolean> = Fact<T, any, any, S>;

export interface Needs {
  readonly [name: string]: AnyFact;
}

/** What a check may read: facts that hold no secret. */
export interface OpenNeeds {
  readonly [name: string]: AnyFact<unknown, false>;
}

/** The values of `N`, once every one of them is known. */
export type Known<N extends Needs> = {
  readonly [K in keyof N]: N[K] extends AnyFact<infer T> ? T : never;
};

/** The readings of `W`, whatever their state. */
export type Readings<W extends Needs> = {
  readonly [K in keyof W]: N1<W[K]>;
};
type N1<F> = F extends AnyFact<infer T> ? Reading<T> : never;

interface FactDefinition<T, N extends Needs, W extends Needs> {
  readonly id: string;
  readonly title: string;
  readonly access: Access;
  readonly timeoutMs: number;
  readonly needs?: N;
  readonly wants?: W;
  collect(context: CollectContext, facts: Known<N>, readings: Readings<W>): Promise<Reading<T>>;
}

const NOTHING = {} as const;

/** A fact that any check may read and `plimsoll collect` writes. */
export function defineFact<
  T,
  const N extends Needs = Record<never, never>,
  const W extends Needs = Record<never, never>,
>(definition: FactDefinition<T, N, W>): Fact<T, N, W, false> {
  return { needs: NOTHING as N, wants: NOTHING as W, ...definition, sealed: false };
}

/** A fact that may hold secrets in clear: see `Fact`. */
export function defineSealedFact<
  T,
  const N extends Needs = Record<never, never>,
  const W extends Needs = Record<never, never>,
>(definition: FactDefinition<T, N, W>): Fact<T, N, W, true> {
  return { needs: NOTHING as N, wants: NOTHING as W, ...definition, sealed: true };
}
