#!/usr/bin/env python3
"""Sends the same seeded writes to a real kube-apiserver and to Thyra, and tells where their answers differ.

  differential.py --peer BIN [--writes N] [--seed S] [--case N] [--only REGEX] [--threads N] [--report FILE] [--api-all] [--thyra FILE]

BIN is a directory with kube-apiserver and etcd (../shared/peer/build.sh makes it); both servers are started on free ports with the
flags of the recordings' prepare.sh and empty stores, and stopped. A case is one object: created (or applied), then updated, patched,
applied, its status and subresources written, in the end deleted; what is sent follows from the seed and the number of the case, and
the first difference ends a case. Compared are the HTTP code, the warnings, a Status but for its metadata, and the object, with uids,
versions, times, and generated names and addresses made equal. Each cause is told once, with the cases that show it; `--case N` plays
one of them alone and prints its requests and both answers. `--only` chooses resources: a regex on `group/version/plural`.
What differs for a known reason that stays (explained.py) is counted, not told. Ends with 1 when another difference is left, with 77 when there is no peer. Only the Python standard library is used.
"""
import argparse, collections, copy, http.client, json, os, pathlib, queue, random, re, shutil, signal, socket, ssl, subprocess, sys, tempfile, threading, time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))
import compare, explained, mutate, schema  # noqa: E402

NAMESPACES = 8
# What a stray object of these kinds would do to every other write: they are only tried.
ONLY_DRY = {"validatingwebhookconfigurations", "mutatingwebhookconfigurations", "validatingadmissionpolicybindings", "mutatingadmissionpolicybindings",
            "validatingadmissionpolicies", "mutatingadmissionpolicies", "apiservices", "customresourcedefinitions", "servicecidrs", "flowschemas", "prioritylevelconfigurations", "priorityclasses"}
# These share allocators or count what others make: one case at a time.
ALONE = {"services", "ipaddresses", "resourcequotas", "limitranges", "priorityclasses", "storageclasses", "ingressclasses", "endpoints"}
NOT_OBJECTS = {"tokenreviews", "subjectaccessreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews", "localsubjectaccessreviews", "selfsubjectreviews", "bindings"}
WEIGHTS = {"pods": 8, "services": 3, "deployments": 2, "statefulsets": 2, "jobs": 2, "cronjobs": 2, "nodes": 2, "persistentvolumes": 2, "persistentvolumeclaims": 2,
           "ingresses": 2, "networkpolicies": 2, "horizontalpodautoscalers": 3, "resourceclaims": 2, "resourceslices": 2}
PATCHES = {"merge": "application/merge-patch+json", "json": "application/json-patch+json", "strategic": "application/strategic-merge-patch+json"}


def free_ports():
    """A port whose two successors are free as well."""
    while True:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        try:
            for p in (port + 1, port + 2):
                with socket.socket() as s:
                    s.bind(("127.0.0.1", p))
            return port
        except OSError:
            continue


class Servers:
    """The peer and Thyra as processes of this run, each with a store of its own unless they share the peer's etcd."""

    def __init__(self, shared, binaries, thyra, extra, one_etcd=False):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="thyra-beside-peer-"))
        self.ports = [free_ports(), free_ports()]
        peer = self.dir / "peer"
        subprocess.run(["bash", str(shared / "peer" / "start.sh"), binaries, str(peer), *extra], check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PORT": str(self.ports[0])})
        self.pids = [int(p) for p in (peer / "pids").read_text().split(",")]
        flags = subprocess.run(["bash", str(shared / "oracle" / "prepare.sh"), str(self.dir / "pki")], env={**os.environ, "PORT": str(self.ports[1])}, check=True, capture_output=True, text=True).stdout.split("\n")
        self.etcd = self.ports[0] + 1
        store = [f"--data-dir={self.dir / 'data'}", *([f"--etcd-servers=http://127.0.0.1:{self.etcd}"] if one_etcd else [])]
        self.log = open(self.dir / "thyra.log", "wb")
        self.thyra = subprocess.Popen([thyra, *[f for f in flags if f], *extra, *store, "--controllers=none"], stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)
        end = time.time() + 300
        while time.time() < end:
            try:
                if Connection(self.ports[1]).ask("GET", "/readyz", None, {})[0] == 200:
                    return
            except OSError:
                pass
            if self.thyra.poll() is not None:
                break
            time.sleep(0.3)
        print((self.dir / "thyra.log").read_text(errors="replace")[-3000:])
        self.stop()
        sys.exit("Thyra did not become ready")

    def stop(self):
        if self.thyra.poll() is None:  # first, since it may be on the peer's etcd
            os.killpg(self.thyra.pid, signal.SIGTERM)
            try:
                self.thyra.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.thyra.pid, signal.SIGKILL)
        for pid in self.pids:
            try:  # a kube-apiserver whose etcd goes away does not end when it is asked to
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)


