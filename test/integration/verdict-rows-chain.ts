import {
  ANY_PURPOSE,
  CLIENT_AUTH,
  ca,
  crossSigned,
  daysFromNow,
  HOST,
  leaf,
  type Member,
  SERVER_AUTH,
} from "../../src/wire/x509/cast-example.ts";
import { extensionDer, generalName, nameDer } from "../../src/wire/x509/certificate-example.ts";
import { der } from "../../src/wire/x509/der-example.ts";

/** One list of certificates as a server sends it, and what is said of it. */
export interface VerdictRow {
  readonly name: string;
  /** Leaf first. */
  readonly sent: readonly Member[];
  /** Trusted; default `root`. */
  readonly roots?: readonly Member[];
  readonly host?: string;
  /** Our word: trusted and problems. */
  readonly ours: string;
  /** `ok` or `no` each: openssl verify, the same with -x509_strict, node:tls. */
  readonly others: string;
}

type More = Partial<Pick<VerdictRow, "roots" | "host">>;

export function row(
  name: string,
  sent: readonly Member[],
  ours: string,
  others: string,
  more: More = {},
): VerdictRow {
  return { name, sent, ours, others, ...more };
}

/** A leaf by `issuer`, and its issuer. */
export const below = (issuer: Member, change?: Parameters<typeof leaf>[1]) =>
  [leaf(issuer, change), issuer] as const;

export const root = ca("Root");
export const inter = ca("Inter", root);
const low = ca("Low", inter);
const good = leaf(inter);
const other = leaf(inter, { names: [generalName.dns("other.test")] });
const stranger = ca("Stranger");
const second = ca("Second");
const past = { notBefore: daysFromNow(-400), notAfter: daysFromNow(-1) };
const interBySecond = crossSigned(inter, second);
const interByStranger = crossSigned(inter, stranger);
const expiredInter = crossSigned(inter, root, past);
const expiredRoot = ca("Expired Root", undefined, past);
const twin = ca("Inter", root);
const loopA = ca("Loop A", inter);
const loopB = crossSigned(ca("Loop B", inter), loopA);
const loopBack = crossSigned(loopA, loopB);
const alone = leaf(undefined);
const oldRoot = ca("V1 Root", undefined, { version: 1, says: [] });
const bareRoot = ca("Bare Root", undefined, { says: [] });
const limited = ca("Limited", root, { pathLength: 0 });
const belowLimited = ca("Below", limited);
/** The next key of the same CA: self-issued, which the limit does not count. */
const renewed = ca("Limited", limited, { pathLength: 0 });
/** Ninety-eight CAs, half of them with the name of the leaf's issuer and other keys. */
const crowd = Array.from({ length: 98 }, (_, at) => ca(at % 2 === 0 ? "Inter" : `No ${at}`, root));

const only = (...says: readonly Uint8Array[]) => below(ca("Odd", root, { says }));
const beside = (...more: readonly Uint8Array[]) => below(ca("Odd", root, { more }));
const { constraints, keyUsage, purposes, any } = extensionDer;
const saying = (...says: readonly Uint8Array[]) => below(inter, { says });
const serverAnd = (...says: readonly Uint8Array[]) => saying(purposes(SERVER_AUTH), ...says);
const policy = der.sequence(der.sequence(Uint8Array.of(6, 3, 42, 3, 4)));
const UNKNOWN = "1.2.3.4";
const POISON = "1.3.6.1.4.1.11129.2.4.3";

