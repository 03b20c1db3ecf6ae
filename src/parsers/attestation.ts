import {
  ATTESTATION_SCHEMA,
  type Attestation,
  type AttestationStatement,
  type AttestedEvidence,
  attestationText,
} from "../core/attestation.ts";
import {
  DETAIL_CHARACTERS_MAX,
  DETAILS_MAX,
  EVIDENCE_MAX,
  isDetailName,
  isSha256,
  isWebAddress,
  isWord,
  SCOPE_MAX,
} from "../core/attested-words.ts";
import { isDay, isInstant } from "../core/expiry.ts";
import { isJsonObject } from "../core/json-object.ts";

export type ParsedAttestation =
  | { readonly ok: true; readonly attestation: Attestation }
  | { readonly ok: false; readonly message: string };

/**
 * Reads the file of an attestation. Every field is checked, an unknown one refused, and the text must be exactly what
 * `attestationText` writes (but for CRLF): what a person reads in it is what was signed, no field stands in it twice.
 */
export function parseAttestation(text: string): ParsedAttestation {
  const value = parseJson(text);
  if (value === undefined) return no("it is no JSON");
  if (!isJsonObject(value)) return no("it is no JSON object");
  const { schema, statement, signature } = value;
  if (schema !== ATTESTATION_SCHEMA) return no(`"schema" is not "${ATTESTATION_SCHEMA}"`);
  if (!isJsonObject(statement)) return no('"statement" is no object');
  const wrong = FIELDS.find(([name, isRight]) => !isRight(statement[name]))?.[0];
  if (wrong !== undefined) return no(`"${wrong}" is missing or not what it should be`);
  if (typeof signature !== "string") return no('"signature" is no text');
  // Every field has just been checked.
  const attestation = { statement: statement as unknown as AttestationStatement, signature };
  if (attestationText(attestation) !== `${text.replaceAll("\r\n", "\n").trimEnd()}\n`)
    return no("it is not as plimsoll writes it: fields added, doubled or in another order");
  return { ok: true, attestation };
}

function no(message: string): ParsedAttestation {
  return { ok: false, message };
}

type Field = readonly [name: keyof AttestationStatement, isRight: (value: unknown) => boolean];

const isText = (value: unknown) => typeof value === "string";
const isOptionalWord = (value: unknown) => value === undefined || isWord(value);

const FIELDS: readonly Field[] = [
  ["item", (value) => isText(value) && /^[a-z][a-z0-9.-]{1,63}$/.test(value as string)],
  ["deployment", (value) => isWord(value)],
  ["release", isOptionalWord],
  ["policy", (value) => value === undefined || isSha256(value)],
  ["catalog", (value) => isWord(value)],
  ["scope", isScope],
  ["who", (value) => isWord(value)],
  ["performed", (value) => isText(value) && isDay(value as string)],
  ["madeAt", (value) => isText(value) && isInstant(value as string)],
  ["expires", (value) => isText(value) && isDay(value as string)],
  ["details", isDetails],
  ["evidence", isEvidenceList],
  ["key", isText],
];

function isScope(value: unknown): boolean {
  return Array.isArray(value) && value.length <= SCOPE_MAX && value.every((each) => isWord(each));
}

function isDetails(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= DETAILS_MAX &&
    entries.every(([name, text]) => isDetailName(name) && isWord(text, DETAIL_CHARACTERS_MAX))
  );
}

function isEvidenceList(value: unknown): value is readonly AttestedEvidence[] {
  return Array.isArray(value) && value.length <= EVIDENCE_MAX && value.every(isEvidence);
}

function isEvidence(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const { url, name, sha256, sizeBytes, path } = value;
  if (url !== undefined) return isWebAddress(url);
  const isSized = Number.isSafeInteger(sizeBytes) && Number(sizeBytes) >= 0;
  return isWord(name) && isSha256(sha256) && isSized && (path === undefined || isInnerPath(path));
}

/** Relative, and nowhere but below where it begins. */
function isInnerPath(value: unknown): boolean {
  if (!isWord(value, DETAIL_CHARACTERS_MAX)) return false;
  const words = value.split("/");
  return words.every((word) => word !== "" && word !== "." && word !== "..");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
