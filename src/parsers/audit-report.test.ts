import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNpmAudit, parseOsvScanner, parsePipAudit } from "./audit-report.ts";

const PIP_ENTRIES = [
  { name: "django", version: "4.0", vulns: [] },
  {
    name: "jinja2",
    version: "2.4.1",
    vulns: [{ id: "PYSEC-2019-217", fix_versions: ["2.10.1"], aliases: ["CVE-2019-10906"] }],
  },
  { name: "local", skip_reason: "Dependency not found on PyPI" },
];
const PIP_REPORT = {
  examined: 2,
  skipped: [{ name: "local", reason: "Dependency not found on PyPI" }],
  vulnerabilities: [
    {
      package: "jinja2",
      version: "2.4.1",
      id: "PYSEC-2019-217",
      aliases: ["CVE-2019-10906"],
      fixedIn: ["2.10.1"],
    },
  ],
};

test("pip-audit: new form, old list form, a line before the JSON", () => {
  const text = JSON.stringify({ dependencies: PIP_ENTRIES, fixes: [] });
  assert.deepEqual(parsePipAudit(text), PIP_REPORT);
  assert.deepEqual(parsePipAudit(JSON.stringify(PIP_ENTRIES)), PIP_REPORT);
  assert.deepEqual(parsePipAudit(`Found 1 known vulnerability\n${text}\n`), PIP_REPORT);
});

for (const text of [
  "",
  "ERROR: no network",
  "{",
  "null",
  "{}",
  '{"dependencies":1}',
  '{"dependencies":[{"name":"a"}]}',
  '{"dependencies":[{"version":"1","vulns":[]}]}',
]) {
  test(`pip-audit refuses ${text}`, () => assert.equal(parsePipAudit(text), undefined));
}

test("npm audit: advisories of via, transitive names left out, total of the tree", () => {
  const report = {
    auditReportVersion: 2,
    vulnerabilities: {
      lodash: {
        name: "lodash",
        severity: "critical",
        range: "<4.17.21",
        via: [
          {
            source: 1,
            name: "lodash",
            url: "https://github.com/advisories/GHSA-aa-bb",
            severity: "high",
          },
        ],
        fixAvailable: { name: "lodash", version: "4.17.21" },
      },
      app: { name: "app", severity: "high", range: "*", via: ["lodash"], fixAvailable: true },
    },
    metadata: { dependencies: { prod: 3, total: 7 } },
  };
  assert.deepEqual(parseNpmAudit(JSON.stringify(report)), {
    examined: 7,
    skipped: [],
    vulnerabilities: [
      {
        package: "lodash",
        version: "<4.17.21",
        id: "GHSA-aa-bb",
        aliases: [],
        fixedIn: ["lodash@4.17.21"],
        severity: "high",
      },
    ],
  });
  assert.equal(parseNpmAudit('{"error":{"code":"ENOLOCK"}}'), undefined);
});

test("osv-scanner: packages, fixes of the same package, severity by group; null is clean", () => {
  const report = {
    results: [
      {
        source: { path: "/x/uv.lock", type: "lockfile" },
        packages: [
          {
            package: { name: "jinja2", version: "2.4.1", ecosystem: "PyPI" },
            groups: [{ ids: ["GHSA-1"], max_severity: "7.5" }],
            vulnerabilities: [
              {
                id: "GHSA-1",
                aliases: ["CVE-1"],
                affected: [
                  {
                    package: { name: "jinja2" },
                    ranges: [
                      { type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "2.10.1" }] },
                      { type: "GIT", events: [{ fixed: "deadbeef" }] },
                    ],
                  },
                  { package: { name: "other" }, ranges: [{ events: [{ fixed: "9" }] }] },
                ],
              },
            ],
          },
        ],
      },
    ],
  };
  assert.deepEqual(parseOsvScanner(JSON.stringify(report)), {
    examined: 1,
    skipped: [],
    vulnerabilities: [
      {
        package: "jinja2",
        version: "2.4.1",
        id: "GHSA-1",
        aliases: ["CVE-1"],
        fixedIn: ["2.10.1"],
        severity: "7.5",
      },
    ],
  });
  const clean = { examined: undefined, skipped: [], vulnerabilities: [] };
  assert.deepEqual(parseOsvScanner('{"results":[]}'), clean);
  assert.deepEqual(parseOsvScanner('{"results":null}'), clean);
  assert.equal(parseOsvScanner("{}"), undefined);
});
