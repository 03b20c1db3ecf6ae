import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { djangoApplication, djangoMissing } from "./django-application.ts";
import { nginxMissing } from "./nginx-process.ts";
import { auditJson, controlOf, type ReportJson } from "./plimsoll.ts";
import { type Changes, type Deployment, NAME, startDeployment } from "./web-deployment.ts";

/* Inside and outside of one real deployment: what its files say, and what a client gets. */

const AREAS = ["env.debug", "hosts", "hsts", "headers", "csp", "csrf", "session", "tls", "hub"];

/** Whose listener is whose is told to root alone, so that others on the machine would be taken for ours. */
const ROOT_ONLY: ReadonlySet<string> = new Set(["hub.https-termination", "hub.bind-address"]);
const isRoot = process.getuid?.() === 0;

type Layers = Readonly<Record<string, string>>;

/** What one control is to come to; places have the deployment's directory and ports taken out. */
interface Expected {
  readonly status: string;
  readonly layers: Layers;
  /** `layer/rule`, in the report's order. */
  readonly findings?: readonly string[];
  readonly trace?: {
    readonly verdict: string;
    /** `layer value @ place`. */
    readonly steps: readonly string[];
  };
}

interface Case {
  readonly name: string;
  readonly changes: Changes;
  /** Lines that come last in the settings. */
  readonly settings?: string;
  readonly controls: Readonly<Record<string, Expected>>;
}

const GOOD_PROTOCOLS: Expected = {
  status: "pass",
  layers: { proxy: "pass", live: "pass" },
  trace: {
    verdict: "agrees",
    steps: [
      "proxy TLSv1.2 TLSv1.3 @ deploy/nginx.conf:10",
      `live TLSv1.2 TLSv1.3 @ ${NAME}:HTTPS (127.0.0.1)`,
    ],
  },
};
/** A proxy on the loopback alone is not judged. */
const SENT_BY_DJANGO: Expected = {
  status: "pass",
  layers: { source: "pass", proxy: "skip", live: "pass" },
};
const IN_SETTINGS: Expected = { status: "pass", layers: { source: "pass", live: "pass" } };
const ONLY_LIVE: Expected = { status: "pass", layers: { live: "pass" } };
const NAMED_HOST: Expected = {
  status: "pass",
  layers: { config: "pass" },
  trace: {
    verdict: "overridden",
    steps: [
      "source  @ shop/settings.py:7",
      `config ${NAME} @ .env:4`,
      `host ${NAME} @ /proc/PID/environ`,
    ],
  },
};
const DEBUG_OFF: Expected = {
  status: "pass",
  layers: { config: "pass", live: "pass" },
  trace: {
    verdict: "agrees",
    steps: [
      "source off @ shop/settings.py:6",
      "config off @ .env:2",
      "host off @ /proc/PID/environ",
    ],
  },
};

