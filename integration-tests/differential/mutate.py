"""Changes to objects and the patches that describe them; every choice is taken from the `random.Random` that is given."""
import copy, json

TEXTS = ["", "a", "A", "UPPER", "a b", "-a", "a-", "a.b", "a/b", "/a", "a/b/c", "..", ".", "a_b", "1", "0", "true", "null", "*", "a:b", "é", "a\nb", "a=b",
         "x" * 63, "x" * 64, "x" * 253, "x" * 254, "x" * 300, "::1", "10.0.0.1", "010.0.0.1", "10.0.0.0/8", "10.0.0.1/8", "fd00::/64", "300.1.1.1",
         "100%", "101%", "-1", "1.5", "10%", "1Gi", "10m", "0.1m", "1e3", "-1Gi", "1h", "-1s", "1x", "kubernetes.io/a", "example.com/a", "k8s.io/", "Always",
         "None", "http", "TCP", "tcp", "$(A)", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.123456Z", "2020-13-01T00:00:00Z", "* * * * *", "system:node:a", "Zm9v", "Zm9"]
NUMBERS = [0, 1, -1, 2, 3, 5, 10, 80, 100, 101, 256, 300, 1000, 3600, 65535, 65536, 86400, 1073741824, 2147483647, 2147483648, -2147483648, -2147483649,
           9223372036854775807, 9223372036854775808, 1.5, 1e20]
WRONG = ["text", "", 0, 7, -1, 1.5, True, False, None, [], ["a"], [1], {}, {"a": "b"}, {"a": 1}]
KEYS = ["a", "A b", "-x", "example.com/a", "example.com/", "/a", "a/b/c", "x" * 64, "y" * 253 + "/a", "y" * 254 + "/a", "", "kubernetes.io/a", "cpu", "memory", "pods", "é"]


class Mutator:
    def __init__(self, types, rng):
        self.types, self.rng = types, rng

    def nodes(self, value, node, path=()):
        """Every (path, container, key, type) below an object, but for its apiVersion and kind."""
        out, node = [], self.types.resolve(node)
        if isinstance(value, dict):
            for k, v in value.items():
                if path or k not in ("apiVersion", "kind"):
                    child = self.types.field(node, k)
                    out.append((path + (k,), value, k, child))
                    out += self.nodes(v, child, path + (k,))
        elif isinstance(value, list):
            for i, v in enumerate(value):
                child = node.get("items", {})
                out.append((path + (i,), value, i, child))
                out += self.nodes(v, child, path + (i,))
        return out

    def structs(self, value, node, path=()):
        out, node = [], self.types.resolve(node)
        if isinstance(value, dict):
            if node.get("properties"):
                out.append((path, value, node))
            for k, v in value.items():
                out += self.structs(v, self.types.field(node, k), path + (k,))
        elif isinstance(value, list):
            for i, v in enumerate(value):
                out += self.structs(v, node.get("items", {}), path + (i,))
        return out

    def value(self, node, owner="", field="", depth=0):
        """A value of a type: one that the field has somewhere, or one made up."""
        rng = self.rng
        known = self.types.values.get((owner, field))
        if known and rng.random() < 0.6:
            return copy.deepcopy(rng.choice(known))
        node = self.types.resolve(node)
        kind = node.get("type")
        if node.get("enum") and rng.random() < 0.8:
            return rng.choice(node["enum"])
        if node.get("format") == "int-or-string" or "oneOf" in node:
            return rng.choice([*NUMBERS, *TEXTS])
        if kind == "string":
            return rng.choice(TEXTS) if node.get("format") != "date-time" else rng.choice(["2020-01-01T00:00:00Z", "2021-02-03T04:05:06Z", "x", ""])
        if kind in ("integer", "number"):
            return rng.choice(NUMBERS)
        if kind == "boolean":
            return rng.random() < 0.5
        if kind == "array":
            return [self.value(node.get("items", {}), owner, field + "[]", depth + 1) for _ in range(rng.choice([0, 1, 1, 2]))] if depth < 6 else []
        if kind == "object" or "properties" in node:
            if depth >= 6:
                return {}
            if "properties" not in node:
                more = node.get("additionalProperties")
                return {rng.choice(KEYS): self.value(more, owner, field + "{}", depth + 1) for _ in range(rng.choice([0, 1, 2]))} if more else {"a": 1}
            chosen = [p for p in node["properties"] if p in node.get("required", ()) and rng.random() < 0.9 or rng.random() < 1.5 / len(node["properties"])]
            return {p: self.value(node["properties"][p], node.get("name", ""), p, depth + 1) for p in chosen}
        return copy.deepcopy(rng.choice(WRONG))

    def change(self, obj, schema, within=None):
        """Changes one thing in an object, in place; `within`: only below these fields of the root."""
        rng = self.rng
        nodes = [n for n in self.nodes(obj, schema) if (n[0][0] in within if within else n[0][0] != "metadata" or rng.random() < 0.35)]
        nodes = [n for n in nodes if n[0] not in (("metadata", "name"), ("metadata", "namespace")) or rng.random() < 0.1]
        op = rng.choices(("drop", "add", "value", "boundary", "wrong", "null", "twice", "unknown", "extra", "empty", "key"), (16, 24, 20, 20, 3, 4, 8, 2, 6, 6, 3))[0]
        if op in ("add", "unknown") or not nodes:
            places = [s for s in self.structs(obj, schema) if not within and (not s[0] or s[0][0] != "metadata" or rng.random() < 0.3) or within and s[0] and s[0][0] in within]
            if not places:
                return
            path, place, node = rng.choice(places)
            if op == "unknown":
                place[rng.choice(["bogus", "Bogus", "spec", "x-y"])] = rng.choice(WRONG)
                return
            missing = [p for p in node["properties"] if p not in place and (not within or path or p in within)]
            if missing:
                field = rng.choice(missing)
                place[field] = self.value(node["properties"][field], node.get("name", ""), field)
            return
        path, place, key, node = rng.choice(nodes)
        kind = self.types.resolve(node)
        if op == "drop":
            del place[key]
        elif op == "value":
            owner, field = next(((s[2].get("name", ""), key) for s in self.structs(obj, schema) if s[1] is place), ("", ""))
            place[key] = self.value(node, owner, field)
        elif op == "boundary":
            place[key] = self.boundary(place[key])
        elif op == "wrong":
            place[key] = copy.deepcopy(rng.choice(WRONG))
        elif op == "null":
            place[key] = None
        elif op == "empty":
            place[key] = {dict: {}, list: [], str: "", int: 0, float: 0, bool: False}.get(type(place[key]))
        elif op == "twice":
            lists = [n for n in nodes if isinstance(n[1], list)]
            if lists:
                _, items, i, _ = rng.choice(lists)
                copied = copy.deepcopy(items[i])
                if isinstance(copied, dict) and copied and rng.random() < 0.4:
                    k = rng.choice(sorted(copied))
                    copied[k] = self.boundary(copied[k])
                items.insert(rng.randrange(len(items) + 1), copied)
        elif op == "extra":
            lists = [n for n in nodes if isinstance(n[1][n[2]], list)] or [n for n in nodes if isinstance(n[1][n[2]], dict)]
            if lists:
                _, p, k, n = rng.choice(lists)
                n = self.types.resolve(n)
                if isinstance(p[k], list):
                    p[k].append(self.value(n.get("items", {}), n.get("name", ""), "[]"))
                elif n.get("additionalProperties"):
                    p[k][rng.choice(KEYS)] = self.value(n["additionalProperties"], "", "")
        elif op == "key":
            maps = [n for n in nodes if isinstance(n[1], dict) and len(n[0]) > 1]
            if maps:
                _, p, k, _ = rng.choice(maps)
                p[rng.choice(KEYS)] = p.pop(k)
        del kind

    def boundary(self, value):
        rng = self.rng
        if isinstance(value, bool):
            return not value
        if isinstance(value, (int, float)):
            return rng.choice([*NUMBERS, value + 1, value - 1, -value])
        if isinstance(value, str):
            return rng.choice([*TEXTS, value.upper(), value + value, value[:-1], " " + value, value + "/", value.replace(".", "_"), "x" + value, value + "x" * 250])
        if isinstance(value, list) and value:
            return rng.choice([value[:-1], value[1:], list(reversed(value)), value + value])
        return rng.choice([[], {}, None]) if not isinstance(value, dict) else {}

    def changed(self, obj, schema, times, within=None):
        out = copy.deepcopy(obj)
        for _ in range(times):
            self.change(out, schema, within)
        return out

    # ---------------------------------------------------------------- patches

    def merge_patch(self, old, new):
        out = {}
        for k in old:
            if k not in new:
                out[k] = None
            elif old[k] != new[k]:
                out[k] = self.merge_patch(old[k], new[k]) if isinstance(old[k], dict) and isinstance(new[k], dict) else new[k]
        out.update({k: v for k, v in new.items() if k not in old})
        return out

    def json_patch(self, old, new, path=""):
        step = lambda k: path + "/" + str(k).replace("~", "~0").replace("/", "~1")
        out = []
        if isinstance(old, dict) and isinstance(new, dict):
            out += [{"op": "remove", "path": step(k)} for k in old if k not in new]
            for k, v in new.items():
                if k not in old:
                    out.append({"op": "add", "path": step(k), "value": v})
                elif old[k] != v:
                    out += self.json_patch(old[k], v, step(k))
        elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            for i, (a, b) in enumerate(zip(old, new)):
                if a != b:
                    out += self.json_patch(a, b, step(i))
        elif old != new:
            out.append({"op": "replace", "path": path, "value": new})
        return out

    def json_patch_noise(self, obj, schema, ops):
        """Now and then operations beside the ones that are needed, right ones and wrong ones."""
        rng, paths = self.rng, ["/" + "/".join(str(k).replace("~", "~0").replace("/", "~1") for k in n[0]) for n in self.nodes(obj, schema)]
        if not paths or rng.random() < 0.5:
            return ops
        path, other = rng.choice(paths), rng.choice(paths)
        extra = rng.choice([{"op": "test", "path": path, "value": rng.choice(WRONG)}, {"op": "remove", "path": path}, {"op": "move", "from": other, "path": path},
                            {"op": "copy", "from": other, "path": path}, {"op": "copy", "from": other, "path": path + "x"}, {"op": "replace", "path": path + "/x", "value": 1},
                            {"op": "add", "path": path.rpartition("/")[0] + "/-", "value": "a"}, {"op": "bogus", "path": path}, {"op": "remove", "path": path + "/9"},
                            {"op": "add", "path": path}, {"path": path}, {"op": "remove"}, {"op": "add", "path": path + "/~2", "value": 1}])
        out = list(ops)
        out.insert(rng.randrange(len(out) + 1), extra)
        return out

    def strategic_patch(self, old, new, node):
        """The difference with lists merged by key where the type says so, and some directives."""
        rng, node, out = self.rng, self.types.resolve(node), {}
        for k in old:
            if k not in new:
                out[k] = None
        for k, v in new.items():
            if k in old and old[k] == v:
                continue
            field = self.types.field(node, k)
            flat = {**self.types.resolve(field), **field}
            key = flat.get("x-kubernetes-patch-merge-key")
            if isinstance(v, dict) and isinstance(old.get(k), dict):
                out[k] = self.strategic_patch(old[k], v, field)
            elif isinstance(v, list) and isinstance(old.get(k), list) and key and all(isinstance(x, dict) and key in x for x in v + old[k]):
                before = {json.dumps(x[key]): x for x in old[k]}
                items = [x if json.dumps(x[key]) not in before else {**self.strategic_patch(before[json.dumps(x[key])], x, flat.get("items", {})), key: x[key]}
                         for x in v if before.get(json.dumps(x[key])) != x]
                kept = {json.dumps(x[key]) for x in v}
                items += [{"$patch": "delete", key: x[key]} for x in old[k] if json.dumps(x[key]) not in kept]
                out[k] = items
                if rng.random() < 0.4:
                    out["$setElementOrder/" + k] = [{key: x[key]} for x in v]
            elif isinstance(v, list) and isinstance(old.get(k), list) and flat.get("x-kubernetes-patch-strategy") == "merge":
                out[k] = [x for x in v if x not in old[k]]
                out["$deleteFromPrimitiveList/" + k] = [x for x in old[k] if x not in v]
            else:
                out[k] = v
        if rng.random() < 0.06:
            out["$patch"] = rng.choice(["replace", "merge", "delete", "bogus"])
        if rng.random() < 0.03:
            out["$retainKeys"] = rng.sample(sorted(out), min(len(out), 2)) + rng.sample(sorted(old), min(len(old), 2))
        return out
