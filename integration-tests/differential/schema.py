"""What the server says about its kinds: resources from discovery, types from OpenAPI v3, and objects to start from."""
import collections, copy, json, pathlib, re

HERE = pathlib.Path(__file__).resolve().parent
SECTIONS = ("v1/", "apis/")


class Resource:
    """A resource that can be created, with its subresources."""

    def __init__(self, group, version, entry):
        self.group, self.version, self.plural, self.kind = group, version, entry["name"], entry["kind"]
        self.namespaced, self.verbs, self.parts = entry["namespaced"], set(entry["verbs"]), {}

    @property
    def api_version(self):
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, namespace, name="", part=""):
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        place = f"/namespaces/{namespace}" if self.namespaced else ""
        return root + place + "/" + self.plural + (f"/{name}" if name else "") + (f"/{part}" if part else "")


def resources(get):
    """Every resource of the server that has the verb create; `get` answers a path with JSON."""
    found = {}
    versions = [("", v) for v in get("/api")["versions"]]
    versions += [(g["name"], v["version"]) for g in get("/apis")["groups"] for v in g["versions"]]
    for group, version in versions:
        entries = get(f"/apis/{group}/{version}" if group else f"/api/{version}")["resources"]
        for e in entries:
            if "/" not in e["name"]:
                found[group, version, e["name"]] = Resource(group, version, e)
        for e in entries:
            whole, _, part = e["name"].partition("/")
            if part and (group, version, whole) in found:
                found[group, version, whole].parts[part] = e
    return [r for r in found.values() if "create" in r.verbs]


class Types:
    """The types of OpenAPI v3, resolved; and for every field of a type the values that occur in the starting objects."""

    def __init__(self, get):
        self.definitions, self.kinds = {}, {}
        for path in get("/openapi/v3")["paths"]:
            if not re.fullmatch(r"api/v1|apis/[^/]+/[^/]+", path):
                continue
            for name, d in get("/openapi/v3/" + path).get("components", {}).get("schemas", {}).items():
                self.definitions[name] = d
                for gvk in d.get("x-kubernetes-group-version-kind", ()):
                    self.kinds.setdefault((gvk["group"], gvk["version"], gvk["kind"]), name)
        self.values = collections.defaultdict(list)

    def of(self, api_version, kind):
        group, _, version = api_version.rpartition("/")
        name = self.kinds.get((group, version, kind))
        return {"$ref": "#/components/schemas/" + name} if name else {}

    def resolve(self, node):
        """The type behind references, with its name as `name`."""
        while True:
            ref = node.get("$ref") or next((x["$ref"] for x in node.get("allOf", ()) if "$ref" in x), None)
            if not ref:
                return node
            name = ref.rsplit("/", 1)[1]
            node = {"name": name, **self.definitions.get(name, {})}

    def field(self, node, name):
        node = self.resolve(node)
        return node.get("properties", {}).get(name) or node.get("additionalProperties") or {}

    def learn(self, node, value):
        """Remembers which values the fields of an object have."""
        node = self.resolve(node)
        if isinstance(value, dict):
            for k, v in value.items():
                kept = self.values[node.get("name", ""), k]
                if "name" in node and k in node.get("properties", {}) and v not in kept and len(kept) < 40:
                    kept.append(v)
                self.learn(self.field(node, k), v)
        elif isinstance(value, list):
            for v in value:
                self.learn(node.get("items", {}), v)


def seeds(shared):
    """Valid objects and such with every field filled, by (apiVersion, kind)."""
    valid, full = collections.defaultdict(list), collections.defaultdict(list)

    def keep(store, body):
        key = body.get("apiVersion"), body.get("kind")
        if body not in store[key] and "<" not in json.dumps(body) and len(json.dumps(body)) < 20000:
            store[key].append(body)

    for body in json.loads((HERE / "seeds.json").read_text()):
        keep(valid, body)
    for file in sorted((shared / "fixtures" / "api-objects").glob("*.json")):
        keep(full, json.loads(file.read_text()))
    for file in sorted((shared / "oracle" / "golden").glob("*/*.json")):
        for step in json.loads(file.read_text())["steps"]:
            request, response = step.get("request", {}), step.get("response", {})
            if request.get("method") == "POST" and response.get("status") == 201 and isinstance(request.get("body"), dict):
                keep(valid, copy.deepcopy(request["body"]))
    return valid, full
