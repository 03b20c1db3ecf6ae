import { ca, HOST, leaf, type Member } from "../../src/wire/x509/cast-example.ts";
import { extensionDer, generalName, nameDer } from "../../src/wire/x509/certificate-example.ts";
import { below, root, row, type VerdictRow } from "./verdict-rows-chain.ts";

const { dns, address, email, uri, directory } = generalName;
const zeros = (count: number) => Array.from({ length: count }, () => 0);
const LOOPBACK_RANGE = address(127, 0, 0, 0, 255, 0, 0, 0);
const PRIVATE_RANGE = address(10, 0, 0, 0, 255, 0, 0, 0);
const ALL_V4 = address(...zeros(8));
const DOCS_V6 = address(0x20, 1, 0xd, 0xb8, ...zeros(12), 255, 255, 255, 255, ...zeros(12));
const LOOPBACK = address(127, 0, 0, 1);
const ORG = nameDer(["2.5.4.10", "Test Org"]);
const ORG_LEAF = nameDer(["2.5.4.10", "Test Org"], ["2.5.4.3", "x"]);
const OTHER_ORG = nameDer(["2.5.4.10", "Test Org Ltd"], ["2.5.4.3", "x"]);

type Names = readonly Uint8Array[];

/** A leaf with `names` under a CA that may certify `permitted` and not `excluded`. */
function under(permitted: Names, excluded: Names, ...names: Names): readonly Member[] {
  const issuer = ca("Constrained", root, {
    more: [extensionDer.nameConstraints(permitted, excluded)],
  });
  return below(issuer, names.length > 0 ? { names } : {});
}

function underOrg(subject: Uint8Array, excluded = false): readonly Member[] {
  const trees: [Names, Names] = excluded ? [[], [directory(ORG)]] : [[directory(ORG)], []];
  const issuer = ca("Constrained", root, { more: [extensionDer.nameConstraints(...trees)] });
  return below(issuer, { subject });
}

const constrainedRoot = ca("Constrained Root", undefined, {
  more: [extensionDer.nameConstraints([dns("other.test")], [])],
});
const soft = ca("Soft", root, {
  more: [extensionDer.nameConstraints([dns("other.test")], [], false)],
});
const top = ca("Top", root, { more: [extensionDer.nameConstraints([dns("other.test")], [])] });
const deep = ca("Deep", top);
const V4 = { host: "127.0.0.1" };

/** Name constraints (RFC 5280 section 4.2.1.10). */
export const NAME_ROWS: readonly VerdictRow[] = [
  row("permitted parent", under([dns("example.test")], []), "yes", "ok ok ok"),
  row("permitted itself", under([dns(HOST)], []), "yes", "ok ok ok"),
  row("permitted in other letters", under([dns("EXAMPLE.Test")], []), "yes", "ok ok ok"),
  row("permitted another", under([dns("other.test")], []), "no name-constraints", "no no no"),
  row(
    "permitted one of two",
    under([dns("other.test"), dns("example.test")], []),
    "yes",
    "ok ok ok",
  ),
  row(
    "permitted, no whole label",
    under([dns("ample.test")], []),
    "no name-constraints",
    "no no no",
  ),
  row("permitted with a dot, below it", under([dns(".example.test")], []), "yes", "ok ok ok"),
  row(
    "permitted with a dot, itself",
    under([dns(`.${HOST}`)], []),
    "no name-constraints",
    "no no no",
  ),
  row("excluded parent", under([], [dns("example.test")]), "no name-constraints", "no no no"),
  row("excluded another", under([], [dns("other.test")]), "yes", "ok ok ok"),
  row(
    "excluded within permitted",
    under([dns("example.test")], [dns(HOST)]),
    "no name-constraints",
    "no no no",
  ),
  row("everything excluded", under([], [dns("")]), "no name-constraints", "no no no"),
  row(
    "one of two names outside",
    under([dns("example.test")], [], dns(HOST), dns("x.other.test")),
    "no name-constraints",
    "no no no",
  ),
  row(
    "wildcard within",
    under([dns("example.test")], [], dns("*.example.test")),
    "yes",
    "ok ok ok",
  ),
  row(
    "wildcard over an excluded name",
    under([], [dns("www.example.test")], dns("*.example.test")),
    "no name-constraints",
    "ok ok ok",
  ),
  row("addresses constrained, a name", under([LOOPBACK_RANGE], []), "yes", "ok ok ok"),
  row("address permitted", under([LOOPBACK_RANGE], [], LOOPBACK), "yes", "ok ok ok", V4),
  row(
    "address outside",
    under([PRIVATE_RANGE], [], LOOPBACK),
    "no name-constraints",
    "no no no",
    V4,
  ),
  row(
    "address excluded",
    under([], [LOOPBACK_RANGE], LOOPBACK),
    "no name-constraints",
    "no no no",
    V4,
  ),
  row(
    "all of IPv4 excluded, IPv6",
    under([], [ALL_V4], address(...zeros(15), 1)),
    "yes",
    "ok ok ok",
    { host: "::1" },
  ),
  row(
    "IPv6 permitted",
    under([DOCS_V6], [], address(0x20, 1, 0xd, 0xb8, ...zeros(11), 1)),
    "yes",
    "ok ok ok",
    { host: "2001:db8::1" },
  ),
  row(
    "IPv6 outside",
    under([DOCS_V6], [], address(0x20, 1, 0xd, 0xb9, ...zeros(11), 1)),
    "no name-constraints",
    "no no no",
    { host: "2001:db9::1" },
  ),
  row("subject within", underOrg(ORG_LEAF), "yes", "ok ok ok"),
  row("subject with a longer organization", underOrg(OTHER_ORG), "no name-constraints", "no no no"),
  row("subject outside", underOrg(nameDer(["2.5.4.3", "x"])), "no name-constraints", "no no no"),
  row("subject excluded", underOrg(ORG_LEAF, true), "no name-constraints", "no no no"),
  row("no subject", underOrg(nameDer()), "yes", "ok no ok"),
  row("email constrained, none there", under([email("example.test")], []), "yes", "ok ok ok"),
  row(
    "email constrained, one there",
    under([email("example.test")], [], dns(HOST), email("a@example.test")),
    "no name-constraints",
    "ok ok ok",
  ),
  row(
    "URI constrained, one there",
    under([uri("example.test")], [], dns(HOST), uri("https://example.test/")),
    "no name-constraints",
    "ok ok ok",
  ),
  row("constraints of the root", [leaf(constrainedRoot)], "no name-constraints", "no no no", {
    roots: [constrainedRoot],
  }),
  row("constraints two levels up", [leaf(deep), deep, top], "no name-constraints", "no no no"),
  row("constraints not critical", below(soft), "no name-constraints", "no no no"),
];
