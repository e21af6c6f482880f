#!/usr/bin/env python3
"""Puts Thyra and a real kube-apiserver on one etcd, and lets each read and watch what the other wrote.

  interchange.py --peer BIN [--only REGEX] [--diff] [--thyra FILE]

BIN is a directory with kube-apiserver and etcd (../shared/peer/build.sh makes it); etcd and both servers are started on free ports
with the flags of the recordings' prepare.sh, and stopped. Every resource that can be created is written and read both ways:

  written  a valid object is created by one server and read by the other, changed by that one and read by the first, deleted by the
           first and looked for by the second; both have a watch open on the resource and must tell the same
  stored   every object with all fields filled (../shared/fixtures) is put into etcd as the real server stores it, and read by both

What is read is compared byte by byte, as JSON and as protobuf, in every version that is served: the stored bytes are the same, so the
answers must be. `--only` chooses resources, a regex on `group/version/plural`; --diff prints both answers. Ends with 1 when there was
a difference, with 77 when there is no peer. Only the Python standard library is used.
"""
import argparse, base64, copy, difflib, http.client, json, os, pathlib, re, ssl, sys, threading, time, urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "differential"))
import differential, schema  # noqa: E402

PROTOBUF = "application/vnd.kubernetes.protobuf"
NAMES = ("peer", "thyra")
# These change what the servers themselves do, or would be refused for want of what they are about.
OTHERS_ALIVE = {"validatingwebhookconfigurations", "mutatingwebhookconfigurations", "apiservices", "servicecidrs"}


class Servers(differential.Servers):
    """etcd, the peer, and Thyra on it."""

    def __init__(self, shared, binaries, thyra, extra):
        super().__init__(shared, binaries, thyra, extra, one_etcd=True)

    def keys(self, method, **request):
        """A call of etcd's JSON gateway."""
        c = http.client.HTTPConnection("127.0.0.1", self.etcd, timeout=30)
        coded = {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in request.items()}
        c.request("POST", f"/v3/kv/{method}", json.dumps(coded))
        return json.loads(c.getresponse().read())

    def key_of(self, name):
        """The key whose last part is a name."""
        found = self.keys("range", key=b"/registry/", range_end=b"/registry0", keys_only=True).get("kvs", [])
        for kv in found:
            key = base64.b64decode(kv["key"]).decode()
            if key.endswith("/" + name):
                return key
        return None


class Api:
    def __init__(self, port):
        self.port, self.http = port, None

    def ask(self, method, path, body=None, accept="application/json", content="application/json"):
        for attempt in (0, 1):
            try:
                if self.http is None:
                    self.http = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=ssl._create_unverified_context())
                headers = {"Authorization": "Bearer token-admin", "Accept": accept}
                if body is not None:
                    headers["Content-Type"] = content
                self.http.request(method, path, json.dumps(body, separators=(",", ":")) if body is not None else None, headers)
                response = self.http.getresponse()
                return response.status, response.read()
            except (http.client.HTTPException, ConnectionError):
                self.http = None
                if attempt:
                    raise


class Watch:
    """The events of a resource as one server tells them, by object name."""

    def __init__(self, port, path, version):
        self.events, self.http = [], http.client.HTTPSConnection("127.0.0.1", port, timeout=120, context=ssl._create_unverified_context())
        self.http.request("GET", f"{path}?watch=1&resourceVersion={version}", headers={"Authorization": "Bearer token-admin"})
        self.response = self.http.getresponse()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            for line in self.response:
                self.events.append(json.loads(line))
        except (OSError, ValueError, http.client.HTTPException, AttributeError):
            pass

    def of(self, name):
        return [(e["type"], e["object"]) for e in list(self.events) if e["object"].get("metadata", {}).get("name") == name]

    def close(self):
        try:
            self.http.sock.close()
        except (OSError, AttributeError):
            pass


