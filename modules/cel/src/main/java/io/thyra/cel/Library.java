package io.thyra.cel;

import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Collects the functions of a library. For one thread, while the environment is made.
final class Library {
  static final CelType STRING = SimpleType.STRING;
  static final CelType INT = SimpleType.INT;
  static final CelType BOOL = SimpleType.BOOL;
  static final CelType DOUBLE = SimpleType.DOUBLE;
  static final CelType STRINGS = ListType.create(SimpleType.STRING);

  private final List<Overload> overloads = new ArrayList<>();
  private final List<CelType> types = new ArrayList<>();

  /// An object type without fields that a program could name.
  static CelType object(String name) {
    return StructType.create(name, ImmutableSet.of(), _ -> Optional.empty());
  }

  /// Makes a type known by its name.
  CelType type(CelType type) {
    types.add(type);
    return type;
  }

  void member(String function, String id, CelType result, Overload.Body body, CelType... parameters) {
    overloads.add(new Overload(function, id, true, result, List.of(parameters), body));
  }

  void global(String function, String id, CelType result, Overload.Body body, CelType... parameters) {
    overloads.add(new Overload(function, id, false, result, List.of(parameters), body));
  }

  List<Overload> overloads() {
    return overloads;
  }

  List<CelType> types() {
    return types;
  }
}
