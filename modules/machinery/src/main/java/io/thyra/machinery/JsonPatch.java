package io.thyra.machinery;

import io.thyra.machinery.JsonNode.Slot;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// JSON patch as kube-apiserver applies it. It follows RFC 6902 with the liberties of its library: replace, move and copy
/// accept an absent key of an object, indexes may be negative or have leading zeros, a path is what follows its first
/// slash. Source: evanphx/json-patch patch.go and apiserver pkg/endpoints/handlers/patch.go.
public final class JsonPatch {
  /// The most operations of one patch.
  public static final int OPERATIONS_MAX = 10_000;

  /// The most bytes that all copy operations of one patch may add.
  public static final long COPIED_BYTES_MAX = 3L * 1024 * 1024;

  private static final List<String> MEMBERS = List.of("op", "path", "from", "value");

  private JsonNode document;
  private long copiedBytes;

  private JsonPatch(JsonNode document) {
    this.document = document;
  }

  /// The patched document; usually an object, but a patch of the root can leave an array.
  ///
  /// @param patch the decoded patch document
  /// @param checksFields whether unknown and duplicate fields are looked for, which words type errors differently
  /// @throws io.thyra.model.ApiException 400 for no patch, 413 for too many operations, 422 when an operation fails
  public static Value apply(ObjectValue current, Value patch, boolean checksFields) {
    List<ObjectValue> operations = operations(patch, checksFields);
    if (operations.size() > OPERATIONS_MAX) {
      throw new Failure.RequestEntityTooLarge(
              "Request entity too large: The allowed maximum operations in a JSON patch is "
                  + OPERATIONS_MAX
                  + ", got "
                  + operations.size())
          .toException();
    }
    var run = new JsonPatch(new JsonNode(current));
    run.document.fields();
    for (ObjectValue operation : operations) {
      if (!run.execute(operation)) {
        throw rejected();
      }
    }
    return run.document.toValue();
  }

  /// What a server-side error of a patch looks like from outside: upstream does not say which operation failed.
  static RuntimeException rejected() {
    return new Failure.Told(
            Status.failure(
                422,
                "Invalid",
                "the server rejected our request due to an error in our request",
                new Status.Details("", "", "", "", List.of(), 0)))
        .toException();
  }

  /// The complaints about members that no operation has, `json patch unknown field "[0].x"`, in document order.
  public static List<String> unknownFields(Value patch) {
    var found = new ArrayList<String>();
    if (patch instanceof ListValue list) {
      for (int i = 0; i < list.size(); i++) {
        for (String name : list.object(i).names()) {
          if (!MEMBERS.contains(name)) {
            found.add("json patch unknown field " + GoText.quote("[" + i + "]." + name));
          }
        }
      }
    }
    return found;
  }

  private static List<ObjectValue> operations(Value patch, boolean checksFields) {
    String prefix = checksFields ? "error decoding patch: " : "";
    if (patch instanceof NullValue) {
      return List.of();
    }
    if (!(patch instanceof ListValue list)) {
      throw wrongType(prefix, patch, checksFields ? "[]handlers.jsonPatchOp" : "jsonpatch.Patch");
    }
    var operations = new ArrayList<ObjectValue>(list.size());
    for (Value item : list) {
      if (item instanceof ObjectValue operation) {
        if (checksFields) {
          requireTexts(operation);
        }
        operations.add(operation);
      } else if (item instanceof NullValue) {
        operations.add(ObjectValue.EMPTY);
      } else {
        throw wrongType(prefix, item, checksFields ? "handlers.jsonPatchOp" : "jsonpatch.Operation");
      }
    }
    return operations;
  }

  private static void requireTexts(ObjectValue operation) {
    for (int i = 0; i < operation.size(); i++) {
      String name = operation.nameAt(i);
      Value value = operation.valueAt(i);
      boolean text = name.equals("op") || name.equals("path") || name.equals("from");
      if (text && !(value instanceof StringValue) && !(value instanceof NullValue)) {
        throw new Failure.BadRequest(
                "error decoding patch: json: cannot unmarshal "
                    + value.jsonType()
                    + " into Go struct field jsonPatchOp."
                    + name
                    + " of type string")
            .toException();
      }
    }
  }

  private static RuntimeException wrongType(String prefix, Value value, String type) {
    return new Failure.BadRequest(prefix + "json: cannot unmarshal " + value.jsonType() + " into Go value of type " + type)
        .toException();
  }

  /// Whether the operation succeeded.
  private boolean execute(ObjectValue operation) {
    return switch (operation.string("op")) {
      case "add" -> add(operation);
      case "remove" -> remove(operation);
      case "replace" -> replace(operation);
      case "move" -> move(operation);
      case "test" -> test(operation);
      case "copy" -> copy(operation);
      default -> false;
    };
  }

  private boolean add(ObjectValue operation) {
    Place place = find(operation, "path");
    return place != null && place.add(slot(operation));
  }

  private boolean remove(ObjectValue operation) {
    Place place = find(operation, "path");
    return place != null && place.remove();
  }

