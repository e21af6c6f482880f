package io.thyra.config;

import java.util.Objects;

/// One flag that the command line knows.
///
/// @param group the heading under which `--help` shows it
/// @param note why it waits or is refused; empty otherwise
public record Flag(String group, String name, Type type, String defaultValue, State state, String note, String description) {
  /// How a flag's text is read, named as `--help` shows it.
  public enum Type {
    BOOL("bool"),
    INT("int"),
    FLOAT("float"),
    DURATION("duration"),
    IP("ip"),
    STRING("string"),
    STRINGS("strings"),
    STRING_ARRAY("stringArray"),
    INTS("ints"),
    MAP("mapStringString");

    private final String shown;

    Type(String shown) {
      this.shown = shown;
    }

    String shown() {
      return this == BOOL ? "" : shown;
    }

    /// Whether repeating the flag adds to it instead of replacing it.
    boolean accumulates() {
      return switch (this) {
        case STRINGS, STRING_ARRAY, INTS, MAP -> true;
        case BOOL, INT, FLOAT, DURATION, IP, STRING -> false;
      };
    }
  }

  /// What becomes of a flag that is set.
  public enum State {
    ON,
    WAITS,
    REFUSED,
    GIVEN
  }

  public Flag {
    Objects.requireNonNull(group);
    Objects.requireNonNull(name);
    Objects.requireNonNull(type);
  }
}
