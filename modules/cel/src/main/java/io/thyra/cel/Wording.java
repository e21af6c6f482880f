package io.thyra.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.TypeType;
import java.util.List;

/// The words of cel-go where those of dev.cel differ.
final class Wording {
  // How the complaints of the parser itself begin.
  private static final List<String> PARSER =
      List.of("mismatched input", "extraneous input", "token recognition error", "no viable alternative", "missing ");

  private Wording() {}

  /// @param word the function before the place where the issue is
  static String of(String message, String word) {
    int candidates = message.startsWith("found no matching overload") ? message.indexOf(" (candidates: ") : -1;
    if (candidates >= 0) {
      return message.substring(0, candidates);
    }
    if (message.equals("The argument must be a simple name")) {
      return word.equals("map") || word.equals("filter") ? "argument is not an identifier" : "argument must be a simple name";
    }
    if (message.startsWith("For input string: ")) {
      return "invalid int literal";
    }
    if (message.startsWith("unsupported syntax '")) {
      return "unsupported syntax: " + message.substring("unsupported syntax ".length());
    }
    // Go's parser asks for the end where Java's names all that could go on.
    int end = message.indexOf(" expecting {<EOF>, ");
    String told = end < 0 ? message : message.substring(0, end) + " expecting <EOF>";
    return PARSER.stream().anyMatch(told::startsWith) ? "Syntax error: " + told : told;
  }

  /// Whether cel-go says this at all.
  static boolean isTold(String message) {
    return !message.startsWith("Message type resolution failure");
  }

  /// A type as cel-go prints it.
  static String type(CelType type) {
    return switch (type) {
      case ListType list -> "list(" + type(list.elemType()) + ")";
      case MapType map -> "map(" + type(map.keyType()) + ", " + type(map.valueType()) + ")";
      case TypeType of -> "type(" + type(of.type()) + ")";
      default -> {
        if (type.parameters().isEmpty()) {
          yield type.name();
        }
        yield type.name() + "(" + String.join(", ", type.parameters().stream().map(Wording::type).toList()) + ")";
      }
    };
  }

}
