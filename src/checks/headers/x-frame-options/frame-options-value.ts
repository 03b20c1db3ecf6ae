import type { HttpExchange } from "../../../core/http-site.ts";
import { frameOptionsOf } from "../../live-headers/framing.ts";

/** `DENY`: equal values once, in capitals. */
export function frameOptionsValue(answer: HttpExchange): string | undefined {
  const { values } = frameOptionsOf(answer);
  return values.length === 0 ? undefined : [...new Set(values)].join(", ").toUpperCase();
}