class Connection:
    def __init__(self, port):
        self.port, self.context, self.http = port, ssl._create_unverified_context(), None

    def send(self, method, path, body, headers):
        if self.http is None:
            self.http = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=self.context)
        self.http.request(method, path, body, {"Authorization": "Bearer token-admin", "Accept": "application/json", **headers})

    def receive(self):
        response = self.http.getresponse()
        data = response.read()
        if response.will_close:
            self.close()
        try:
            body = json.loads(data)
        except ValueError:
            body = data.decode(errors="replace")
        return response.status, response.headers.get_all("Warning") or [], body

    def ask(self, *request):
        for attempt in (0, 1):
            try:
                self.send(*request)
                return self.receive()
            except (http.client.HTTPException, ConnectionError):
                self.close()
                if attempt:
                    raise

    def close(self):
        if self.http:
            self.http.close()
        self.http = None


class Both:
    """One connection to each server; a request goes to both at once."""

    def __init__(self, ports):
        self.connections = [Connection(p) for p in ports]

    def ask(self, method, path, bodies, headers):
        for c, b in zip(self.connections, bodies):
            try:
                c.send(method, path, b, headers)
            except (http.client.HTTPException, OSError):
                c.close()
                c.send(method, path, b, headers)
        answers = []
        for c, b in zip(self.connections, bodies):
            try:
                answers.append(c.receive())
            except (http.client.HTTPException, OSError) as e:
                c.close()
                answers.append((0, [], f"connection lost: {type(e).__name__}"))
        return answers


