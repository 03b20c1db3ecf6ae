"""Prints, for each file named on stdin, Python's own syntax tree in the words of src/parsers/python/syntax.ts."""
import ast
import json
import sys

OPERATORS = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**", "MatMult": "@",
    "BitAnd": "&", "BitOr": "|", "BitXor": "^", "LShift": "<<", "RShift": ">>", "UAdd": "+", "USub": "-", "Invert": "~",
    "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Is": "is", "IsNot": "is not",
    "In": "in", "NotIn": "not in", "And": "and", "Or": "or",
}


class Dump:
    def __init__(self, source):
        self.source = source
        self.lines = source.split("\n")
        self.is_placed = True

    def place(self, node):
        if not self.is_placed:
            return {}
        return {"line": node.lineno, "column": self.column(node.lineno, node.col_offset)}

    def column(self, line, offset):
        before = self.lines[line - 1].encode()[:offset].decode()
        return len(before.encode("utf-16-le")) // 2 + 1

    def operator(self, node):
        return OPERATORS[type(node).__name__]

    def e(self, node):
        if node is None:
            return None
        kind = type(node).__name__
        return getattr(self, "e_" + kind)(node, self.place(node))

    def es(self, nodes):
        return [self.e(node) for node in nodes]

    def e_Name(self, n, p):
        return {**p, "kind": "name", "name": n.id}

    def e_Constant(self, n, p):
        v = n.value
        if v is None or v is True or v is False:
            return {**p, "kind": "constant", "value": v}
        if v is Ellipsis:
            return {**p, "kind": "opaque", "what": "ellipsis"}
        if isinstance(v, str):
            return {**p, "kind": "text", "text": v}
        if isinstance(v, bytes):
            return {**p, "kind": "text", "text": v.decode("latin-1")}
        if isinstance(v, complex):
            return {**p, "kind": "number", "value": None}
        try:
            number = float(v)
        except OverflowError:
            number = None
        return {**p, "kind": "number", "value": number if number is None or abs(number) < 1e300 else None}

    def e_JoinedStr(self, n, p):
        before, self.is_placed = self.is_placed, False
        parts = []
        for part in n.values:
            if isinstance(part, ast.Constant):
                parts.append(part.value)
            else:
                is_formatted = part.conversion != -1 or part.format_spec is not None
                parts.append({"value": self.e(part.value), "isFormatted": is_formatted})
        self.is_placed = before
        if all(isinstance(part, str) for part in parts):
            return {**p, "kind": "text", "text": "".join(parts)}
        return {**p, "kind": "format", "parts": parts}

    def sequence(self, type_, n, p):
        return {**p, "kind": "sequence", "type": type_, "items": self.es(n.elts)}

    def e_List(self, n, p):
        return self.sequence("list", n, p)

    def e_Tuple(self, n, p):
        return self.sequence("tuple", n, p)

    def e_Set(self, n, p):
        return self.sequence("set", n, p)

    def e_Dict(self, n, p):
        entries = [{"key": self.e(k), "value": self.e(v)} for k, v in zip(n.keys, n.values)]
        return {**p, "kind": "dict", "entries": entries}

    def comprehension(self, type_, n, p, element, value=None):
        clauses = [
            {"target": self.e(c.target), "source": self.e(c.iter), "conditions": self.es(c.ifs)} for c in n.generators
        ]
        return {**p, "kind": "comprehension", "type": type_, "element": self.e(element), "value": self.e(value),
                "clauses": clauses}

    def e_ListComp(self, n, p):
        return self.comprehension("list", n, p, n.elt)

    def e_SetComp(self, n, p):
        return self.comprehension("set", n, p, n.elt)

    def e_GeneratorExp(self, n, p):
        return self.comprehension("generator", n, p, n.elt)

    def e_DictComp(self, n, p):
        return self.comprehension("dict", n, p, n.key, n.value)

    def e_Call(self, n, p):
        found = []
        for a in n.args:
            spread = isinstance(a, ast.Starred)
            found.append((a.lineno, a.col_offset, {"name": None, "spread": "*" if spread else "",
                                                    "value": self.e(a.value if spread else a)}))
        for k in n.keywords:
            found.append((k.lineno, k.col_offset, {"name": k.arg, "spread": "" if k.arg else "**",
                                                    "value": self.e(k.value)}))
        found.sort(key=lambda one: one[:2])
        return {**p, "kind": "call", "callee": self.e(n.func), "arguments": [one[2] for one in found]}

    def e_Attribute(self, n, p):
        return {**p, "kind": "attribute", "object": self.e(n.value), "name": n.attr}

    def e_Subscript(self, n, p):
        index = self.e(n.slice)
        if isinstance(n.slice, ast.Tuple):
            index.pop("line", None)
            index.pop("column", None)
        return {**p, "kind": "subscript", "object": self.e(n.value), "index": index}

    def e_Slice(self, n, p):
        return {**p, "kind": "slice", "lower": self.e(n.lower), "upper": self.e(n.upper), "hasStep": n.step is not None}

    def e_BinOp(self, n, p):
        return {**p, "kind": "binary", "operator": self.operator(n.op), "left": self.e(n.left), "right": self.e(n.right)}

    def e_BoolOp(self, n, p):
        left = self.e(n.values[0])
        for right in n.values[1:]:
            left = {**p, "kind": "logical", "operator": self.operator(n.op), "left": left, "right": self.e(right)}
        return left

    def e_UnaryOp(self, n, p):
        if isinstance(n.op, ast.Not):
            return {**p, "kind": "not", "operand": self.e(n.operand)}
        return {**p, "kind": "unary", "operator": self.operator(n.op), "operand": self.e(n.operand)}

    def e_Compare(self, n, p):
        return {**p, "kind": "compare", "operands": self.es([n.left, *n.comparators]),
                "operators": [self.operator(o) for o in n.ops]}

    def e_IfExp(self, n, p):
        return {**p, "kind": "conditional", "test": self.e(n.test), "whenTrue": self.e(n.body),
                "otherwise": self.e(n.orelse)}

    def e_NamedExpr(self, n, p):
        return {**p, "kind": "walrus", "name": n.target.id, "value": self.e(n.value)}

    def e_Lambda(self, n, p):
        return {**p, "kind": "lambda", "parameters": self.parameters(n.args), "body": self.e(n.body)}

    def e_Starred(self, n, p):
        return {**p, "kind": "starred", "value": self.e(n.value)}

    def e_Await(self, n, p):
        return self.e(n.value)

    def e_Yield(self, n, p):
        return {**p, "kind": "opaque", "what": "yield"}

    e_YieldFrom = e_Yield

    def parameters(self, a):
        plain = [*a.posonlyargs, *a.args]
        presets = [None] * (len(plain) - len(a.defaults)) + list(a.defaults)
        found = [{"name": x.arg, "spread": "", "default": self.e(d)} for x, d in zip(plain, presets)]
        if a.vararg:
            found.append({"name": a.vararg.arg, "spread": "*", "default": None})
        found += [{"name": x.arg, "spread": "", "default": self.e(d)} for x, d in zip(a.kwonlyargs, a.kw_defaults)]
        if a.kwarg:
            found.append({"name": a.kwarg.arg, "spread": "**", "default": None})
        return found

    def body(self, statements):
        found = []
        for s in statements:
            found += getattr(self, "s_" + type(s).__name__)(s, self.place(s))
        return found

    def nothing(self, n, p):
        return []

    s_Pass = s_Global = s_Nonlocal = s_Assert = s_TypeAlias = nothing

    def assigned(self, target, value, annotation=None):
        t = self.e(target)
        return {"line": t["line"], "column": t["column"], "kind": "assign", "target": t, "annotation": annotation,
                "value": self.e(value)}

    def s_Assign(self, n, p):
        return [self.assigned(target, n.value) for target in n.targets]

    def s_AnnAssign(self, n, p):
        return [self.assigned(n.target, n.value, "annotated")]

    def s_AugAssign(self, n, p):
        return [{**p, "kind": "augment", "target": self.e(n.target), "operator": self.operator(n.op),
                 "value": self.e(n.value)}]

    def s_Expr(self, n, p):
        return [{"kind": "expression", "value": self.e(n.value)}]

    def names(self, aliases):
        return [{"path": a.name, "alias": a.asname} for a in aliases]

    def s_Import(self, n, p):
        return [{**p, "kind": "import", "names": self.names(n.names)}]

    def s_ImportFrom(self, n, p):
        if n.module == "__future__":
            return []
        is_star = n.names[0].name == "*"
        return [{**p, "kind": "import-from", "level": n.level, "path": n.module or "", "isStar": is_star,
                 "names": [] if is_star else self.names(n.names)}]

    def s_If(self, n, p):
        branches = [{"test": self.e(n.test), "body": self.body(n.body)}]
        rest = n.orelse
        while len(rest) == 1 and isinstance(rest[0], ast.If) and self.is_elif(rest[0]):
            branches.append({"test": self.e(rest[0].test), "body": self.body(rest[0].body)})
            rest = rest[0].orelse
        return [{**p, "kind": "if", "branches": branches, "otherwise": self.body(rest)}]

    def is_elif(self, n):
        return self.lines[n.lineno - 1].encode()[n.col_offset:].startswith(b"elif")

    def s_Try(self, n, p):
        handlers = []
        for h in n.handlers:
            types = h.type.elts if isinstance(h.type, ast.Tuple) else [h.type] if h.type else []
            handlers.append({"exceptions": [ast.get_source_segment(self.source, t) for t in types],
                             "body": self.body(h.body)})
        return [{**p, "kind": "try", "body": self.body(n.body), "handlers": handlers,
                 "otherwise": self.body(n.orelse), "finally": self.body(n.finalbody)}]

    s_TryStar = s_Try

    def s_With(self, n, p):
        items = [{"value": self.e(i.context_expr), "target": self.e(i.optional_vars)} for i in n.items]
        return [{**p, "kind": "with", "items": items, "body": self.body(n.body)}]

    s_AsyncWith = s_With

    def s_For(self, n, p):
        found = [{**p, "kind": "for", "target": self.e(n.target), "source": self.e(n.iter), "body": self.body(n.body)}]
        if n.orelse:
            found.append({"kind": "maybe", "what": "else of a loop", "bodies": [self.body(n.orelse)]})
        return found

    s_AsyncFor = s_For

    def s_While(self, n, p):
        bodies = [self.body(n.body)] + ([self.body(n.orelse)] if n.orelse else [])
        return [{**p, "kind": "maybe", "what": "while", "bodies": bodies}]

    def s_Match(self, n, p):
        return [{**p, "kind": "maybe", "what": "match", "bodies": [self.body(c.body) for c in n.cases]}]

    def s_FunctionDef(self, n, p):
        return [{**p, "kind": "function", "name": n.name, "parameters": self.parameters(n.args),
                 "decorators": self.es(n.decorator_list), "body": self.body(n.body)}]

    s_AsyncFunctionDef = s_FunctionDef

    def s_ClassDef(self, n, p):
        bases = [b.value if isinstance(b, ast.Starred) else b for b in n.bases]
        return [{**p, "kind": "class", "name": n.name, "bases": self.es(bases),
                 "decorators": self.es(n.decorator_list), "body": self.body(n.body)}]

    def s_Return(self, n, p):
        return [{**p, "kind": "return", "value": self.e(n.value)}]

    def s_Raise(self, n, p):
        return [{**p, "kind": "raise", "value": self.e(n.exc)}]

    def s_Break(self, n, p):
        return [{**p, "kind": "jump", "to": "break"}]

    def s_Continue(self, n, p):
        return [{**p, "kind": "jump", "to": "continue"}]

    def s_Delete(self, n, p):
        return [{**p, "kind": "delete", "targets": self.es(n.targets)}]


def main():
    sys.setrecursionlimit(10_000)
    for path in sys.stdin.read().splitlines():
        try:
            with open(path, encoding="utf-8-sig", newline=None) as file:
                source = file.read().replace("\f", " ")
            tree = ast.parse(source)
        except (SyntaxError, UnicodeDecodeError, ValueError, RecursionError):
            print("null")
            continue
        print(json.dumps(Dump(source).body(tree.body)))


main()
