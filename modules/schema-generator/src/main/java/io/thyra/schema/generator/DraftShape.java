package io.thyra.schema.generator;

import java.util.function.UnaryOperator;

/// A shape by name: written `STRING`, `core/v1.Container`, `[]STRING`, `wrapped []STRING`, `map STRING`.
sealed interface DraftShape {
  /// A scalar or ANYTHING, by the name that the run-time enum has.
  record Plain(String name) implements DraftShape {}

  /// A struct by its OpenAPI name.
  record Named(String type) implements DraftShape {}

  record Many(DraftShape item, boolean wrapped) implements DraftShape {}

  record Mapped(DraftShape value) implements DraftShape {}

  default DraftShape rename(UnaryOperator<String> names) {
    return switch (this) {
      case Plain plain -> plain;
      case Named named -> new Named(names.apply(named.type));
      case Many many -> new Many(many.item.rename(names), many.wrapped);
      case Mapped mapped -> new Mapped(mapped.value.rename(names));
    };
  }

  default String text() {
    return switch (this) {
      case Plain plain -> plain.name;
      case Named named -> Names.shorten(named.type);
      case Many many -> (many.wrapped ? "wrapped []" : "[]") + many.item.text();
      case Mapped mapped -> "map " + mapped.value.text();
    };
  }

  static DraftShape parse(String text) {
    if (text.startsWith("wrapped []")) {
      return new Many(parse(text.substring(10)), true);
    }
    if (text.startsWith("[]")) {
      return new Many(parse(text.substring(2)), false);
    }
    if (text.startsWith("map ")) {
      return new Mapped(parse(text.substring(4)));
    }
    return text.indexOf('.') < 0 ? new Plain(text) : new Named(Names.expand(text));
  }
}
