"""Answers made comparable, and the causes of what still differs."""
import collections, datetime, json, re

UID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
TIME = re.compile(r"(?<![0-9-])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")
VOLUME = re.compile(r"\bkube-api-access-([bcdfghjklmnpqrstvwxz2456789]{5})\b")
RECORD = re.compile(r'(ResourceVersion in record \()\d+')
PARSED = re.compile(r'(ParseUint: parsing \\?")[^"\\]*')
PORT = re.compile(r'([nN]odePort(?:\\*")?:|duplicate nodePort: \{[A-Z]+ |nodePort: Invalid value: )(\d{5})\b')
CLUSTER_IP = re.compile(r"^10\.96\.\d+\.\d+$")
TOKEN = re.compile(r'"(@port\d+@)"')


class Tokens:
    """What one server made up for the objects of a case: uids, versions, times, names, addresses, by the token that stands for them."""

    def __init__(self):
        self.by_value, self.by_token, self.now = {}, {}, None

    def token(self, kind, value, single=False):
        if value not in self.by_value:
            name = f"@{kind}@" if single else f"@{kind}{1 + sum(1 for t in self.by_token if t.startswith('@' + kind))}@"
            if single or name not in self.by_token:
                self.by_token[name] = value
            self.by_value[value] = name
        return self.by_value[value]

    def filled(self, text):
        """The text of a request, with this server's own values."""
        if "@" not in text:
            return text
        text = TOKEN.sub(lambda m: str(self.by_token.get(m.group(1), m.group(1))), text)
        for token, value in self.by_token.items():
            text = text.replace(token, str(value))
        return text.replace("@now@", self.now or "2020-01-01T00:00:00Z")

    # ---------------------------------------------------------------- normalising

    def observe(self, body):
        if not isinstance(body, dict):
            return
        meta = body.get("metadata") if body.get("kind") != "Status" else None
        if isinstance(meta, dict):
            if meta.get("uid"):
                self.by_token["@uid@"] = meta["uid"]
                self.by_value[meta["uid"]] = "@uid@"
            if meta.get("resourceVersion"):
                self.by_token["@rv@"] = meta["resourceVersion"]
                self.by_value[meta["resourceVersion"]] = "@rv@"
            self.now = meta.get("creationTimestamp") or self.now
            generated = meta.get("generateName")
            if generated and isinstance(meta.get("name"), str) and meta["name"].startswith(generated[:58]) and meta["name"] != generated:
                self.token("gen", meta["name"])
        spec = body.get("spec")
        if body.get("kind") == "Pod" and isinstance(spec, dict):
            for v in spec.get("volumes") or []:
                made = VOLUME.fullmatch(v.get("name") or "")
                if made:
                    self.by_token["@volume@"] = made.group(1)
        if body.get("kind") == "Service" and isinstance(spec, dict):
            for ip in [spec.get("clusterIP"), *(spec.get("clusterIPs") or [])]:
                if isinstance(ip, str) and CLUSTER_IP.match(ip):
                    self.token("ip", ip)
            for p in spec.get("ports") or []:
                if isinstance(p.get("nodePort"), int) and p["nodePort"] >= 30000:
                    self.token("port", p["nodePort"])
            if isinstance(spec.get("healthCheckNodePort"), int) and spec["healthCheckNodePort"] >= 30000:
                self.token("port", spec["healthCheckNodePort"])

    def text(self, s):
        s = JWT.sub("@jwt@", s)
        s = VOLUME.sub("kube-api-access-@volume@", s)
        s = PARSED.sub(r"\1@text@", RECORD.sub(r"\1@rv@", s))
        s = PORT.sub(lambda m: m.group(1) + str(self.by_value.get(int(m.group(2)), m.group(2))), s)
        for value, token in self.by_value.items():
            if isinstance(value, str) and value in s and (token != "@rv@" or "ersion" in s or s == value):
                # A uid may be part of a longer word; anything shorter must not be found in one.
                s = s.replace(value, token) if UID.fullmatch(value) else re.sub(r"(?<![A-Za-z0-9])" + re.escape(value) + r"(?![A-Za-z0-9])", token, s)
        s = UID.sub("@anyuid@", s)
        return TIME.sub(lambda m: "@now@" if recent(m.group()) else m.group(), s)

    def value(self, v, field=""):
        if isinstance(v, dict):
            out = {self.text(k): self.value(x, k) for k, x in v.items()}
            if field == "metadata" and "resourceVersion" in out:
                out["resourceVersion"] = "@rv@"
            if isinstance(out.get("managedFields"), list) and all(isinstance(m, dict) for m in out["managedFields"]):
                # Their order follows the second in which they were written.
                out["managedFields"] = sorted(out["managedFields"], key=lambda m: [str(m.get(k)) for k in ("operation", "manager", "apiVersion", "subresource")])
            return out
        if isinstance(v, list):
            return [self.value(x, field) for x in v]
        if isinstance(v, int) and not isinstance(v, bool) and field in ("nodePort", "healthCheckNodePort"):
            return self.by_value.get(v, v)
        return self.text(v) if isinstance(v, str) else v


