import { type Origin, originOf, unknownValue, type Value, withOrigins } from "./value.ts";

/** Either of two values: the value itself where both agree, else unknown with what decides. */
export function mergeValues(
  a: Value,
  b: Value,
  condition: string,
  origins: readonly Origin[],
): Value {
  const all = [...origins, originOf(a), originOf(b)];
  const jsonA = JSON.stringify(a.kind === b.kind ? comparable(a) : 0);
  const jsonB = JSON.stringify(a.kind === b.kind ? comparable(b) : 1);
  if (jsonA === jsonB) return withOrigins(a, all);
  return unknownValue(`it depends on ${condition}, which is not known`, all);
}

function comparable(value: Value): unknown {
  switch (value.kind) {
    case "list":
      return [value.type, ...value.items.map(comparable)];
    case "dict":
      return value.entries.map((entry) => [comparable(entry.key), comparable(entry.value)]);
    case "external":
      return [value.path, value.made?.id];
    case "text":
      return [value.text];
    case "number":
      return value.number;
    case "boolean":
      return value.value;
    case "none":
      return null;
    case "path":
      return { path: value.path };
    case "unknown":
    case "raises":
      return { reason: value.reason };
    case "function":
      return { name: value.name, file: value.scope.file };
    default:
      return { kind: value.kind };
  }
}
