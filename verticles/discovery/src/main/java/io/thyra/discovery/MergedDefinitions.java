package io.thyra.discovery;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Puts the OpenAPI 2 documents of several servers into one. The first that has a path keeps it; a model that has another's
/// name without being equal gets a number.
/// Source: kube-openapi pkg/aggregator/aggregator.go.
final class MergedDefinitions {
  private static final String REFERENCE = "#/definitions/";

  private MergedDefinitions() {}

  static ObjectValue merge(ObjectValue own, List<ObjectValue> others) {
    if (others.isEmpty()) {
      return own;
    }
    var paths = new TreeMap<String, Value>();
    own.object("paths").forEach(paths::put);
    var definitions = new TreeMap<String, Value>();
    own.object("definitions").forEach(definitions::put);
    for (ObjectValue other : others) {
      Map<String, String> renamed = renamed(other.object("definitions"), definitions);
      other
          .object("definitions")
          .forEach((name, model) -> definitions.putIfAbsent(renamed.getOrDefault(name, name), renamed(model, renamed)));
      other.object("paths").forEach((path, operations) -> paths.putIfAbsent(path, renamed(operations, renamed)));
    }
    return own.with("paths", ObjectValue.of(paths)).with("definitions", ObjectValue.of(definitions));
  }

  private static Map<String, String> renamed(ObjectValue models, Map<String, Value> taken) {
    var renamed = new HashMap<String, String>();
    models.forEach(
        (name, model) -> {
          Value same = taken.get(name);
          if (same == null || same.equals(model)) {
            return;
          }
          int number = 2;
          while (taken.containsKey(name + "_v" + number) && !model.equals(taken.get(name + "_v" + number)) || models.has(name + "_v" + number)) {
            number++;
          }
          renamed.put(name, name + "_v" + number);
        });
    return renamed;
  }

  private static Value renamed(Value value, Map<String, String> names) {
    if (names.isEmpty()) {
      return value;
    }
    return switch (value) {
      case ObjectValue object -> {
        var built = ObjectValue.builder();
        object.forEach(
            (name, each) -> {
              boolean reference = name.equals("$ref") && each instanceof StringValue(String target) && target.startsWith(REFERENCE);
              built.put(name, reference ? reference((StringValue) each, names) : renamed(each, names));
            });
        yield built.build();
      }
      case ListValue list -> list.map(each -> renamed(each, names));
      default -> value;
    };
  }

  private static Value reference(StringValue reference, Map<String, String> names) {
    String name = reference.value().substring(REFERENCE.length());
    return Value.of(REFERENCE + names.getOrDefault(name, name));
  }
}
