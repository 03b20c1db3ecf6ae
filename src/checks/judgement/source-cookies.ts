import type { RowFault } from "./source-rows.ts";

/** `Secure` of a cookie as source sets it. */
export function secureRowFault(value: unknown): RowFault | undefined {
  if (value === true) return undefined;
  return { rule: "secure-missing", status: "fail", says: "is sent over http as well" };
}

export function httpOnlyRowFault(value: unknown): RowFault | undefined {
  if (value === true) return undefined;
  return { rule: "httponly-missing", status: "fail", says: "can be read by scripts" };
}

/** SameSite in lower case; `null` or false where none is sent, true as Express has it for strict. */
export function sameSiteRowFault(value: unknown): RowFault | undefined {
  if (value === "strict" || value === true) return undefined;
  if (value === "none") return { rule: "samesite-none", status: "fail", says: "has SameSite=None" };
  if (value === "lax") return { rule: "samesite-lax", status: "warn", says: "has SameSite=Lax" };
  if (value === null || value === false || value === "")
    return {
      rule: "samesite-missing",
      status: "warn",
      says: "has no SameSite, which browsers take for Lax",
    };
  return {
    rule: "samesite-invalid",
    status: "warn",
    says: "has a SameSite that browsers do not know and take for Lax",
  };
}

/** SameSite as the live layers tell it. */
export function shownSameSite(value: unknown): string {
  if (value === true) return "strict";
  return typeof value === "string" && ["strict", "lax", "none"].includes(value) ? value : "default";
}
