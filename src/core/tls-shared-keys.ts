import type { TlsCertificate, TlsScan } from "./tls-scan.ts";

/**
 * The scans with DROWN carried over (CVE-2016-0800): a port that answers SSL 2.0 with an RSA key gives away the
 * sessions of every other port that uses the same key, whatever protocols that one speaks.
 */
export function withSharedKeys(scans: readonly TlsScan[]): readonly TlsScan[] {
  const exposed = new Map<string, TlsScan>();
  for (const scan of scans) {
    if (!scan.protocols?.includes("SSLv2")) continue;
    for (const key of keysOf(scan)) if (!exposed.has(key)) exposed.set(key, scan);
  }
  if (exposed.size === 0) return scans;
  return scans.map((scan) => {
    if (scan.state !== "tls" || scan.vulnerabilities.drown === "vulnerable") return scan;
    const other = keysOf(scan).flatMap((key) => exposed.get(key) ?? [])[0];
    if (other === undefined) return scan;
    const note = `DROWN: ${other.host}:${other.port} (${other.address}) answers SSLv2 with the same key`;
    return {
      ...scan,
      vulnerabilities: { ...scan.vulnerabilities, drown: "vulnerable" },
      notes: [...scan.notes, note],
    };
  });
}

function keysOf({ certificates }: TlsScan): readonly string[] {
  return (certificates ?? []).flatMap(({ keyType, keyFingerprint256 }: TlsCertificate) =>
    keyType === "RSA" && keyFingerprint256 !== undefined ? [keyFingerprint256] : [],
  );
}
