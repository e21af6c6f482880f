package io.thyra.machinery;

import io.thyra.machinery.JsonNode.Slot;
import io.thyra.model.Failure;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.TreeMap;

/// JSON merge patch, RFC 7386, as kube-apiserver applies it. Source: evanphx/json-patch merge.go.
public final class JsonMergePatch {
  private JsonMergePatch() {}

  /// The patched document; an array when the patch is one and fields are not looked at.
  ///
  /// @param checksFields whether unknown and duplicate fields are looked for, which demands an object
  /// @throws io.thyra.model.ApiException 400 when the patch is neither
  public static Value apply(ObjectValue current, Value patch, boolean checksFields) {
    if (checksFields && !(patch instanceof ObjectValue) && !patch.isNull()) {
      throw new Failure.BadRequest(
              "error decoding patch: json: cannot unmarshal "
                  + patch.jsonType()
                  + " into Go value of type map[string]interface {}")
          .toException();
    }
    if (patch instanceof ListValue) {
      var array = new JsonNode(patch);
      array.pruneNulls();
      return array.toValue();
    }
    if (!(patch instanceof ObjectValue)) {
      throw new Failure.BadRequest("Invalid JSON Patch").toException();
    }
    return merge(new JsonNode(current), new JsonNode(patch)).toValue();
  }

  private static JsonNode merge(JsonNode current, JsonNode patch) {
    TreeMap<String, Slot> fields = current.fields();
    if (fields == null) {
      patch.pruneNulls();
      return patch;
    }
    TreeMap<String, Slot> changes = patch.fields();
    if (changes == null) {
      return patch;
    }
    changes.forEach(
        (name, slot) -> {
          JsonNode change = slot.node();
          JsonNode before = fields.getOrDefault(name, Slot.EMPTY).node();
          if (change == null) {
            fields.remove(name);
          } else if (before == null) {
            change.pruneNulls();
            fields.put(name, slot);
          } else {
            fields.put(name, new Slot(merge(before, change)));
          }
        });
    return current;
  }
}
