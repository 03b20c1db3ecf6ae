import type { TlsScan } from "../../src/core/tls-scan.ts";

/** What a scan says that is neither so, by a scan of the same server at its ease, nor left open. */
export function falsehoods(truth: TlsScan, result: TlsScan): readonly string[] {
  const open: readonly unknown[] = [null, "unknown"];
  const told = (view: (scan: TlsScan) => Readonly<Record<string, unknown>>): readonly string[] =>
    Object.entries(view(result))
      .filter(([, value]) => !open.includes(value))
      .filter(([name, value]) => plain(value) !== plain(view(truth)[name]))
      .map(([name, value]) => `${name}: ${plain(value)}`);
  const refused = truth.protocols?.filter(
    (each) => !result.protocols?.includes(each) && !result.protocolsUnknown.includes(each),
  );
  return [
    ...(refused ?? []).map((each) => `${each} is off`),
    ...told(({ vulnerabilities }) => vulnerabilities),
    ...told(({ sni }) => sni),
    ...told(({ tickets, serverOrder, groups, alpn }) => ({
      tickets: tickets.isOffered,
      serverOrder,
      groups,
      alpn,
    })),
    ...told(({ clientCertificate, clientRenegotiation, secureRenegotiation }) => ({
      clientCertificate,
      clientRenegotiation,
      secureRenegotiation,
    })),
    ...told(({ fallbackScsv, staple, earlyData, hstsSeconds }) => ({
      fallbackScsv,
      staple,
      earlyData,
      hstsSeconds,
    })),
    ...told(({ suites, suitesIncomplete }) =>
      Object.fromEntries(
        Object.entries(suites).filter(([protocol]) => !(protocol in suitesIncomplete)),
      ),
    ),
    ...(lacksCertificates(truth, result) ? ["certificates are missing"] : []),
  ];
}

function lacksCertificates(truth: TlsScan, { certificates, notes }: TlsScan): boolean {
  const count = truth.certificates?.length ?? 0;
  const isNoted = notes.some((note) => /certificates/.test(note));
  return certificates !== null && certificates.length < count && !isNoted;
}

function plain(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
}