  private boolean replace(ObjectValue operation) {
    if (operation.get("path") instanceof StringValue(String path) && path.isEmpty()) {
      Value value = operation.get("value");
      if (!(value instanceof ObjectValue) && !(value instanceof ListValue)) {
        return false;
      }
      document = new JsonNode(value);
      return document.isArray() ? document.items() != null : document.fields() != null;
    }
    Place place = find(operation, "path");
    return place != null && place.get() != null && place.set(slot(operation));
  }

  private boolean move(ObjectValue operation) {
    Place from = find(operation, "from");
    Slot moved = from == null ? null : from.get();
    if (from == null || moved == null || !from.remove()) {
      // An absent key of an object is found as nothing, but cannot be removed.
      return false;
    }
    Place place = find(operation, "path");
    return place != null && place.add(moved);
  }

  private boolean copy(ObjectValue operation) {
    Place from = find(operation, "from");
    Slot source = from == null ? null : from.get();
    if (source == null) {
      return false;
    }
    Place place = find(operation, "path");
    if (place == null) {
      return false;
    }
    Slot copied = Slot.EMPTY;
    if (source.node() != null) {
      Value value = source.node().toValue();
      copiedBytes += Texts.bytes(GoText.json(value));
      copied = new Slot(new JsonNode(value));
    }
    return copiedBytes <= COPIED_BYTES_MAX && place.add(copied);
  }

  private boolean test(ObjectValue operation) {
    Value expected = operation.get("value");
    if (operation.get("path") instanceof StringValue(String path) && path.isEmpty()) {
      return expected != null && document.isEqualTo(new JsonNode(expected));
    }
    Place place = find(operation, "path");
    Slot found = place == null ? null : place.get();
    if (found == null) {
      return false;
    }
    JsonNode actual = found.node();
    if (actual == null) {
      return expected == null || expected.isNull();
    }
    return expected != null && actual.isEqualTo(new JsonNode(expected.isNull() ? null : expected));
  }

  private static Slot slot(ObjectValue operation) {
    Value value = operation.get("value");
    if (value == null) {
      return Slot.EMPTY;
    }
    return new Slot(new JsonNode(value.isNull() ? null : value));
  }

  /// The container that a path leads to and the last step; null when the path leads nowhere.
  private @Nullable Place find(ObjectValue operation, String member) {
    if (!(operation.get(member) instanceof StringValue(String path))) {
      return null;
    }
    String[] steps = path.split("/", -1);
    if (steps.length < 2) {
      return null;
    }
    JsonNode container = document;
    for (int i = 1; i < steps.length - 1; i++) {
      Slot next = Place.of(container, decode(steps[i])).get();
      if (next == null || next.node() == null || next.node().isBlank()) {
        return null;
      }
      container = next.node();
      if (container.isArray() ? container.items() == null : container.fields() == null) {
        return null;
      }
    }
    return Place.of(container, decode(steps[steps.length - 1]));
  }

  private static String decode(String step) {
    if (step.indexOf('~') < 0) {
      return step;
    }
    var out = new StringBuilder(step.length());
    for (int i = 0; i < step.length(); i++) {
      if (step.startsWith("~1", i)) {
        out.append('/');
        i++;
      } else if (step.startsWith("~0", i)) {
        out.append('~');
        i++;
      } else {
        out.append(step.charAt(i));
      }
    }
    return out.toString();
  }

  /// A key in an open object or array.
  private record Place(@Nullable TreeMap<String, Slot> fields, List<Slot> items, String key) {
    static Place of(JsonNode container, String key) {
      List<Slot> items = container.items();
      return new Place(container.fields(), items == null ? List.of() : items, key);
    }

    /// What is there; null when an index is no index. Absent keys of objects are empty.
    @Nullable Slot get() {
      if (fields != null) {
        return fields.getOrDefault(key, Slot.EMPTY);
      }
      int index = index(items.size());
      return index < 0 || index >= items.size() ? null : items.get(index);
    }

    boolean set(Slot slot) {
      if (fields != null) {
        fields.put(key, slot);
      } else {
        items.set(index(items.size()), slot);
      }
      return true;
    }

    boolean add(Slot slot) {
      if (fields != null) {
        fields.put(key, slot);
        return true;
      }
      if (key.equals("-")) {
        items.add(slot);
        return true;
      }
      int index = index(items.size() + 1);
      if (index < 0 || index > items.size()) {
        return false;
      }
      items.add(index, slot);
      return true;
    }

    boolean remove() {
      if (fields != null) {
        boolean present = fields.containsKey(key);
        fields.remove(key);
        return present;
      }
      int index = index(items.size());
      if (index < 0 || index >= items.size()) {
        return false;
      }
      items.remove(index);
      return true;
    }

    // Negative indexes count from the end; -1 for what is no index.
    private int index(int size) {
      try {
        long index = GoNumbers.atoi(key);
        long position = index < 0 ? index + size : index;
        return position < 0 || position > Integer.MAX_VALUE ? -1 : (int) position;
      } catch (SyntaxException _) {
        return -1;
      }
    }
  }
}