const CASES: readonly Case[] = [
  {
    name: "sound on both sides",
    changes: {},
    controls: {
      "env.debug": DEBUG_OFF,
      "hosts.allowed": NAMED_HOST,
      "hosts.live": ONLY_LIVE,
      "hsts.live": ONLY_LIVE,
      "csp.present": { status: "pass", layers: { source: "unknown", proxy: "skip", live: "pass" } },
      "csrf.enabled": IN_SETTINGS,
      "csrf.cookie-secure": IN_SETTINGS,
      "session.cookie-secure": IN_SETTINGS,
      "session.cookie-samesite": IN_SETTINGS,
      "headers.all-present": { status: "pass", layers: { source: "unknown", live: "pass" } },
      "headers.consistency": {
        status: "pass",
        layers: { source: "skip", proxy: "skip", live: "pass" },
      },
      "tls.redirect": ONLY_LIVE,
      "tls.protocols": GOOD_PROTOCOLS,
      "tls.ciphers": { status: "pass", layers: { proxy: "pass", live: "pass" } },
      "tls.certificate-names": { status: "pass", layers: { proxy: "pass", live: "pass" } },
      "tls.certificate-expiry": {
        status: "pass",
        layers: { proxy: "pass", live: "pass" },
        trace: {
          verdict: "agrees",
          steps: [
            "proxy serial 1000 @ deploy/shop.pem",
            `live serial 1000 @ ${NAME}:HTTPS (127.0.0.1)`,
          ],
        },
      },
      "tls.certificate-trusted": {
        status: "warn",
        layers: { proxy: "warn", live: "warn" },
        findings: ["proxy/private-ca", "live/private-ca"],
      },
      "hub.https-termination": {
        status: "pass",
        layers: { proxy: "pass", live: "pass" },
        trace: {
          verdict: "agrees",
          steps: [
            "host  @ tcp 127.0.0.1:APP, pid PID, python3",
            "proxy https @ deploy/nginx.conf:30",
          ],
        },
      },
      "hub.bind-address": {
        status: "pass",
        layers: { host: "pass" },
        trace: {
          verdict: "agrees",
          steps: [
            "config loopback:APP @ --bind 127.0.0.1:APP",
            "host loopback:APP @ tcp 127.0.0.1:APP, pid PID, python3",
          ],
        },
      },
    },
  },
  {
    name: "broken at the proxy",
    changes: {
      tls: {
        protocols: "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
        ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0",
      },
      // An add_header of its own loses those of the server block.
      location: ["add_header X-Served-By web1;", "proxy_hide_header X-Frame-Options;"],
      isAnyHostTaken: true,
    },
    controls: {
      "env.debug": DEBUG_OFF,
      "hosts.allowed": NAMED_HOST,
      "hosts.live": {
        status: "warn",
        layers: { live: "warn" },
        findings: ["live/foreign-host-served"],
      },
      "hsts.live": { status: "fail", layers: { live: "fail" }, findings: ["live/missing"] },
      // Of the page, and less weighty of the page of a missing address.
      "csp.present": {
        status: "fail",
        layers: { source: "unknown", proxy: "skip", live: "fail" },
        findings: ["live/missing", "live/missing"],
      },
      "headers.x-frame-options": {
        status: "fail",
        layers: { source: "pass", proxy: "skip", live: "fail" },
        findings: ["live/missing"],
      },
      "headers.x-content-type-options": SENT_BY_DJANGO,
      "csrf.enabled": IN_SETTINGS,
      "tls.protocols": {
        status: "fail",
        layers: { proxy: "fail", live: "fail" },
        findings: ["proxy/old-protocol", "live/tls10-accepted", "live/tls11-accepted"],
        trace: {
          verdict: "agrees",
          steps: [
            "proxy TLSv1 TLSv1.1 TLSv1.2 TLSv1.3 @ deploy/nginx.conf:10",
            `live TLSv1 TLSv1.1 TLSv1.2 TLSv1.3 @ ${NAME}:HTTPS (127.0.0.1)`,
          ],
        },
      },
      "tls.ciphers": {
        status: "warn",
        layers: { proxy: "warn", live: "warn" },
        findings: ["proxy/cbc", "proxy/client-order", "live/cbc", "live/client-order"],
      },
    },
  },
  {
    name: "broken in the application",
    changes: { env: { DJANGO_DEBUG: "1", DJANGO_ALLOWED_HOSTS: "*" } },
    settings: "SESSION_COOKIE_SECURE = False\nCSRF_COOKIE_SAMESITE = None\n",
    controls: {
      "env.debug": {
        status: "fail",
        layers: { config: "fail", live: "fail" },
        findings: ["config/debug-on", "live/debug-page"],
        trace: {
          verdict: "overridden",
          steps: [
            "source off @ shop/settings.py:6",
            "config on @ .env:2",
            "host on @ /proc/PID/environ",
            `live on @ https://${NAME}:HTTPS/MISSING`,
          ],
        },
      },
      "hosts.allowed": {
        status: "warn",
        layers: { config: "warn" },
        findings: ["config/wildcard"],
        trace: {
          verdict: "overridden",
          steps: [
            "source  @ shop/settings.py:7",
            "config * @ .env:4",
            "host * @ /proc/PID/environ",
          ],
        },
      },
      // The proxy keeps foreign names away all the same.
      "hosts.live": ONLY_LIVE,
      "hsts.live": ONLY_LIVE,
      "session.cookie-secure": {
        status: "fail",
        layers: { source: "fail", live: "fail" },
        findings: ["source/secure-missing", "live/secure-missing"],
      },
      "csrf.cookie-samesite": {
        status: "warn",
        layers: { source: "warn", live: "warn" },
        findings: ["source/samesite-missing", "live/samesite-missing"],
      },
      "tls.protocols": GOOD_PROTOCOLS,
    },
  },
  {
    name: "running with another value than its file has",
    changes: { startedWith: { DJANGO_DEBUG: "1" } },
    controls: {
      "env.debug": {
        status: "fail",
        layers: { config: "fail", live: "fail" },
        findings: ["config/debug-on", "live/debug-page"],
        trace: {
          verdict: "overridden",
          steps: [
            "source off @ shop/settings.py:6",
            "config off @ .env:2",
            "host on @ /proc/PID/environ",
            `live on @ https://${NAME}:HTTPS/MISSING`,
          ],
        },
      },
    },
  },
];

