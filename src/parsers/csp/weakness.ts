import type { FieldSpan } from "../http/field.ts";
import type { CspRequestKind } from "./request.ts";

/** The named ways in which a policy lets through what it is there to stop. */
export type CspWeaknessRule =
  /** No directive governs scripts, or string compilation. */
  | "script-unrestricted"
  /** No directive governs object and embed. */
  | "object-unrestricted"
  | "base-uri-unrestricted"
  | "form-action-unrestricted"
  | "frame-ancestors-unrestricted"
  /** Loads without a directive and without default-src; `reach` names them. */
  | "loads-unrestricted"
  | "inline-script"
  | "inline-style"
  | "eval"
  | "wasm-eval"
  | "unsafe-hashes"
  /** `*`, a scheme of the network, or a wildcard over a whole top-level domain. */
  | "any-host"
  | "data-source"
  | "blob-source"
  | "filesystem-source"
  | "bypass-host"
  | "plugin-source"
  | "http-source"
  | "ip-source"
  | "strict-dynamic-alone"
  | "nonce-short"
  | "nonce-guessable"
  | "sandbox-undone"
  | "trusted-types-any"
  | "trusted-types-not-required";

/** A plain consequence of what a policy says; whether it matters is for a check to say. */
export interface CspWeakness extends FieldSpan {
  readonly rule: CspWeaknessRule;
  /** The directive that is written so, or that is missing. */
  readonly directive: string;
  /** The source expression as written; absent where a directive is missing. */
  readonly source?: string;
  /** Index into the policies asked. */
  readonly policyIndex: number;
  readonly message: string;
  /** The loads it opens, worst first, where it is about loads. */
  readonly reach?: readonly CspRequestKind[];
  /** Index of another enforced policy that stops it all the same; absent where none does. */
  readonly mitigatedBy?: number;
}
