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
import java.util.function.Function;
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
  // Why the last operation failed.
  private String failure = "";

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

  /// The patched document of somebody who may know what is wrong with the patch.
  ///
  /// @param patch the decoded patch document
  /// @param problem makes the error of the words of the library
  /// @throws io.thyra.model.ApiException 400 for no patch
  public static Value apply(ObjectValue current, Value patch, Function<String, RuntimeException> problem) {
    List<ObjectValue> operations = operations(patch, false);
    if (operations.size() > OPERATIONS_MAX) {
      throw problem.apply("The allowed maximum operations in a JSON patch is " + OPERATIONS_MAX + ", got " + operations.size());
    }
    var run = new JsonPatch(new JsonNode(current));
    run.document.fields();
    for (ObjectValue operation : operations) {
      if (!run.execute(operation)) {
        throw problem.apply(run.failure);
      }
    }
    return run.document.toValue();
  }

  /// How many operations a patch has.
  ///
  /// @throws io.thyra.model.ApiException 400 for no patch
  public static int count(Value patch) {
    return operations(patch, false).size();
  }

  private boolean fail(String why) {
    failure = why;
    return false;
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
      default -> fail("Unexpected kind: " + (operation.has("op") ? operation.string("op") : "unknown"));
    };
  }

  private boolean add(ObjectValue operation) {
    String path = operation.string("path");
    if (!operation.has("path")) {
      return fail("add operation failed to decode path: missing value");
    }
    Place place = find(operation, "path");
    if (place == null) {
      return fail("add operation does not apply: doc is missing path: \"" + path + "\": missing value");
    }
    return place.add(slot(operation)) || fail("error in add for path: '" + path + "': " + place.addProblem());
  }

  private boolean remove(ObjectValue operation) {
    String path = operation.string("path");
    if (!operation.has("path")) {
      return fail("remove operation failed to decode path: missing value");
    }
    Place place = find(operation, "path");
    if (place == null) {
      return fail("remove operation does not apply: doc is missing path: \"" + path + "\": missing value");
    }
    return place.remove() || fail("error in remove for path: '" + path + "': " + place.removeProblem());
  }

  private boolean replace(ObjectValue operation) {
    String path = operation.string("path");
    if (!operation.has("path")) {
      return fail("replace operation failed to decode path: operation missing path field: missing value");
    }
    if (operation.get("path") instanceof StringValue && path.isEmpty()) {
      Value value = operation.get("value");
      if (!(value instanceof ObjectValue) && !(value instanceof ListValue)) {
        return fail("replace operation value must be object or array: unknown object type");
      }
      document = new JsonNode(value);
      return document.isArray() ? document.items() != null : document.fields() != null;
    }
    Place place = find(operation, "path");
    if (place == null) {
      return fail("replace operation does not apply: doc is missing path: " + path + ": missing value");
    }
    if (place.get() == null) {
      return fail("replace operation does not apply: doc is missing key: " + path + ": missing value");
    }
    return place.set(slot(operation));
  }

  private boolean move(ObjectValue operation) {
    String source = operation.string("from");
    if (!operation.has("from")) {
      return fail("move operation failed to decode from: operation, missing from field: missing value");
    }
    Place from = find(operation, "from");
    if (from == null) {
      return fail("move operation does not apply: doc is missing from path: " + source + ": missing value");
    }
    Slot moved = from.get();
    if (moved == null || !from.remove()) {
      // An absent key of an object is found as nothing, but cannot be removed.
      return fail("error in move for path: '" + from.key() + "': " + from.removeProblem());
    }
    String path = operation.string("path");
    if (!operation.has("path")) {
      return fail("move operation failed to decode path: operation missing path field: missing value");
    }
    Place place = find(operation, "path");
    if (place == null) {
      return fail("move operation does not apply: doc is missing destination path: " + path + ": missing value");
    }
    return place.add(moved) || fail("error in move for path: '" + path + "': " + place.addProblem());
  }

  private boolean copy(ObjectValue operation) {
    String origin = operation.string("from");
    if (!operation.has("from")) {
      return fail("copy operation failed to decode from: operation, missing from field: missing value");
    }
    Place from = find(operation, "from");
    if (from == null) {
      return fail("copy operation does not apply: doc is missing from path: " + origin + ": missing value");
    }
    Slot source = from.get();
    if (source == null) {
      return fail("error in copy for from: '" + origin + "': " + from.indexProblem());
    }
    String path = operation.string("path");
    if (!operation.has("path")) {
      return fail("copy operation failed to decode path: missing value");
    }
    Place place = find(operation, "path");
    if (place == null) {
      return fail("copy operation does not apply: doc is missing destination path: " + path + ": missing value");
    }
    Slot copied = Slot.EMPTY;
    if (source.node() != null) {
      Value value = source.node().toValue();
      copiedBytes += Texts.bytes(GoText.json(value));
      copied = new Slot(new JsonNode(value));
    }
    if (copiedBytes > COPIED_BYTES_MAX) {
      return fail(
          "Unable to complete the copy, the accumulated size increase of copy is " + copiedBytes + ", exceeding the limit " + COPIED_BYTES_MAX);
    }
    return place.add(copied) || fail("error while adding value during copy: " + place.addProblem());
  }

  private boolean test(ObjectValue operation) {
    String path = operation.string("path");
    if (!operation.has("path")) {
      return fail("test operation failed to decode path: operation missing path field: missing value");
    }
    return isEqual(operation, path);
  }

  private boolean isEqual(ObjectValue operation, String path) {
    failure = "testing value " + path + " failed: test failed";
    Value expected = operation.get("value");
    if (operation.get("path") instanceof StringValue && path.isEmpty()) {
      return expected != null && document.isEqualTo(new JsonNode(expected));
    }
    Place place = find(operation, "path");
    if (place == null) {
      return fail("test operation does not apply: is missing path: " + path + ": missing value");
    }
    Slot found = place.get();
    if (found == null) {
      return fail("error in test for path: '" + path + "': " + place.indexProblem());
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

    String indexProblem() {
      try {
        return "Unable to access invalid index: " + GoNumbers.atoi(key) + ": invalid index referenced";
      } catch (SyntaxException e) {
        return e.text();
      }
    }

    String addProblem() {
      String problem = indexProblem();
      return problem.startsWith("Unable") ? problem : "value was not a proper array index: '" + key + "': " + problem;
    }

    String removeProblem() {
      return fields != null ? "Unable to remove nonexistent key: " + key + ": missing value" : indexProblem();
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