const skip = nginxMissing() ?? djangoMissing() ?? false;

for (const { name, changes, settings, controls } of CASES) {
  describe(`Django behind nginx, ${name}`, { skip }, () => {
    let deployment: Deployment | undefined;
    let report: ReportJson;

    before(async () => {
      deployment = await startDeployment(djangoApplication(settings), changes);
      const { directory, httpPort, httpsPort, caFile } = deployment;
      report = await auditJson(
        directory,
        ...["--url", `https://${NAME}:${httpsPort}/`, "--cacert", caFile],
        ...["--http-port", String(httpPort), "--https-port", String(httpsPort)],
        ...["--connect-to", "::127.0.0.1:", ...AREAS.flatMap((area) => ["--only", area])],
      );
    });
    after(() => deployment?.stop());

    for (const [id, expected] of Object.entries(controls)) {
      const needsRoot = ROOT_ONLY.has(id) && !isRoot;
      test(`${id} is ${expected.status}`, { skip: needsRoot && "needs root" }, () => {
        assert.deepEqual(seen(report, id, expected, deployment), expected);
      });
    }
  });
}

/** The control in the words of the table; a part that the table leaves out is left out. */
function seen(
  report: ReportJson,
  id: string,
  { findings, trace }: Expected,
  deployment: Deployment | undefined,
): Expected {
  const control = controlOf(report, id);
  const stable = (text: string) => withoutChance(text, deployment);
  return {
    status: control.status,
    layers: Object.fromEntries(control.layers.map(({ layer, status }) => [layer, status])),
    ...((findings !== undefined || control.findings.length > 0) && {
      findings: control.findings.map(({ layer, rule }) => `${layer}/${rule}`),
    }),
    ...(trace !== undefined &&
      control.trace !== undefined && {
        trace: {
          verdict: control.trace.verdict,
          steps: control.trace.steps.map(({ layer, value = "", where }) =>
            stable(`${layer} ${value} @ ${where}`),
          ),
        },
      }),
  };
}

function withoutChance(text: string, deployment: Deployment | undefined): string {
  return text
    .replaceAll(String(deployment?.httpsPort), "HTTPS")
    .replaceAll(String(deployment?.appPort), "APP")
    .replace(/\/proc\/\d+\//, "/proc/PID/")
    .replace(/pid \d+/, "pid PID")
    .replace(/plimsoll-[0-9a-f]{16}/, "MISSING");
}
