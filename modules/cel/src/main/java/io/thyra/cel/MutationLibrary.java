package io.thyra.cel;

import com.google.common.collect.ImmutableSet;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.Optional;
import java.util.Set;

/// The types that mutating policies make: `JSONPatch`, and `Object` with any fields of any depth.
/// Source: apiserver pkg/cel/mutation, pkg/cel/library/jsonpatch.go.
final class MutationLibrary {
  static final String OBJECT = "Object";
  static final String PATCH = "JSONPatch";

  private static final Set<String> TEXTS = Set.of("op", "path", "from");
  // What a field has that a patch has not; upstream prints its type as nothing.
  private static final CelType NO_TYPE = OpaqueType.create("");

  private MutationLibrary() {}

  static void declare(Library lib) {
    lib.global(
        "jsonpatch.escapeKey",
        "string_jsonpatch_escapeKey_string",
        Library.STRING,
        a -> ((String) a[0]).replace("~", "~0").replace("/", "~1"),
        Library.STRING);
  }

  /// The types, with the fields that an expression mentions.
  static Optional<CelType> findType(String name, ImmutableSet<String> fields) {
    if (name.equals(PATCH)) {
      ImmutableSet<String> all = ImmutableSet.<String>builder().addAll(TEXTS).add("value").addAll(fields).build();
      return Optional.of(StructType.create(PATCH, all, field -> Optional.of(patchField(field))));
    }
    boolean object = name.equals(OBJECT) || name.startsWith(OBJECT + ".");
    return object ? Optional.of(StructType.create(name, fields, _ -> Optional.of(SimpleType.DYN))) : Optional.empty();
  }

  private static CelType patchField(String field) {
    return TEXTS.contains(field) ? SimpleType.STRING : field.equals("value") ? SimpleType.DYN : NO_TYPE;
  }

  /// The names of all fields that an expression sets or reads.
  static ImmutableSet<String> fields(CelExpr expr) {
    var names = ImmutableSet.<String>builder();
    collect(expr, names);
    return names.build();
  }

  private static void collect(CelExpr expr, ImmutableSet.Builder<String> names) {
    switch (expr.getKind()) {
      case SELECT -> {
        names.add(expr.select().field());
        collect(expr.select().operand(), names);
      }
      case CALL -> {
        expr.call().target().ifPresent(target -> collect(target, names));
        expr.call().args().forEach(argument -> collect(argument, names));
      }
      case LIST -> expr.list().elements().forEach(element -> collect(element, names));
      case MAP ->
          expr.map()
              .entries()
              .forEach(
                  entry -> {
                    collect(entry.key(), names);
                    collect(entry.value(), names);
                  });
      case STRUCT ->
          expr.struct()
              .entries()
              .forEach(
                  entry -> {
                    names.add(entry.fieldKey());
                    collect(entry.value(), names);
                  });
      case COMPREHENSION -> {
        CelExpr.CelComprehension comprehension = expr.comprehension();
        collect(comprehension.iterRange(), names);
        collect(comprehension.accuInit(), names);
        collect(comprehension.loopCondition(), names);
        collect(comprehension.loopStep(), names);
        collect(comprehension.result(), names);
      }
      case CONSTANT, IDENT, NOT_SET -> {}
    }
  }
}