def recent(text):
    try:
        then = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return False
    return abs((datetime.datetime.now(datetime.timezone.utc) - then).total_seconds()) < 43200


class Answer:
    def __init__(self, tokens, status, warnings, body):
        tokens.observe(body)
        self.status, self.warnings, self.body = status, [tokens.text(w) for w in warnings], tokens.value(body)

    def plain(self):
        return {"status": self.status, **({"warnings": self.warnings} if self.warnings else {}), "body": self.body}


Difference = collections.namedtuple("Difference", "cause detail")


def shape(text):
    """A message without its values, so that one cause has one shape."""
    text = re.sub(r'\\?"[^"]*"', '"…"', str(text))
    text = re.sub(r"\b(x|diff-)\d+\b", "NAME", text)
    text = re.sub(r"\{.*\}", "{…}", text, flags=re.S)
    text = re.sub(r"\[[^\]]*\]", "[…]", text)
    text = re.sub(r"-?\d+(\.\d+)?(e\+?\d+)?", "N", text)
    return text[:220]


def place(path):
    return re.sub(r"\[[^\]]*\]", "[]", str(path))


def differences(peer, thyra):
    out = []
    if peer.status != thyra.status:
        told = lambda a: f"{a.status} {shape(a.body.get('message', '')) if isinstance(a.body, dict) and a.body.get('kind') == 'Status' else ''}".strip()
        full = lambda a: a.body.get("message", "") if isinstance(a.body, dict) and a.body.get("kind") == "Status" else str(a.body)[:200]
        out.append(Difference(f"code: {told(peer)} | {told(thyra)}", f"peer {full(peer)[:700]} | thyra {full(thyra)[:700]}"))
    elif isinstance(peer.body, dict) and peer.body.get("kind") == "Status" and isinstance(thyra.body, dict) and thyra.body.get("kind") == "Status":
        out += statuses(peer.body, thyra.body)
    elif peer.body != thyra.body:
        found = []
        values(peer.body, thyra.body, "", found)
        for path, a, b in found[:4]:
            kind = "missing" if b is ABSENT else "extra" if a is ABSENT else "value"
            out.append(Difference(f"object {kind}: {place(path)}", f"{path}: peer {shown(a)} | thyra {shown(b)}"))
    if peer.warnings != thyra.warnings and peer.status == thyra.status:
        missing, extra = [w for w in peer.warnings if w not in thyra.warnings], [w for w in thyra.warnings if w not in peer.warnings]
        for name, some in (("missing", missing), ("extra", extra)):
            out += [Difference(f"warning {name}: {shape(w)}", w[:600]) for w in some]
        if not missing and not extra:
            out.append(Difference("warnings in another order", f"peer {peer.warnings} | thyra {thyra.warnings}"[:900]))
    return out


ABSENT = object()


def shown(v):
    return "nothing" if v is ABSENT else json.dumps(v)[:300]


def values(a, b, path, out):
    if isinstance(a, dict) and isinstance(b, dict):
        for k in [*a, *(k for k in b if k not in a)]:
            values(a.get(k, ABSENT), b.get(k, ABSENT), f"{path}.{k}" if path else k, out)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            values(x, y, f"{path}[{i}]", out)
    elif a is ABSENT or b is ABSENT or a != b or type(a) is not type(b):
        out.append((path, a, b))


def statuses(a, b):
    out = []
    causes = [[(c.get("field", ""), c.get("reason", ""), c.get("message", "")) for c in ((s.get("details") or {}).get("causes") or [])] for s in (a, b)]
    one, two = (collections.Counter(c) for c in causes)
    for name, some in (("missing", one - two), ("extra", two - one)):
        out += [Difference(f"cause {name}: {place(f)} {shape(m)}", f"{f}: {m}"[:900]) for f, _, m in some]
    if not out and causes[0] != causes[1]:
        first = next(i for i, (x, y) in enumerate(zip(*causes)) if x != y)
        out.append(Difference(f"causes in another order: {place(causes[0][first][0])} then {place(causes[1][first][0])}", f"peer {[c[0] for c in causes[0]]} | thyra {[c[0] for c in causes[1]]}"[:900]))
    if out:
        return out
    if a.get("message") != b.get("message"):
        return [Difference(f"message: {shape(a.get('message'))} | {shape(b.get('message'))}", f"peer {a.get('message')} | thyra {b.get('message')}"[:1500])]
    found = []
    values(a, b, "", found)
    return [Difference(f"status {place(path)}", f"{path}: peer {shown(x)} | thyra {shown(y)}") for path, x, y in found]
