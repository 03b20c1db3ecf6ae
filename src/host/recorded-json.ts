import { isJsonObject, type JsonObject } from "../core/json-object.ts";
import { HostError } from "../core/reading.ts";

/** Parses a recorded fact file. Throws `HostError` `malformed` naming the file; its text is not quoted. */
export function parseRecorded(text: string, file: string): unknown {
  try {
    return JSON.parse(text.startsWith("\u{feff}") ? text.slice(1) : text);
  } catch (error) {
    throw malformed(file, "is not valid JSON", error);
  }
}

export function malformed(file: string, what: string, cause?: unknown): HostError {
  return new HostError("malformed", `${file}: ${what}`, { cause });
}

export function requireObject(value: unknown, file: string, where: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw malformed(file, `${where} must be an object`);
}

export function requireObjects(value: unknown, file: string): readonly JsonObject[] {
  if (!Array.isArray(value)) throw malformed(file, "must be a list");
  return value.map((each, index) => requireObject(each, file, `element ${index}`));
}

/** The member as text; `undefined` when it is missing or null. Throws for another type. */
export function textMember(object: JsonObject, key: string, file: string): string | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw malformed(file, `"${key}" must be a string`);
}

/** The member as a number, written as such or as decimal text; `undefined` when it is missing or null. */
export function numberMember(object: JsonObject, key: string, file: string): number | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw malformed(file, `"${key}" must be a number`);
}

export function booleanMember(object: JsonObject, key: string, file: string): boolean | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return value;
  throw malformed(file, `"${key}" must be true or false`);
}
