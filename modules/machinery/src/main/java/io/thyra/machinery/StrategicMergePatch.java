package io.thyra.machinery;

import static io.thyra.machinery.StrategicLists.error;

import io.thyra.machinery.Draft.Fields;
import io.thyra.machinery.Draft.Items;
import io.thyra.model.Failure;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Strategic merge patch: maps merge, lists merge by the key or strategy that the schema names, and directives in the
/// patch replace, delete, keep and order. Most complaints are a 500 without a reason, as upstream's are.
/// Source: apimachinery pkg/util/strategicpatch/patch.go.
public final class StrategicMergePatch {
  static final String DIRECTIVE = "$patch";
  static final String SET_ORDER = "$setElementOrder";
  private static final String DELETE_FROM_LIST = "$deleteFromPrimitiveList";
  private static final String RETAIN_KEYS = "$retainKeys";

  private StrategicMergePatch() {}

  /// A merged object and what was left of the patch, which upstream prints when the object does not decode.
  ///
  /// @param patched the raw tree: new fields stand last and nothing is canonical
  public record Result(ObjectValue patched, ObjectValue patchLeft) {
    /// The patch as error texts quote it, a Go map.
    public String printedPatch() {
      return GoPrint.value(patchLeft);
    }
  }

  /// Merges a patch into an object.
  ///
  /// @throws io.thyra.model.ApiException 400 for no object and bad directives, 422 for lists of lists, else 500
  public static Result apply(ObjectValue current, Value patch, Struct type) {
    if (!(patch instanceof ObjectValue) && !(patch instanceof NullValue)) {
      throw new Failure.BadRequest(
              "json: cannot unmarshal " + patch.jsonType() + " into Go value of type map[string]interface {}")
          .toException();
    }
    Fields changes = new Fields(patch instanceof ObjectValue object ? object : ObjectValue.EMPTY);
    Fields merged = mergeFields(new Fields(current), changes, new PatchType(type, false));
    return new Result(merged.toObject(), changes.toObject());
  }

  static Fields mergeFields(Fields original, Fields patch, PatchType type) {
    Draft directive = patch.get(DIRECTIVE);
    if (directive != null) {
      return direct(directive, patch);
    }
    retainKeys(original, patch);
    orderLists(original, patch, type);
    for (Map.Entry<String, Draft> entry : List.copyOf(patch.entries().entrySet())) {
      mergeEntry(original, entry.getKey(), entry.getValue(), type);
    }
    return original;
  }

  private static Fields direct(Draft directive, Fields patch) {
    if (directive.is("replace")) {
      patch.entries().remove(DIRECTIVE);
      return patch;
    }
    if (directive.is("delete")) {
      return new Fields();
    }
    throw badPatchType(directive, patch);
  }

  static RuntimeException badPatchType(Draft directive, Fields patch) {
    return error(
        "unknown patch type: " + GoPrint.verbS(directive.toValue()) + " in map: " + GoPrint.value(patch.toValue()));
  }

  private static void mergeEntry(Fields original, String key, Draft patch, PatchType type) {
    boolean deletes = key.startsWith(DELETE_FROM_LIST);
    String name = key;
    if (deletes) {
      String named = named(key, DELETE_FROM_LIST, "invalid patch format of primitive list");
      name = named.isEmpty() ? key : named;
    }
    if (patch.isNull()) {
      original.entries().remove(name);
      return;
    }
    Draft before = original.get(name);
    if (before == null || !before.hasTypeOf(patch)) {
      if (!deletes) {
        discardNulls(patch);
        replaceEntry(original, name, patch);
      }
      return;
    }
    if (before instanceof Fields beforeFields && patch instanceof Fields changes) {
      PatchType.Member member = type.field(name);
      original.entries().put(name, member.replaces() ? changes : mergeFields(beforeFields, changes, member.type()));
    } else if (before instanceof Items beforeItems && patch instanceof Items changes) {
      PatchType.Member member = type.list(name);
      original.entries().put(name, StrategicLists.merge(beforeItems, changes, member, deletes));
    } else {
      replaceEntry(original, name, patch);
    }
  }

