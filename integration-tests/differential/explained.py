"""Differences whose cause is known and stays; docs/differences.md tells each. Every class is as narrow as its cause."""
import re

RAW_KINDS = {"controllerrevisions": "data", "deviceclasses": "spec", "resourceclaims": "spec", "resourceclaimtemplates": "spec"}
UNDECLARED = re.compile(r": (errors:\n)?(\s*\.[^\s:]+: field not declared in schema\n?)+$")
MAPS = {"labels", "annotations", "matchLabels", "nodeSelector"}
MAP_KEY = re.compile(r"\[[A-Za-z][^\]]*\]")


def untyped(resource, differences, peer, thyra):
    """Go compares the bytes of what has no type, Thyra the data: other spaces or another order of keys are a change there."""
    field = RAW_KINDS.get(resource.plural)
    if not field:
        return False
    if peer.status == thyra.status == 422:
        return all(d.cause.startswith(f"cause missing: {field} Invalid value") and "field is immutable" in d.cause for d in differences)
    if peer.status == 422 and thyra.status == 200:
        causes = ((peer.body.get("details") or {}).get("causes")) or []
        holds = thyra.body if field == "data" else thyra.body.get("spec")
        return ([(c.get("field"), c.get("message", "").endswith("field is immutable")) for c in causes] == [(field, True)]
                and (field == "data" or '"parameters"' in str(holds).replace("'", '"')))
    if resource.plural == "deviceclasses" and peer.status == thyra.status == 200 and '"parameters"' in str(thyra.body.get("spec")).replace("'", '"'):
        return all(d.cause.startswith(("object value: metadata.generation", "object value: metadata.managedFields",
                                       "object missing: metadata.managedFields", "object extra: metadata.managedFields")) for d in differences)
    return False


def panics(resource, differences, peer, thyra):
    """The real server panics and drops the connection where Thyra refuses."""
    return peer.status == 0 and thyra.status == 422 and resource.plural in ("services", "customresourcedefinitions")


def map_order(resource, differences, peer, thyra):
    """Go walks over its maps in any order, so the errors about their entries come in any order, too."""
    if not (isinstance(peer.body, dict) and isinstance(thyra.body, dict) and peer.status == thyra.status):
        return False
    if resource.plural == "selfsubjectrulesreviews" and peer.status == 201:
        rules = [[sorted(map(str, (a.body.get("status") or {}).get(k) or [])) for k in ("resourceRules", "nonResourceRules")] for a in (peer, thyra)]
        return rules[0] == rules[1]
    undeclared = [a.body.get("message", "") for a in (peer, thyra)]
    if peer.status == 500 and all(m.startswith("failed to create typed patch object") and UNDECLARED.search(m) for m in undeclared):
        # The first undeclared field of each object is told, whichever that is; deeper ones only when they came before it.
        return True
    causes = [(a.body.get("details") or {}).get("causes") or [] for a in (peer, thyra)]
    if not causes[0] or sorted(map(str, causes[0])) != sorted(map(str, causes[1])) or causes[0] == causes[1]:
        return False
    moved = {c.get("field", "") for x, y in zip(*causes) if x != y for c in (x, y)}
    return all(MAP_KEY.search(field) or field.rpartition(".")[2] in MAPS for field in moved)


CLASSES = {"untyped data compared as bytes": untyped, "the real server panics": panics, "order of Go maps": map_order}


def explain(resource, differences, peer, thyra):
    """The class of a difference, or None."""
    return next((name for name, holds in CLASSES.items() if holds(resource, differences, peer, thyra)), None)
