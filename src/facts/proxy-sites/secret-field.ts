import { isSecretName } from "../../core/secret.ts";

/** Fields that carry credentials (RFC 9110, 11.6.2; RFC 6265). */
const CREDENTIALS = new Set(["authorization", "proxy-authorization", "cookie", "set-cookie"]);
const VALUE_CHARACTERS_MAX = 400;

/** A field's value as a fact may hold it: cut, and absent where the name says that it is a secret. */
export function fieldValue(name: string, value: string): { readonly value?: string } {
  if (CREDENTIALS.has(name) || isSecretName(name.replaceAll("-", "_"))) return {};
  return { value: value.slice(0, VALUE_CHARACTERS_MAX) };
}