  private static void replaceEntry(Fields original, String name, Draft patch) {
    if (removeDirectives(patch)) {
      original.entries().put(name, patch);
    } else {
      original.entries().remove(name);
    }
  }

  private static String named(String key, String prefix, String complaint) {
    int slash = key.indexOf('/');
    if (slash < 0 || !key.substring(0, slash).equals(prefix)) {
      throw new Failure.BadRequest(complaint).toException();
    }
    return key.substring(slash + 1);
  }

  private static void discardNulls(Draft draft) {
    switch (draft) {
      case Fields fields -> {
        fields.entries().values().removeIf(Draft::isNull);
        fields.entries().values().forEach(StrategicMergePatch::discardNulls);
      }
      case Items items -> items.list().forEach(StrategicMergePatch::discardNulls);
      case Draft.Leaf _ -> {}
    }
  }

  /// Drops what a directive governs; whether anything of the draft itself is to be kept.
  static boolean removeDirectives(Draft draft) {
    return switch (draft) {
      case Fields fields -> {
        if (fields.get(DIRECTIVE) != null) {
          yield false;
        }
        fields.entries().values().removeIf(entry -> !removeDirectives(entry));
        yield true;
      }
      case Items items -> {
        items.list().removeIf(item -> !removeDirectives(item));
        yield true;
      }
      case Draft.Leaf _ -> true;
    };
  }

  private static void retainKeys(Fields original, Fields patch) {
    Draft directive = patch.entries().remove(RETAIN_KEYS);
    if (directive == null) {
      return;
    }
    String complaint = "invalid patch format of retainKeys";
    if (!(directive instanceof Items keys)) {
      throw new Failure.BadRequest(complaint).toException();
    }
    var kept = new HashSet<String>();
    for (Draft key : keys.list()) {
      if (key instanceof Draft.Leaf(StringValue(String text))) {
        kept.add(text);
      }
    }
    patch.entries().forEach(
        (name, entry) -> {
          boolean directs = name.startsWith(DELETE_FROM_LIST) || name.startsWith(SET_ORDER);
          if (!entry.isNull() && !directs && !kept.contains(name)) {
            throw new Failure.BadRequest(complaint).toException();
          }
        });
    original.entries().keySet().retainAll(kept);
  }

  // Merges the lists that the patch also orders, and takes both out of the patch.
  private static void orderLists(Fields original, Fields patch, PatchType type) {
    for (String key : List.copyOf(patch.entries().keySet())) {
      Draft order = key.startsWith(SET_ORDER) ? patch.entries().remove(key) : null;
      if (order != null) {
        orderList(original, patch, key, order, type);
      }
    }
  }

  private static void orderList(Fields original, Fields patch, String key, Draft order, PatchType type) {
    Items ordered = StrategicLists.requireItems(order);
    String name = named(key, SET_ORDER, "invalid patch format of setElementOrder list");
    Draft beforeDraft = original.get(name);
    Draft patchDraft = patch.get(name);
    Items before = beforeDraft == null ? null : StrategicLists.requireItems(beforeDraft);
    Items changes = patchDraft == null ? null : StrategicLists.requireItems(patchDraft);
    PatchType.Member member = type.list(name);
    StrategicLists.requireOrder(changes == null ? List.of() : changes.list(), ordered.list(), member.mergeKey());
    Items merged;
    if (before != null && changes != null) {
      merged = StrategicLists.merge(before, changes, member, false);
    } else if (before != null) {
      merged = before;
    } else if (changes != null) {
      removeDirectives(changes);
      merged = changes;
    } else {
      return;
    }
    original.entries().put(
        name,
        StrategicLists.reorder(
            merged.list(),
            ordered.list(),
            before == null ? List.of() : before.list(),
            changes == null ? List.of() : changes.list(),
            member.mergeKey()));
    patch.entries().remove(name);
  }
}
