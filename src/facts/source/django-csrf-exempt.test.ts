import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";

const SETTINGS = 'ROOT_URLCONF = "shop.urls"\nINSTALLED_APPS = []\nMIDDLEWARE = []\n';

const cases: readonly (readonly [name: string, view: string, rows: readonly string[]])[] = [
  ["a function", "@csrf_exempt\ndef hook(request):\n    pass\n", ["hook:1"]],
  ["by its module", "@csrf.csrf_exempt\n@cache\ndef hook(request):\n    pass\n", ["hook:1"]],
  ["a function for reads", "@csrf_exempt\n@require_safe\ndef hook(request):\n    pass\n", []],
  ["a function for GET", "@require_GET\n@csrf_exempt\ndef hook(request):\n    pass\n", []],
  [
    "methods that only read",
    '@require_http_methods(["GET", "HEAD"])\n@csrf_exempt\ndef hook(request):\n    pass\n',
    [],
  ],
  [
    "methods of which one writes",
    '@require_http_methods(["GET", "POST"])\n@csrf_exempt\ndef hook(request):\n    pass\n',
    ["hook:2"],
  ],
  [
    "a class",
    '@method_decorator(csrf_exempt, name="dispatch")\nclass Hook(View):\n    def post(self, request):\n        pass\n',
    ["Hook:1"],
  ],
  [
    "a list of decorators",
    '@method_decorator([never_cache, csrf_exempt], name="dispatch")\nclass Hook(View):\n    def put(self, request):\n        pass\n',
    ["Hook:1"],
  ],
  [
    "its dispatch",
    "class Hook(View):\n    @method_decorator(csrf_exempt)\n    def dispatch(self, request):\n        pass\n    def post(self, request):\n        pass\n",
    ["Hook:2"],
  ],
  [
    "a class that only reads",
    '@method_decorator(csrf_exempt, name="dispatch")\nclass Hook(View):\n    def get(self, request):\n        pass\n',
    [],
  ],
  [
    "a method, where it has no effect",
    "class Hook(View):\n    @method_decorator(csrf_exempt)\n    def post(self, request):\n        pass\n",
    [],
  ],
  ["a route", "urls = [path('q', csrf_exempt(Query.as_view()))]\n", ["Query.as_view():1"]],
  ["a comment and text", "# @csrf_exempt\nNOTE = 'csrf_exempt(view)'\n", []],
];

for (const [name, view, rows] of cases) {
  test(`csrf_exempt on ${name}`, async () => {
    const { settings } = await insideSource({
      "shop/settings.py": SETTINGS,
      "shop/views.py": view,
    });
    const found = settings.filter(({ property }) => property === "csrf.exempt-view");
    assert.deepEqual(
      found.map(({ subject, line }) => `${subject}:${line}`),
      rows,
    );
  });
}

test("csrf_exempt in tests counts for nothing", async () => {
  const view = "@csrf_exempt\ndef hook(request):\n    pass\n";
  const { settings } = await insideSource({ "shop/settings.py": SETTINGS, "tests/views.py": view });
  assert.deepEqual(
    settings.filter(({ property }) => property === "csrf.exempt-view"),
    [],
  );
});
