import assert from "node:assert/strict";
import { test } from "node:test";
import { type SourceExample, sourceFacts } from "../../test/source-facts.ts";
import { knownValue } from "../core/reading.ts";

async function driversOf(example: SourceExample) {
  const value = knownValue((await sourceFacts(example)).drivers);
  assert.ok(value !== undefined);
  return value;
}

const BASE = `class BaseWebhookDriver:
    name = "base"
    signature_header: str | None = None
    def parse(self, payload): ...
`;
const SIGNED = `from .base import BaseWebhookDriver
class AcmeDriver(BaseWebhookDriver):
    """signature_header = "X-Not-This" """
    name = "acme"
    # signature_header = "X-Nor-This"
    signature_header = "X-Acme-Signature"
`;
const PLAIN = `from .base import BaseWebhookDriver
class PlainDriver(BaseWebhookDriver):
    name = "plain"
`;
const CLUSTER = `from .base import BaseWebhookDriver
class ClusterDriver(BaseWebhookDriver):
    name = "cluster"
    signature_header = "X-Cluster-Signature"
`;
const REGISTRY = `from hooks.drivers.acme import AcmeDriver
from hooks.drivers.plain import PlainDriver
from hooks.drivers.cluster import ClusterDriver
DRIVER_REGISTRY = {"acme": AcmeDriver, "plain": PlainDriver}
def _more():
    from django.conf import settings
    if getattr(settings, "CLUSTER_ENABLED", False):
        DRIVER_REGISTRY["cluster"] = ClusterDriver
_more()
`;
const SETTINGS = `import os
ALLOWED_HOSTS = []
CLUSTER_ENABLED = os.environ.get("CLUSTER_ENABLED", "0") == "1"
`;
const PROJECT = {
  "hooks/drivers/base.py": BASE,
  "hooks/drivers/acme.py": SIGNED,
  "hooks/drivers/plain.py": PLAIN,
  "hooks/drivers/cluster.py": CLUSTER,
  "hooks/drivers/__init__.py": REGISTRY,
  "config/settings.py": SETTINGS,
};

async function told(example: SourceExample) {
  const { drivers, isResolvable } = await driversOf(example);
  return {
    isResolvable,
    drivers: drivers.map(
      ({ name, line, isEnabled, signatureHeader }) =>
        `${name}:${line} ${signatureHeader ?? "-"} ${isEnabled ? "on" : "off"}`,
    ),
  };
}

test("drivers, their headers, and which of them the registry has", async () => {
  assert.deepEqual(await told({ files: PROJECT }), {
    isResolvable: true,
    drivers: ["acme:2 X-Acme-Signature on", "cluster:2 X-Cluster-Signature off", "plain:2 - on"],
  });
});

test("a driver that a setting switches on", async () => {
  const { drivers } = await told({ files: PROJECT, env: { CLUSTER_ENABLED: "1" } });
  assert.ok(drivers.includes("cluster:2 X-Cluster-Signature on"));
});

test("a setting that is not known leaves the list open, and nothing is hidden", async () => {
  const { isResolvable, drivers } = await told({ files: PROJECT, unreadable: "/etc/env" });
  assert.equal(isResolvable, false);
  assert.ok(drivers.every((driver) => driver.endsWith(" on")));
});

test("a list of classes, and none at all", async () => {
  const { "hooks/drivers/__init__.py": _, ...rest } = PROJECT;
  const listed = {
    ...rest,
    "hooks/drivers/registry.py": "from .acme import AcmeDriver\nDRIVERS = [AcmeDriver]",
  };
  const found = await told({ files: listed });
  assert.equal(found.isResolvable, true);
  assert.deepEqual(
    found.drivers.filter((driver) => driver.endsWith(" on")),
    ["acme:2 X-Acme-Signature on"],
  );
  assert.equal((await told({ files: rest })).isResolvable, false);
});

test("a list in the settings decides", async () => {
  const files = {
    ...PROJECT,
    "config/settings.py": `${SETTINGS}ENABLED_DRIVERS = os.getenv("DRIVERS", "plain").split(",")\n`,
  };
  const { drivers } = await told({ files });
  assert.deepEqual(
    drivers.filter((driver) => driver.endsWith(" on")),
    ["plain:2 - on"],
  );
});