class Run:
    def __init__(self, servers, arguments):
        self.servers, self.arguments = servers, arguments
        self.apis = [Api(p) for p in servers.ports]
        self.matched, self.failed = {"written": 0, "stored": 0}, []
        get = lambda path: json.loads(self.apis[0].ask("GET", path)[1])  # noqa: E731
        self.served = [r for r in schema.resources(get) if r.plural not in differential.NOT_OBJECTS and "get" in r.verbs]
        self.resources = [r for r in self.served if not arguments.only or re.search(arguments.only, f"{r.group}/{r.version}/{r.plural}")]
        self.valid, _ = schema.seeds(arguments.shared)
        self.prefixes = {}
        self.apis[0].ask("POST", "/api/v1/namespaces", {"metadata": {"name": "inter"}})
        # No controller makes what pods need.
        self.apis[0].ask("POST", "/api/v1/namespaces/inter/serviceaccounts", {"metadata": {"name": "default"}})

    def tell(self, what, resource, text):
        name = f"{resource.group}/{resource.version}/{resource.plural}"
        self.failed.append(f"{what} {name}: {text}")
        print(f"DIFFERS {what} {name}: {text}")

    def differ(self, path, versions=("",)):
        """Reads a path from both; what differs, or empty."""
        for accept in ("application/json", PROTOBUF, "application/json;as=Table;v=v1;g=meta.k8s.io"):
            answers = [api.ask("GET", path, accept=accept) for api in self.apis]
            if answers[0] != answers[1] and not ("Table" in accept and self.same_rows(*answers)):
                return f"{path} as {accept}: " + self.show(*answers)
        return ""

    @staticmethod
    def same_rows(a, b):
        """Ages are told at the time of asking."""
        strip = lambda answer: re.sub(rb'"(\d+[smhdy])+"', b'"AGE"', answer[1])  # noqa: E731
        return a[0] == b[0] and strip(a) == strip(b)

    def show(self, a, b):
        if a[0] != b[0]:
            return f"{a[0]} {a[1][:300]!r} and {b[0]} {b[1][:300]!r}"
        try:
            texts = [json.dumps(json.loads(x[1]), indent=1).split("\n") for x in (a, b)]
        except ValueError:
            at = next((i for i, (x, y) in enumerate(zip(a[1], b[1])) if x != y), min(len(a[1]), len(b[1])))
            return f"{len(a[1])} and {len(b[1])} bytes, from byte {at} on: {a[1][max(0, at - 24):at + 24]!r} and {b[1][max(0, at - 24):at + 24]!r}"
        lines = [l for l in difflib.unified_diff(*texts, *NAMES, n=1, lineterm="")][2:]
        return "\n  " + "\n  ".join(lines if self.arguments.diff else lines[:8]) if lines else f"the same fields in another order: {a[1][:200]!r} and {b[1][:200]!r}"

    # ---------------------------------------------------------------- written by one, read by the other

    def seed(self, resource):
        """Valid objects to try, of this version first."""
        others = [o for (v, k), objects in self.valid.items() if k == resource.kind and v and v.rpartition("/")[0] == resource.group for o in objects]
        return (self.valid.get((resource.api_version, resource.kind)) or []) + others

    def body(self, resource, seed, name):
        obj = copy.deepcopy(seed)
        obj.update(apiVersion=resource.api_version, kind=resource.kind)
        meta = {k: v for k, v in (obj.get("metadata") or {}).items() if k in ("labels", "annotations")}
        if resource.plural == "apiservices":
            name = f"{obj['spec'].get('version')}.{obj['spec'].get('group')}"
        if resource.plural == "customresourcedefinitions":
            name = f"{obj['spec']['names']['plural']}.{obj['spec']['group']}"
        if resource.plural == "clustertrustbundles" and obj["spec"].get("signerName"):
            name = obj["spec"]["signerName"].replace("/", ":") + ":" + name
        obj["metadata"] = {**meta, "name": name}
        if resource.namespaced:
            obj["metadata"]["namespace"] = "inter"
        for about in ("involvedObject", "regarding"):
            if isinstance(obj.get(about), dict):
                obj[about]["namespace"] = "inter"
        return obj

    def written(self, resource, writer, number):
        reader = 1 - writer
        way = f"{NAMES[writer]} -> {NAMES[reader]}"
        collection = resource.path("inter")
        name = f"10.98.{writer}.{number}" if resource.plural == "ipaddresses" else f"x{number}{'pt'[writer]}"
        lists = [json.loads(api.ask("GET", collection + "?limit=1")[1]) for api in self.apis]
        version = lists[0].get("metadata", {}).get("resourceVersion", "0")
        watches = [Watch(p, collection, version) for p in self.servers.ports] if "watch" in resource.verbs else []
        try:
            status, answer = 0, b"no valid object is known"
            for seed in self.seed(resource)[:40]:
                try:
                    body = self.body(resource, seed, name)
                except (KeyError, TypeError):
                    continue
                status, answer = self.apis[writer].ask("POST", collection, body)
                if status == 201:
                    break
            if status != 201:
                return f"{way}: was not created: {status} {answer[:300]!r}"
            made = json.loads(answer)
            name = made["metadata"]["name"]
            if key := self.servers.key_of(name):
                self.prefixes[resource.group, resource.plural] = key.removesuffix("/" + name).removesuffix("/inter" if resource.namespaced else "")
            path = resource.path("inter", urllib.parse.quote(name, safe=":@"))
            paths = [r.path("inter", urllib.parse.quote(name, safe=":@")) for r in self.served if (r.group, r.plural) == (resource.group, resource.plural)]
            for p in paths:
                if differs := self.differ(p):
                    return f"{way}, created: {differs}"
            if "update" in resource.verbs:
                current = json.loads(self.apis[reader].ask("GET", path)[1])
                current["metadata"].setdefault("labels", {})["changed-by"] = NAMES[reader]
                status, answer = self.apis[reader].ask("PUT", path, current)
                if status != 200:
                    return f"{way}: was not updated by the reader: {status} {answer[:300]!r}"
                for p in paths:
                    if differs := self.differ(p):
                        return f"{way}, updated: {differs}"
            status, answer = self.apis[writer].ask("DELETE", path + "?gracePeriodSeconds=0")
            if status not in (200, 202):
                return f"{way}: was not deleted: {status} {answer[:300]!r}"
            if differs := self.differ(path):
                return f"{way}, deleted: {differs}"
            if json.loads(self.apis[writer].ask("GET", path)[1]).get("metadata", {}).get("finalizers"):
                self.apis[writer].ask("PATCH", path, {"metadata": {"finalizers": None}}, content="application/merge-patch+json")
                if differs := self.differ(path):
                    return f"{way}, finalized: {differs}"
            if resource.plural == "namespaces":
                gone = json.loads(self.apis[writer].ask("GET", path)[1])
                gone["spec"]["finalizers"] = []
                self.apis[reader].ask("PUT", path + "/finalize", gone)
                if differs := self.differ(path):
                    return f"{way}, finalized: {differs}"
            return self.told(watches, name, way)
        finally:
            for w in watches:
                w.close()

    @staticmethod
    def told(watches, name, way):
        end, events = time.time() + 5, [[], []]
        while watches and time.time() < end:
            events = [w.of(name) for w in watches]
            if events[0] == events[1] and events[0] and events[0][-1][0] == "DELETED":
                return ""
            time.sleep(0.02)
        if not watches:
            return ""
        at = next((i for i, (a, b) in enumerate(zip(*events)) if a != b), min(map(len, events)))
        return f"{way}: the watches tell otherwise from event {at} on: {[e[0] for e in events[0]]} and {[e[0] for e in events[1]]}" + (
            f"\n  {json.dumps(events[0][at])[:600]}\n  {json.dumps(events[1][at])[:600]}" if at < min(map(len, events)) else "")

    # ---------------------------------------------------------------- stored by nobody

    def stored(self, fixture):
        group, version, kind = re.fullmatch(r"(.*)\.(v[0-9a-z]+)\.([A-Za-z]+)", fixture.stem).groups()
        group = "" if group == "core" else group
        resource = next((r for r in self.resources if (r.group, r.version, r.kind) == (group, version, kind)), None)
        prefix = resource and self.prefixes.get((group, resource.plural))
        if not prefix:
            return
        document = json.loads(fixture.with_suffix(".json").read_text())
        name, namespace = document["metadata"]["name"], document["metadata"].get("namespace", "") if resource.namespaced else ""
        key = prefix + (f"/{namespace}" if namespace else "") + f"/{name}"
        self.servers.keys("put", key=key.encode(), value=fixture.with_suffix(".pb").read_bytes())
        try:
            for r in self.served:
                if (r.group, r.plural) == (group, resource.plural):
                    differs = self.differ(r.path(namespace, name)) or self.differ(r.path(namespace))
                    if differs:
                        return self.tell("stored", resource, differs)
            self.matched["stored"] += 1
        finally:
            self.servers.keys("deleterange", key=key.encode())

    def all(self):
        for number, resource in enumerate(self.resources):
            if resource.plural in OTHERS_ALIVE and not self.arguments.only:
                continue
            for writer in (0, 1):
                differs = self.written(resource, writer, number)
                if differs:
                    self.tell("written", resource, differs)
                else:
                    self.matched["written"] += 1
        for fixture in sorted((self.arguments.shared / "fixtures" / "api-objects").glob("*.pb")):
            self.stored(fixture)
        total = {what: self.matched[what] + sum(f.startswith(what) for f in self.failed) for what in self.matched}
        print(f"written {self.matched['written']} of {total['written']}, stored {self.matched['stored']} of {total['stored']} match")
        return 1 if self.failed else 0


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--peer", required=True)
    ap.add_argument("--only")
    ap.add_argument("--diff", action="store_true")
    ap.add_argument("--thyra", default=str(ROOT / "thyra"))
    ap.add_argument("--api-all", action="store_true", help="serve alpha and beta versions as well")
    a = ap.parse_args()
    a.shared = next((pathlib.Path(p) for p in (os.environ.get("THYRA_SHARED"), ROOT.parent / "shared") if p and (pathlib.Path(p) / "peer" / "start.sh").exists()), None)
    if not a.shared or not (pathlib.Path(a.peer) / "kube-apiserver").exists():
        print("interchange: skipped, there is no peer")
        return 77
    servers = Servers(a.shared, a.peer, a.thyra, ["--runtime-config=api/all=true"] if a.api_all else [])
    try:
        return Run(servers, a).all()
    finally:
        servers.stop()


if __name__ == "__main__":
    sys.exit(main())
