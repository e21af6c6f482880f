package io.thyra.cel;

import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One signature of a function and what it does.
///
/// @param id cel-go's name of the overload, by which costs are looked up
/// @param member whether the first parameter is the receiver
record Overload(String function, String id, boolean member, CelType result, List<CelType> parameters, Body body) {
  /// What a function does with its arguments, the receiver first.
  @FunctionalInterface
  interface Body {
    Object apply(Object[] arguments);
  }

  Overload {
    parameters = List.copyOf(parameters);
  }

  CelOverloadDecl declaration() {
    return member
        ? CelOverloadDecl.newMemberOverload(id, result, parameters)
        : CelOverloadDecl.newGlobalOverload(id, result, parameters);
  }

  /// Whether arguments are of the types of the parameters, as far as that shows without looking into them.
  boolean accepts(Object[] arguments) {
    if (arguments.length != parameters.size()) {
      return false;
    }
    for (int i = 0; i < arguments.length; i++) {
      if (!accepts(parameters.get(i), arguments[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean accepts(CelType type, Object argument) {
    return switch (type.kind()) {
      case BOOL -> argument instanceof Boolean;
      case INT -> argument instanceof Long;
      case UINT -> argument instanceof com.google.common.primitives.UnsignedLong;
      case DOUBLE -> argument instanceof Double;
      case STRING -> argument instanceof String;
      case BYTES -> argument instanceof dev.cel.common.values.CelByteString;
      case TIMESTAMP -> argument instanceof Instant;
      case DURATION -> argument instanceof Duration;
      case LIST -> argument instanceof List<?>;
      case MAP -> argument instanceof CelMap;
      case OPAQUE -> type instanceof OptionalType ? argument instanceof Optional<?> : isNamed(type, argument);
      case STRUCT -> isNamed(type, argument);
      default -> true;
    };
  }

  private static boolean isNamed(CelType type, Object argument) {
    return argument instanceof Opaque opaque && opaque.typeName().equals(type.name());
  }
}
