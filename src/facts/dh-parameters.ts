import { bitLength, readUnsigned, readWhole } from "../wire/x509/der.ts";
import { parsePemBundle } from "../wire/x509/pem.ts";

/** Bits of the prime in a PEM file of DHParameter (PKCS #3 section 9); `undefined` where there is none. */
export function dhParameterBits(pem: string): number | undefined {
  const [der] = parsePemBundle(pem, "DH PARAMETERS");
  const [prime] = der === undefined ? [] : (readWhole(der) ?? []);
  const unsigned = readUnsigned(prime);
  return unsigned === undefined ? undefined : bitLength(unsigned);
}