class Case:
    """One object and everything that is sent for it."""

    def __init__(self, run, number, both, verbose=False):
        self.run, self.number, self.both, self.verbose = run, number, both, verbose
        self.rng = random.Random(f"{run.seed}/{number}")
        self.mutator = mutate.Mutator(run.types, self.rng)
        self.tokens = [compare.Tokens(), compare.Tokens()]
        self.resource = self.rng.choices(run.resources, run.weights)[0]
        self.namespace = f"diff-{number % NAMESPACES}"
        self.current, self.writes, self.difference = None, 0, None
        self.dry = self.resource.plural in ONLY_DRY

    # ---------------------------------------------------------------- objects

    def start(self, valid_only=False):
        r, rng = self.resource, self.rng
        key = (r.api_version, r.kind)
        valid, full = self.run.valid.get(key) or self.neighbours(), self.run.full.get(key, [])
        obj = copy.deepcopy(rng.choice(valid if valid and (valid_only or not full or rng.random() < 0.9) else full or [{}]))
        obj.update(apiVersion=r.api_version, kind=r.kind)
        meta = obj["metadata"] = {k: v for k, v in (obj.get("metadata") or {}).items() if k in ("labels", "annotations", "finalizers", "ownerReferences") and (k != "finalizers" or rng.random() < 0.3)}
        meta["name"] = self.name(obj)
        if r.namespaced:
            meta["namespace"] = self.namespace
        return obj

    def neighbours(self):
        r = self.resource
        return [o for (v, k), objects in self.run.valid.items() if k == r.kind and v.rpartition("/")[0] == r.group for o in objects]

    def name(self, obj):
        r, n = self.resource, self.number
        if r.plural == "ipaddresses":
            return f"10.97.{n // 250 % 250}.{n % 250}"
        if r.plural == "customresourcedefinitions":
            return f"{((obj.get('spec') or {}).get('names') or {}).get('plural')}.{(obj.get('spec') or {}).get('group')}"
        if r.plural == "apiservices":
            return f"{(obj.get('spec') or {}).get('version')}.{(obj.get('spec') or {}).get('group')}"
        if r.plural == "clustertrustbundles" and (obj.get("spec") or {}).get("signerName"):
            return obj["spec"]["signerName"].replace("/", ":") + f":x{n}"
        return f"x{n}"

    # ---------------------------------------------------------------- sending

    def send(self, what, method, path, body, content="application/json", **query):
        """Sends to both and compares; the normalised answer of the peer, or None after a difference."""
        query = {k: v for k, v in query.items() if v}
        if self.dry and method != "GET":
            query["dryRun"] = "All"
        if query:
            path += "?" + urllib.parse.urlencode(query)
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False) if body is not None else None
        bodies = [t.filled(text).encode("utf-8", "surrogatepass") if text is not None else None for t in self.tokens]
        answers = self.both.ask(method, path, bodies, {"Content-Type": content} if text is not None else {})
        self.writes += method != "GET"
        plain = [compare.Answer(t, *a) for t, a in zip(self.tokens, answers)]
        if self.verbose:
            print(f"\n--- {what}: {method} {path} ({content})\n{text}\npeer  {json.dumps(plain[0].plain())}\nthyra {json.dumps(plain[1].plain())}")
        differences = compare.differences(plain[0], plain[1])
        if differences and (plain[0].status >= 400 or self.resource.plural in NOT_OBJECTS) and method != "GET" and self.unstable(method, path, bodies[0], content, plain[0]):
            self.run.count_unstable()
            differences = []
        if differences:
            self.difference = differences
            why = explained.explain(self.resource, differences, *plain)
            if why:
                self.run.count_explained(why)
            else:
                self.run.tell(self, what, differences, (method, path, content, text), plain)
            return None
        return plain[0]

    def unstable(self, method, path, body, content, answer):
        """Whether the peer itself answers otherwise when asked again, as where it walks over a Go map."""
        for _ in range(4):
            again = self.both.connections[0].ask(method, path, body, {"Content-Type": content} if body is not None else {})
            if compare.differences(answer, compare.Answer(self.tokens[0], *again)):
                return True
        return False

    def options(self, apply=False):
        rng = self.rng
        manager = rng.choice(["one", "two", "three"]) if apply else rng.choice(["one", "two"]) if rng.random() < 0.2 else ""
        if rng.random() < 0.02:
            manager = rng.choice(["x" * 129, "a\u0007b", ""])
        return {"fieldManager": manager, "fieldValidation": rng.choices(["", "Strict", "Ignore", "Warn", "bogus"], (40, 30, 15, 14, 1))[0],
                "dryRun": rng.choices(["", "All", "bogus"], (93, 6, 1))[0]}

    def keep(self, answer, options):
        """The object as it is stored now."""
        if answer and answer.status in (200, 201) and isinstance(answer.body, dict) and answer.body.get("kind") == self.resource.kind and not options.get("dryRun") and not self.dry:
            self.current = answer.body

    def content(self):
        return "application/yaml" if self.rng.random() < 0.04 else "application/json"

    def play(self):
        r, rng = self.resource, self.rng
        schema_node = self.run.types.of(r.api_version, r.kind)
        times = rng.choices((0, 1, 2, 3, 5), (15, 40, 25, 12, 8))[0]
        body = self.mutator.changed(self.start(), schema_node, times)
        options = self.options()
        if r.plural in NOT_OBJECTS:
            self.send("create", "POST", r.path(self.namespace), body, self.content(), **options)
            return
        applies = rng.random() < 0.15 and isinstance(body.get("metadata"), dict) and "patch" in r.verbs
        answer = self.apply(body, first=True) if applies else self.send("create", "POST", r.path(self.namespace), body, self.content(), **options)
        if not applies:
            self.keep(answer, options)
        if self.difference:
            return self.clean()
        if self.current is None and not self.dry:
            body = self.start(valid_only=True)
            self.keep(self.send("create", "POST", r.path(self.namespace), body), {})
        if self.current is None and self.dry and answer and answer.status == 201 and r.plural in ("validatingwebhookconfigurations",):
            return None
        for _ in range(rng.choice((1, 2, 3, 4)) if self.current else 0):
            self.follow(schema_node)
            if self.difference:
                break
        return self.clean()

    def clean(self):
        # Not part of the comparison unless everything was equal so far: a difference may have left only one of the objects.
        r = self.resource
        if self.dry:
            return
        name = (self.current or {}).get("metadata", {}).get("name") or f"x{self.number}"
        path = r.path(self.namespace, urllib.parse.quote(str(name), safe=":@"))
        if self.current and not self.difference:
            body = self.rng.choice([None, {"gracePeriodSeconds": 0}, {"preconditions": {"uid": "@uid@"}, "gracePeriodSeconds": 0}, {"preconditions": {"resourceVersion": "1"}},
                                    {"propagationPolicy": self.rng.choice(["Orphan", "Foreground", "Background", "bogus"])}, {"dryRun": ["All"]}, {"gracePeriodSeconds": -1},
                                    {"orphanDependents": True, "propagationPolicy": "Orphan"}])
            self.send("delete", "DELETE", path, body)
        for c in self.both.connections:
            status, _, _ = c.ask("DELETE", path + "?gracePeriodSeconds=0", None, {})
            if status == 200:
                c.ask("PATCH", path, b'{"metadata":{"finalizers":null}}', {"Content-Type": PATCHES["merge"]})

    def follow(self, node):
        r, rng = self.resource, self.rng
        ways = [("update", 26), ("merge", 10), ("json", 9), ("strategic", 14), ("apply", 16)]
        if "status" in r.parts:
            ways += [("update status", 9), ("patch status", 5), ("apply status", 4)]
        ways += [(p, 7) for p in r.parts if p in ("scale", "eviction", "binding", "resize", "ephemeralcontainers", "token", "approval", "finalize")]
        way = rng.choices([w for w, _ in ways], [n for _, n in ways])[0]
        if "patch" not in r.verbs or "update" not in r.verbs:
            return
        name = self.current["metadata"]["name"]
        options, part = self.options(), way.split()[1] if " " in way else ""
        path = r.path(self.namespace, urllib.parse.quote(name, safe=":@"), part)
        within = {"status"} if part else None
        if way.endswith("apply") or way.startswith("apply"):
            body = self.subset(self.mutator.changed(self.start() if rng.random() < 0.4 else self.current, node, rng.choice((0, 1, 2))), part)
            body.setdefault("metadata", {})
            if isinstance(body["metadata"], dict):
                body["metadata"]["name"] = name
            self.apply(body, part=part)
        elif way in ("update", "update status"):
            body = self.mutator.changed(self.current, node, rng.choice((0, 1, 1, 2, 3)), within)
            if isinstance(body.get("metadata"), dict):
                if rng.random() < 0.5:
                    body["metadata"].pop("resourceVersion", None)
                if rng.random() < 0.5:
                    body["metadata"].pop("managedFields", None)
            answer = self.send(way, "PUT", path, body, self.content(), **options)
            self.keep(answer, options)
        elif way in PATCHES or way == "patch status":
            kind = way if way in PATCHES else rng.choice(sorted(PATCHES))
            self.patch(way, kind, path, self.current, self.mutator.changed(self.current, node, rng.choice((1, 1, 2, 3)), within), node, options)
        else:
            self.subresource(way, name, options)

    def patch(self, what, kind, path, old, new, node, options, keeps=True):
        m = self.mutator
        if kind == "merge":
            body = m.merge_patch(old, new)
        elif kind == "json":
            body = m.json_patch_noise(old, node, m.json_patch(old, new))
            if len(old["metadata"].get("managedFields") or []) > 1:
                # Their order is that of the seconds in which they were written, so a number may mean another one.
                body = [o for o in body if "/metadata/managedFields/" not in f"{o.get('path')} {o.get('from')}"]
        else:
            body = m.strategic_patch(old, new, node)
        answer = self.send(what if what in PATCHES else f"{what} ({kind})", "PATCH", path, body, PATCHES[kind], **options)
        if keeps:
            self.keep(answer, options)

    def subset(self, obj, part):
        """Some fields of an object, as a manager would apply them."""
        rng, out = self.rng, copy.deepcopy(obj)
        meta = out.get("metadata")
        if isinstance(meta, dict):
            for k in ("uid", "resourceVersion", "creationTimestamp", "managedFields", "generation", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"):
                if k in meta and rng.random() < 0.97:
                    del meta[k]
        if not part:
            out.pop("status", None)
        def thin(value):
            if isinstance(value, dict):
                for k in list(value):
                    if rng.random() < 0.15:
                        del value[k]
                    else:
                        thin(value[k])
            elif isinstance(value, list):
                for v in value:
                    thin(v)
        if rng.random() < 0.6:
            for k, v in out.items():
                if k not in ("apiVersion", "kind", "metadata"):
                    thin(v)
        return out

    def apply(self, body, first=False, part=""):
        options = self.options(apply=True)
        options["force"] = self.rng.choice(["", "", "true", "false"])
        meta = body.get("metadata")
        name = meta.get("name") if isinstance(meta, dict) and isinstance(meta.get("name"), str) and meta.get("name") else f"x{self.number}"
        path = self.resource.path(self.namespace, urllib.parse.quote(name, safe=":@"), part)
        answer = self.send("apply status" if part else "apply new" if first else "apply", "PATCH", path, body, "application/apply-patch+yaml", **options)
        self.keep(answer, options)
        return answer

    def subresource(self, part, name, options):
        r, rng = self.resource, self.rng
        path = r.path(self.namespace, urllib.parse.quote(name, safe=":@"), part)
        entry = r.parts[part]
        api = f"{entry['group']}/{entry['version']}" if entry.get("group") else entry.get("version") or r.api_version
        node = self.run.types.of(api, entry["kind"])
        meta = {"name": name if rng.random() < 0.95 else "other", **({"namespace": self.namespace} if rng.random() < 0.7 else {})}
        if part == "scale":
            body = {"apiVersion": api, "kind": "Scale", "metadata": meta, "spec": {"replicas": rng.choice([0, 1, 3, -1, 100, 2147483647, 2147483648, "x", None])}}
            if rng.random() < 0.3:
                body = self.mutator.changed(body, node, 1)
            if rng.random() < 0.5:
                self.send(part, "PUT", path, body, **options)
            else:
                self.send(f"{part} (merge)", "PATCH", path, {"spec": body.get("spec")}, PATCHES["merge"], **options)
        elif part == "eviction":
            body = {"apiVersion": rng.choice([api, api, api, "policy/v1beta1"]), "kind": entry["kind"], "metadata": meta}
            if rng.random() < 0.5:
                body["deleteOptions"] = rng.choice([{"gracePeriodSeconds": 5}, {"preconditions": {"uid": "wrong"}}, {"dryRun": ["All"]}, {"gracePeriodSeconds": -1}, {"propagationPolicy": "x"}])
            self.send(part, "POST", path, self.mutator.changed(body, node, rng.choice((0, 0, 1))), **options)
        elif part == "binding":
            body = {"apiVersion": "v1", "kind": "Binding", "metadata": meta, "target": {"kind": rng.choice(["Node", "Node", "", "Pod"]), "name": rng.choice(["n1", "n2", "", "A b"])}}
            self.send(part, "POST", path, self.mutator.changed(body, node, rng.choice((0, 0, 1))), **options)
        elif part == "token":
            body = {"apiVersion": api, "kind": entry["kind"], "spec": {"audiences": rng.choice([[], ["a"], ["a", "b"]]), "expirationSeconds": rng.choice([600, 599, 3600, 4294967297, None])}}
            self.send(part, "POST", path, self.mutator.changed(body, node, rng.choice((0, 1, 2))), **options)
        else:
            # The whole object again, with what this part may change.
            within = {"resize": {"spec"}, "ephemeralcontainers": {"spec"}, "approval": {"status"}, "finalize": {"spec", "metadata"}}[part]
            body = self.mutator.changed(self.current, self.run.types.of(r.api_version, r.kind), rng.choice((0, 1, 2)), within)
            if part == "ephemeralcontainers" and isinstance(body.get("spec"), dict) and rng.random() < 0.8:
                body["spec"]["ephemeralContainers"] = [self.mutator.value({"$ref": "#/components/schemas/io.k8s.api.core.v1.EphemeralContainer"}), {"name": "e", "image": "i", "terminationMessagePolicy": "File", "imagePullPolicy": "Always"}][rng.randrange(2):]
            elif part == "resize" and isinstance(body.get("spec"), dict) and rng.random() < 0.8:
                for c in body["spec"].get("containers") or []:
                    if isinstance(c, dict):
                        c["resources"] = rng.choice([{"requests": {"cpu": "1"}}, {"limits": {"cpu": "2"}, "requests": {"cpu": "1"}}, {"requests": {"memory": "1Gi"}}, {"requests": {"example.com/a": "1"}}, {}, {"limits": {"cpu": "-1"}}])
            elif part == "approval":
                body.setdefault("status", {})
                if isinstance(body["status"], dict):
                    body["status"]["conditions"] = [{"type": rng.choice(["Approved", "Denied", "Failed", "Other", ""]), "status": rng.choice(["True", "False", ""]), "reason": "r", "message": "m"} for _ in range(rng.choice((0, 1, 1, 2)))]
            kind = rng.choice(["put", "merge", "strategic"]) if part != "finalize" else "put"
            if kind == "put":
                answer = self.send(part, "PUT", path, body, **options)
                self.keep(answer, options)
            else:
                self.patch(part, kind, path, self.current, body, self.run.types.of(r.api_version, r.kind), options)


class Run:
    def __init__(self, args, shared, servers):
        self.seed, self.servers = args.seed, servers
        first = Connection(servers.ports[0])
        get = lambda path: first.ask("GET", path, None, {})[2]
        self.types = schema.Types(get)
        self.valid, self.full = schema.seeds(shared)
        for store in (self.valid, self.full):
            for (api, kind), objects in list(store.items()):
                for o in objects:
                    self.types.learn(self.types.of(api or "", kind or ""), o)
        self.resources = [r for r in schema.resources(get) if re.search(args.only or "", f"{r.group}/{r.version}/{r.plural}")]
        self.weights = [WEIGHTS.get(r.plural, 1) * (1 if r.plural not in NOT_OBJECTS else 0.5) for r in self.resources]
        self.lock, self.alone = threading.Lock(), threading.Lock()
        self.causes, self.writes, self.cases, self.differing, self.unstable = {}, 0, 0, 0, 0
        self.explained = collections.Counter()
        both = Both(servers.ports)
        for i in range(NAMESPACES):
            for path, body in (("/api/v1/namespaces", {"metadata": {"name": f"diff-{i}"}}), (f"/api/v1/namespaces/diff-{i}/serviceaccounts", {"metadata": {"name": "default"}})):
                both.ask("POST", path, [json.dumps(body).encode()] * 2, {"Content-Type": "application/json"})

    def count_unstable(self):
        with self.lock:
            self.unstable += 1

    def count_explained(self, why):
        with self.lock:
            self.explained[why] += 1

    def tell(self, case, what, differences, request, plain):
        with self.lock:
            self.differing += 1
            for cause in dict.fromkeys(d.cause for d in differences):
                detail = next(d.detail for d in differences if d.cause == cause)
                kept = self.causes.setdefault(cause, {"count": 0, "kinds": collections.Counter(), "ways": collections.Counter(), "cases": [], "examples": []})
                kept["count"] += 1
                kept["kinds"][case.resource.plural] += 1
                kept["ways"][what] += 1
                if len(kept["cases"]) < 8:
                    kept["cases"].append(case.number)
                if len(kept["examples"]) < 2:
                    kept["examples"].append({"case": case.number, "what": what, "request": request, "detail": detail})

    def work(self, numbers, both, limit):
        while True:
            with self.lock:
                if self.writes >= limit:
                    return
            number = numbers.get()
            case = Case(self, number, both)
            try:
                if case.resource.plural in ALONE:
                    with self.alone:
                        case.play()
                else:
                    case.play()
            except Exception as e:  # a case must never end the run
                print(f"case {number} ({case.resource.plural}): {type(e).__name__}: {e}", file=sys.stderr)
                for c in both.connections:
                    c.close()
            with self.lock:
                self.writes += case.writes
                self.cases += 1

    def play(self, writes, threads):
        numbers = queue.SimpleQueue()
        for n in range(1, writes + threads + 1):
            numbers.put(n)
        workers = [threading.Thread(target=self.work, args=(numbers, Both(self.servers.ports), writes)) for _ in range(threads)]
        for w in workers:
            w.start()
        for w in workers:
            w.join()


def shared_directory():
    for candidate in (os.environ.get("THYRA_SHARED"), ROOT.parent / "shared", ROOT.parent.parent / "shared"):
        if candidate and (pathlib.Path(candidate) / "peer" / "start.sh").exists():
            return pathlib.Path(candidate)
    return None


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--peer", default=os.environ.get("THYRA_PEER", ""))
    ap.add_argument("--writes", type=int, default=20000)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--case", type=int, action="append")
    ap.add_argument("--only")
    ap.add_argument("--threads", type=int, default=4)
    ap.add_argument("--report", help="write every cause with its cases there, as JSON")
    ap.add_argument("--api-all", action="store_true", help="serve every version on both, alpha and beta ones too")
    ap.add_argument("--thyra", default=str(ROOT / "thyra"), help="the start script of another build")
    args = ap.parse_args()
    shared = shared_directory()
    if not args.peer or not (pathlib.Path(args.peer) / "kube-apiserver").exists() or not shared:
        print("differential: skipped, no peer (see --peer) or no shared/ beside the repository")
        return 77
    servers = Servers(shared, args.peer, args.thyra, ["--runtime-config=api/all=true"] if args.api_all else [])
    try:
        run, began = Run(args, shared, servers), time.time()
        if args.case:
            for number in args.case:
                case = Case(run, number, Both(servers.ports), verbose=True)
                print(f"\n=== case {number}: {case.resource.group}/{case.resource.version}/{case.resource.plural}")
                case.play()
        else:
            run.play(args.writes, args.threads)
    finally:
        servers.stop()
    causes = sorted(run.causes.items(), key=lambda c: -c[1]["count"])
    for cause, kept in causes:
        print(f"{kept['count']:5}  {cause}\n       {dict(kept['kinds'].most_common(4))} {dict(kept['ways'].most_common(4))} cases {kept['cases'][:5]}\n       {kept['examples'][0]['detail']}")
    if args.report:
        pathlib.Path(args.report).write_text(json.dumps({"seed": args.seed, "writes": run.writes, "cases": run.cases, "explained": run.explained, "causes": [{"cause": c, **k} for c, k in causes]}, indent=1))
    for why, count in run.explained.most_common():
        print(f"{count:5}  explained: {why}")
    if not args.case:
        print(f"{run.writes} writes in {run.cases} cases, {time.time() - began:.0f} s, seed {args.seed}; {run.unstable} answers of the peer vary; "
              f"explained: {run.explained.total()}, unexplained: {run.differing} in {len(causes)} causes")
    return 1 if causes else 0


if __name__ == "__main__":
    sys.exit(main())
