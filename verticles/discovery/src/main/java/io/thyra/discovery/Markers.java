package io.thyra.discovery;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Extensions of types and fields that nothing but OpenAPI shows: unions, granular maps, the values that the values of a map
/// may have. Immutable.
/// Source: the markers +union, +mapType, +listType and +enum of the types.go files.
final class Markers {
  private static final Map<String, List<String>> VALUES = new HashMap<>();
  private static final Map<String, ObjectValue> EXTENSIONS = read();

  private Markers() {}

  /// @param name the type's OpenAPI name, for a field with `#` and the field's name
  static ObjectValue of(String name) {
    return EXTENSIONS.getOrDefault(name, ObjectValue.EMPTY);
  }

  /// What the values of a map may be, in upstream's order; empty where anything goes.
  static List<String> values(String name) {
    return VALUES.getOrDefault(name, List.of());
  }

  private static Map<String, ObjectValue> read() {
    var extensions = new HashMap<String, ObjectValue>();
    Lines.read(
        "markers.txt",
        line -> {
          String[] words = line.split(" ");
          if (words[1].equals("values")) {
            VALUES.put(words[0], List.of(words[2].split(",")));
            return;
          }
          extensions.put(
              words[0],
              words[1].equals("union")
                  ? ObjectValue.of("x-kubernetes-unions", ListValue.of(union(words)))
                  : ObjectValue.of("x-kubernetes-" + words[1] + "-type", Value.of(words[2])));
        });
    return extensions;
  }

  private static ObjectValue union(String[] words) {
    var union = ObjectValue.builder();
    if (!words[2].equals("-")) {
      union.put("discriminator", words[2]);
    }
    var fields = ObjectValue.builder();
    Arrays.stream(words).skip(3).map(word -> word.split(":")).forEach(pair -> fields.put(pair[0], pair[1]));
    return union.put("fields-to-discriminateBy", fields.build()).build();
  }
}
