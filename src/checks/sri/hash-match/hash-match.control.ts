import type { Control } from "../../../core/check.ts";

export const sriHashMatchControl: Control = {
  id: "sri.hash-match",
  title: "Integrity hashes match what is served",
  severity: "low",
  seed: ["S2.87", "S2.91"],
  risk: "A hash that does not match either blocks the page's own code or is the first sign that somebody changed the file.",
  rule: "Applies to scripts and style sheets of another origin with a whole digest. Passes when each fetched file has one of the strongest digests its element lists. Fails when it has none of them. Warns when the address names no version, so that the next release breaks the page. Unknown when a file was not fetched (--fetch-external), was cut, or is listed by sha512 only, which is not computed.",
  fix: "Compute it anew from the file you mean: openssl dgst -sha384 -binary F | openssl base64 -A; name a version in the address.",
  references: ["https://www.w3.org/TR/sri-2/#does-response-match-source-list"],
  unknownExit: "neutral",
};
