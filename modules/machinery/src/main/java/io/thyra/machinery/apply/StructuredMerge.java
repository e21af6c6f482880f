package io.thyra.machinery.apply;

import io.thyra.machinery.SyntaxException;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.ListOf;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.List;

/// Lays a partial object over another one without owning anything, as mutating policies do. Pure.
/// Source: apiserver pkg/admission/plugin/policy/mutating/patch/smd.go.
public final class StructuredMerge {
  private StructuredMerge() {}

  /// The object with what the patch says.
  ///
  /// @param patch of the same kind and version; what is merged as a whole may not be in it
  /// @throws SyntaxException with upstream's words when one of them does not fit the type
  public static ObjectValue apply(ObjectValue live, ObjectValue patch, Struct type) {
    try {
      Validation.check(patch, type, false);
    } catch (TypedException e) {
      throw new SyntaxException("failed to convert patch object to typed object: " + e.getMessage());
    }
    var atomics = new ArrayList<String>();
    findAtomics("", patch, type, atomics);
    if (!atomics.isEmpty()) {
      throw new SyntaxException(
          "invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: " + String.join(", ", atomics));
    }
    try {
      Validation.check(live, type, true);
    } catch (TypedException e) {
      throw new SyntaxException("failed to convert original object to typed object: " + e.getMessage());
    }
    try {
      return Merge.of(live, patch, type);
    } catch (TypedException e) {
      throw new SyntaxException("failed to merge patch: " + e.getMessage());
    }
  }

  private static void findAtomics(String path, Value value, Shape shape, List<String> atomics) {
    switch (value) {
      case ObjectValue object when Types.form(shape, value) == Types.Form.OBJECT -> {
        if (Types.isAtomicObject(shape)) {
          atomics.add(path);
        }
        for (String name : object.names()) {
          Value field = object.get(name);
          if (field != null && Types.declares(shape, name)) {
            findAtomics(path + "." + name, field, Types.field(shape, name), atomics);
          }
        }
      }
      case ListValue list when shape instanceof ListOf of -> {
        if (Types.isAtomicList(shape)) {
          atomics.add(path);
        }
        for (int i = 0; i < list.size(); i++) {
          findAtomics(path + "[" + i + "]", list.get(i), of.item(), atomics);
        }
      }
      default -> {}
    }
  }
}