test("notifiers are not inbound", async () => {
  const files = {
    "notify/drivers/base.py":
      "class BaseNotifyDriver:\n    def send(self): ...\n    def parse(self): ...",
    "notify/drivers/chat.py":
      "from .base import BaseNotifyDriver\nclass ChatDriver(BaseNotifyDriver):\n    name = 'chat'",
  };
  assert.deepEqual(await told({ files }), { isResolvable: true, drivers: [] });
});

test("routes that take webhooks", async () => {
  const files = {
    "alerts/urls.py":
      'from django.urls import path\n# path("webhook/old/")\nurlpatterns = [\n  path("webhook/<str:driver>/", v),\n  path("projects/add_webhook/", v),\n  path("home/", v)]',
    "api/webhooks.py": '@app.post("/webhooks/acme")\nasync def take(): ...',
  };
  const { routes } = await driversOf({ files });
  assert.deepEqual(routes.map(({ route, file, line }) => `${route} ${file}:${line}`).sort(), [
    "/webhooks/acme api/webhooks.py:1",
    "webhook/<str:driver>/ alerts/urls.py:4",
  ]);
});

test("jobs that push to a hub", async () => {
  const files = {
    "deploy/push.service":
      "[Service]\n# ExecStart=/x push_to_hub\nDescription=runs push_to_hub\nEnvironment=HUB_API_KEY=geheim ExecStart\nExecStart=/venv/bin/python manage.py push_to_hub --json",
    "deploy/crontab":
      "# * * * * * push_to_hub\n*/5 * * * * HUB_API_KEY=geheim python manage.py push_to_hub",
    "app/tasks.py":
      'from django.core.management import call_command\ndef push():\n    call_command("push_to_hub")',
    "app/management/commands/push_to_hub.py": 'HELP = "python manage.py push_to_hub"',
    "README.md": "run push_to_hub",
  };
  const { pushers } = await driversOf({ files });
  assert.deepEqual(pushers.map(({ file, line }) => `${file}:${line}`).sort(), [
    "app/tasks.py:3",
    "deploy/crontab:2",
    "deploy/push.service:5",
  ]);
  assert.ok(!JSON.stringify(pushers).includes("geheim"));
});

test("signs of both generations", async () => {
  const files = {
    ...PROJECT,
    "config/middleware/api_key.py": "class APIKeyAuthMiddleware: ...",
    "config/management/commands/create_api_key.py": "class Command: ...",
    "config/settings.py": `${SETTINGS}MIDDLEWARE = ["config.middleware.api_key.APIKeyAuthMiddleware"]\n`,
  };
  const { generation1, generation2 } = await driversOf({ files });
  const shown = (signs: typeof generation1) =>
    signs.map(({ sign, file, line }) => `${sign} ${file}:${line}`).sort();
  assert.deepEqual(shown(generation1), [
    "CLUSTER_ENABLED is set config/settings.py:3",
    "signature header X-Cluster-Signature hooks/drivers/cluster.py:4",
  ]);
  assert.deepEqual(shown(generation2), [
    "APIKeyAuthMiddleware is defined config/middleware/api_key.py:1",
    "APIKeyAuthMiddleware is in MIDDLEWARE config/settings.py:4",
    "create_api_key command config/management/commands/create_api_key.py:1",
  ]);
});

test("HTTPS verification turned off where the hub is called", async () => {
  const files = {
    "agent/hub_client.py":
      'import ssl, requests\nHUB_URL = "x"\n# verify=False\nrequests.post(HUB_URL, verify=False)\ncontext.verify_mode = ssl.CERT_NONE\ncontext.check_hostname = False\nrequests.post(HUB_URL, verify=True)',
    "agent/push_other.py": "requests.get('x', verify=False)",
    "deploy/crontab": "* * * * * curl -k $HUB_URL/push_to_hub",
  };
  const { unverifiedCalls } = await driversOf({ files });
  assert.deepEqual(unverifiedCalls.map(({ file, line }) => `${file}:${line}`).sort(), [
    "agent/hub_client.py:4",
    "agent/hub_client.py:5",
    "agent/hub_client.py:6",
    "deploy/crontab:1",
  ]);
});
