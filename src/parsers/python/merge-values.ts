import {
  type Binding,
  type Origin,
  originOf,
  unknownValue,
  type Value,
  withOrigins,
} from "./value.ts";

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
  if (jsonA === jsonB && a.kind !== "instance") return withOrigins(a, all);
  if (a.kind === "instance" && b.kind === "instance")
    return { ...a, members: mergeMembers(a.members, b.members, condition, origins) };
  return unknownValue(`it depends on ${condition}, which is not known`, all);
}

/** Members that only one of two objects has are there only under the condition. */
function mergeMembers(
  a: ReadonlyMap<string, Binding>,
  b: ReadonlyMap<string, Binding>,
  condition: string,
  origins: readonly Origin[],
): ReadonlyMap<string, Binding> {
  if (a === b) return a;
  const merged = new Map<string, Binding>();
  for (const [name, binding] of [...a, ...b]) {
    const first = a.get(name);
    const second = b.get(name);
    if (merged.has(name)) continue;
    if (first?.value === second?.value) merged.set(name, binding);
    else if (first === undefined || second === undefined)
      merged.set(name, {
        ...binding,
        value: unknownValue(`it is set only under ${condition}, which is not known`, origins),
      });
    else
      merged.set(name, {
        ...second,
        value: mergeValues(first.value, second.value, condition, origins),
      });
  }
  return merged;
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
