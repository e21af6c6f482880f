#!/usr/bin/env python3
"""Plays the recordings of a real kube-apiserver against Thyra and keeps the count of matching steps from dropping.

  check.py [--only REGEX] [--diff] [--update] [--jobs N] [--report FILE] [--etcd BIN]

Starts a Thyra of its own on a free port of 127.0.0.1 with an empty store, plays every scenario, and compares with
matching.json beside this script: the matching steps of each scenario. A scenario that falls short of its count is played
once more, alone, on a fresh server, before it counts. Ends with 1 when the sum of an area has dropped.
With --etcd BIN each server stores in an etcd of its own, the program BIN, and the counts are those of etcd/AREA in
matching.json. --update writes the new counts; --only plays a part (and then compares that part alone). The recordings are looked for in
../shared/oracle beside the repository, or where THYRA_SHARED says; without them there is nothing to play and it ends with 77.
"""
import argparse, collections, http.client, json, os, pathlib, shutil, signal, socket, ssl, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
KEPT = HERE / "matching.json"


def shared():
    for candidate in (os.environ.get("THYRA_SHARED"), ROOT.parent / "shared"):
        if candidate and (pathlib.Path(candidate) / "oracle" / "oracle.py").exists():
            return pathlib.Path(candidate)
    return None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A Thyra with the flags of the recordings' prepare.sh and a store of its own."""

    def __init__(self, oracle, etcd=None):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="thyra-recordings-"))
        self.port = free_port()
        self.log = open(self.dir / "server.log", "wb")
        self.etcd, store = None, []
        if etcd:
            client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
            self.etcd = subprocess.Popen([etcd, f"--data-dir={self.dir / 'etcd'}", f"--listen-client-urls={client}", f"--advertise-client-urls={client}",
                                          f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}", f"--initial-cluster=default={peer}",
                                          "--unsafe-no-fsync", "--log-level=error"], stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)
            store = [f"--etcd-servers={client}"]
        flags = subprocess.run(["bash", str(oracle / "prepare.sh"), str(self.dir / "pki")], env={**os.environ, "PORT": str(self.port)},
                               check=True, capture_output=True, text=True).stdout.split("\n")
        self.process = subprocess.Popen([str(ROOT / "thyra"), *[f for f in flags if f], f"--data-dir={self.dir / 'data'}", *store],
                                        stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)
        self.wait()

    def wait(self):
        context = ssl._create_unverified_context()
        end = time.time() + 300  # the first start may build
        while time.time() < end:
            if self.process.poll() is not None:
                break
            try:
                c = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=5, context=context)
                c.request("GET", "/readyz", headers={"Authorization": "Bearer token-admin"})
                if c.getresponse().status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        sys.stdout.write((self.dir / "server.log").read_text(errors="replace")[-5000:])
        self.stop()
        sys.exit("the server did not become ready")

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        if self.etcd:
            self.etcd.kill()
            self.etcd.wait()
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)


def play(oracle, only, jobs, diff=False, quiet=False, etcd=None):
    """The matching and all steps of each scenario that `only` names, on a fresh server."""
    server = Server(oracle, etcd)
    result = server.dir / "result.json"
    try:
        command = [sys.executable, str(oracle / "oracle.py"), "check", "--server", f"https://127.0.0.1:{server.port}", "--tokens", str(server.dir / "pki" / "tokens.csv"),
                   "--golden", str(oracle / "golden"), "--jobs", str(jobs), "--json", str(result), *(["--only", only] if only else []), *(["--diff"] if diff else []),
                   *sorted(str(p) for p in (oracle / "scenarios").glob("*.py"))]
        subprocess.run(command, stdout=subprocess.DEVNULL if quiet else None, timeout=1500)
        return json.loads(result.read_text()) if result.exists() else {}
    finally:
        server.stop()


def by_area(counts):
    areas = collections.Counter()
    for name, n in counts.items():
        areas[name.split("/")[0]] += n
    return areas


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--only")
    ap.add_argument("--diff", action="store_true")
    ap.add_argument("--update", action="store_true")
    ap.add_argument("--jobs", type=int, default=4)
    ap.add_argument("--etcd", help="store in etcds, made by this program")
    ap.add_argument("--report", help="write the steps of each scenario there")
    a = ap.parse_args()
    home = shared()
    if not home:
        print("recordings: skipped, no shared/oracle beside the repository")
        return 77
    oracle = home / "oracle"
    counts = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    store = "etcd/" if a.etcd else ""
    kept = {n.removeprefix(store): c for n, c in counts.items() if n.startswith("etcd/") == bool(store)}
    found = play(oracle, a.only, a.jobs, a.diff, etcd=a.etcd)
    if not found:
        print("recordings: nothing was played")
        return 1
    got = {n: r["matching"] for n, r in found.items()}
    short = sorted(n for n in got if got[n] < kept.get(n, 0))
    if short and not a.update and not a.diff:
        print(f"once more, alone: {' '.join(short)}")
        again = play(oracle, "^(" + "|".join(short) + ")$", 1, quiet=True, etcd=a.etcd)
        for n, r in again.items():
            got[n] = max(got[n], r["matching"])
    if a.report:
        pathlib.Path(a.report).write_text(json.dumps(found, indent=1))
    if a.update:
        KEPT.write_text(json.dumps(dict(sorted({**counts, **{store + n: c for n, c in got.items()}}.items())), indent=0) + "\n")
    want = by_area({n: c for n, c in kept.items() if n in got})
    have, total = by_area(got), by_area({n: r["steps"] for n, r in found.items()})
    dropped = [x for x in have if have[x] < want[x]]
    for x in sorted(have):
        print(f"{store + x:14} {have[x]:5} of {total[x]:5}  kept {want[x]:5}" + ("  DROPPED" if x in dropped else ""))
    print(f"{store + 'all':14} {sum(have.values()):5} of {sum(total.values()):5}")
    return 1 if dropped and not a.update else 0


if __name__ == "__main__":
    sys.exit(main())