/** Which certificates come, in which order, and what they may do. */
export const CHAIN_ROWS: readonly VerdictRow[] = [
  row("complete", [good, inter], "yes", "ok ok ok"),
  row("three deep", [leaf(low), low, inter], "yes", "ok ok ok"),
  row("incomplete", [good], "no incomplete-chain", "no no no"),
  row("wrong order", [leaf(low), inter, low], "yes wrong-order", "ok ok ok"),
  row("a stranger among them", [good, inter, stranger], "yes extra-certificate", "ok ok ok"),
  row("the intermediate twice", [good, inter, inter], "yes extra-certificate", "ok ok ok"),
  row("root sent", [good, inter, root], "yes root-sent", "ok ok ok"),
  row("cross-signed, both roots known", [good, inter, interBySecond], "yes", "ok ok ok", {
    roots: [root, second],
  }),
  row("cross-signed, the second root known", [good, inter, interBySecond], "yes", "no no no", {
    roots: [second],
  }),
  row("cross-signed, one way to a stranger", [good, interByStranger, inter], "yes", "no no no"),
  row("the leaf twice", [good, good, inter], "yes extra-certificate", "ok ok ok"),
  row(
    "unrelated certificates",
    [good, other, stranger, inter],
    "yes extra-certificate",
    "ok ok ok",
  ),
  row(
    "100 certificates, 50 of one name",
    [good, ...crowd, inter],
    "yes extra-certificate",
    "ok ok ok",
  ),
  row("a loop of issuers", [leaf(loopB), loopB, loopBack], "no incomplete-chain", "no no no", {
    roots: [stranger],
  }),
  row("one subject, another key first", [good, twin, inter], "yes extra-certificate", "ok ok ok"),
  row(
    "one subject, another key alone",
    [good, twin],
    "no incomplete-chain extra-certificate",
    "no no no",
  ),
  row("expired intermediate beside a valid one", [good, expiredInter, inter], "yes", "ok ok ok"),
  row("expired intermediate alone", [good, expiredInter], "no expired", "no no no"),
  row("expired root", [leaf(expiredRoot)], "no expired", "no no no", {
    roots: [expiredRoot],
  }),
  row("an intermediate is the root", [good], "yes", "no no no", {
    roots: [inter],
  }),
  row("the self-signed leaf is the root", [alone], "yes", "ok ok ok", { roots: [alone] }),
  row("self-signed", [alone], "no self-signed", "no no no"),
  row("unknown root", [leaf(stranger), stranger], "no untrusted root-sent", "no no no"),
  row("issued by a leaf", [leaf(other), other, inter], "no invalid-issuer", "no no no"),
  row("issuer without basicConstraints", only(keyUsage(0x06)), "no invalid-issuer", "no no no"),
  row("issuer without a word", only(), "no invalid-issuer", "no no no"),
  row("issuer with CA:FALSE", only(constraints(false)), "no invalid-issuer", "no no no"),
  row(
    "issuer without keyCertSign",
    only(constraints(true), keyUsage(0x80)),
    "no invalid-issuer",
    "no no no",
  ),
  row(
    "issuer of version 1",
    below(ca("V1", root, { version: 1, says: [] })),
    "no invalid-issuer",
    "no no no",
  ),
  row("root of version 1", [leaf(oldRoot)], "yes", "ok no ok", { roots: [oldRoot] }),
  row(
    "root of version 3 without basicConstraints",
    [leaf(bareRoot)],
    "no invalid-issuer",
    "no no no",
    { roots: [bareRoot] },
  ),
  row("path length 0, the leaf below", below(limited), "yes", "ok ok ok"),
  row(
    "path length exceeded",
    [leaf(belowLimited), belowLimited, limited],
    "no invalid-issuer",
    "no no no",
  ),
  row("path length, self-issued not counted", [...below(renewed), limited], "yes", "ok ok ok"),
  row("leaf for clients", saying(purposes(CLIENT_AUTH)), "no wrong-eku", "no no no"),
  row("leaf for any purpose", saying(purposes(ANY_PURPOSE)), "no wrong-eku", "no no no"),
  row("leaf for no purpose in particular", saying(), "yes", "ok ok ok"),
  row("leaf with key usage keyCertSign alone", saying(keyUsage(0x04)), "no wrong-eku", "no no no"),
  row("leaf with key usage keyAgreement", saying(keyUsage(0x08)), "yes", "ok ok ok"),
  row("intermediate for clients", beside(purposes(CLIENT_AUTH)), "no wrong-eku", "no no no"),
  row("intermediate for any purpose", beside(purposes(ANY_PURPOSE)), "no wrong-eku", "no no no"),
  row("intermediate for both", beside(purposes(CLIENT_AUTH, SERVER_AUTH)), "yes", "ok ok ok"),
  row(
    "unknown critical extension",
    serverAnd(any(UNKNOWN, der.nothing(), true)),
    "no unknown-critical",
    "no no no",
  ),
  row("unknown extension", serverAnd(any(UNKNOWN, der.nothing())), "yes", "ok ok ok"),
  row(
    "precertificate",
    serverAnd(any(POISON, der.nothing(), true)),
    "no unknown-critical",
    "no no no",
  ),
  row(
    "unknown critical extension of the issuer",
    beside(any(UNKNOWN, der.nothing(), true)),
    "no unknown-critical",
    "no no no",
  ),
  row("critical policies", serverAnd(any("2.5.29.32", policy, true)), "yes", "ok ok ok"),
  row("an extension twice", serverAnd(purposes(SERVER_AUTH)), "no broken-der", "no no no"),
  row("not yet valid", below(inter, { notBefore: daysFromNow(1) }), "no not-yet-valid", "no no no"),
  row("expired", below(inter, { notAfter: daysFromNow(-1) }), "no expired", "no no no"),
  row(
    "2050",
    below(inter, { notAfter: new Date("2050-01-01T00:00:00Z") }),
    "yes too-long",
    "ok ok ok",
  ),
  row(
    "9999",
    below(inter, { notAfter: new Date("9999-12-31T23:59:59Z") }),
    "yes too-long",
    "ok ok ok",
  ),
  row(
    "generalized time before 2050",
    below(inter, { notAfter: der.text(0x18, "20480601000000Z") }),
    "yes too-long",
    "ok ok ok",
  ),
  row(
    "time without seconds",
    below(inter, { notAfter: der.text(0x17, "4806010000Z") }),
    "no broken-der",
    "no no no",
  ),
  row(
    "time with a zone",
    below(inter, { notAfter: der.text(0x17, "480601000000+0100") }),
    "no broken-der",
    "no no no",
  ),
  row("serial 0", below(inter, { serial: 0n }), "yes odd-serial", "ok ok ok"),
  row("serial negative", below(inter, { serial: -5n }), "yes odd-serial", "ok ok ok"),
  row("serial of 21 octets", below(inter, { serial: 1n << 160n }), "yes odd-serial", "ok ok ok"),
  row("serial of 20 octets", below(inter, { serial: (1n << 159n) - 1n }), "yes", "ok ok ok"),
  row(
    "another algorithm inside",
    below(inter, { innerSigning: "ecdsa-with-SHA384" }),
    "no broken-der",
    "no no no",
  ),
  row("another name", [good, inter], "yes name-mismatch", "no no no", {
    host: "www.example.test",
  }),
  row(
    "a common name alone",
    below(inter, { names: [], subject: nameDer(["2.5.4.3", HOST]) }),
    "yes name-mismatch no-san",
    "ok ok ok",
  ),
  row(
    "an email address alone",
    below(inter, { names: [generalName.email("a@b.test")] }),
    "yes name-mismatch no-san",
    "no no no",
  ),
];
