package io.thyra.schema.generator;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Applies the text of ours to the drafts: types that the artifacts lack and exceptions to [Rules]. The head of
/// `supplement.txt` documents the format.
final class Supplement {
  private final Map<String, Draft> types;
  private final Map<String, List<String>> enums = new HashMap<>();
  private final Map<String, String> groups = new HashMap<>();
  private final List<String> options = new ArrayList<>();

  Supplement(LinkedHashMap<String, Draft> types) {
    this.types = types;
  }

  /// The API group of `io.k8s.api.rbac.v1`, `rbac.authorization.k8s.io`.
  String group(String packageName) {
    String brief = Names.shorten(packageName + ".X");
    String directory = brief.substring(0, brief.indexOf('/'));
    return groups.getOrDefault(directory, directory);
  }

  /// The kinds that every group version registers besides its own.
  List<String> options() {
    return options;
  }

  void apply(BufferedReader source) throws IOException {
    Draft type = null;
    int number = 0;
    for (String line = source.readLine(); line != null; line = source.readLine()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.strip().split(" +");
      try {
        if (line.startsWith(" ")) {
          if (type == null) {
            throw new IllegalArgumentException("no type");
          }
          change(type, words);
        } else {
          type = statement(words, line);
        }
      } catch (RuntimeException e) {
        throw new IllegalArgumentException("supplement line " + number + ": " + line, e);
      }
    }
  }

  private @org.jspecify.annotations.Nullable Draft statement(String[] words, String line) {
    switch (words[0]) {
      case "group" -> groups.put(words[1], words[2].equals("core") ? "" : words[2]);
      case "enum" -> enums.put(words[1], List.of(line.substring(line.indexOf(words[1]) + words[1].length() + 1).split("\\|", -1)));
      case "options" -> options.addAll(List.of(words).subList(1, words.length));
      case "package" -> copyPackage(Names.expand(words[1]), Names.expand(words[3]), Set.of(words));
      case "type" -> {
        String name = Names.expand(words[1]);
        if (words.length > 3) {
          Draft copy = copy(required(Names.expand(words[3])), name);
          types.put(name, copy);
        }
        return types.computeIfAbsent(name, Draft::new);
      }
      case "remove" -> {
        String name = Names.expand(words[1]);
        if (!types.keySet().removeIf(type -> type.equals(name) || type.startsWith(name + "."))) {
          throw new IllegalArgumentException("unknown type");
        }
      }
      default -> throw new IllegalArgumentException("unknown statement");
    }
    return null;
  }

  private Draft required(String name) {
    Draft type = types.get(name);
    if (type == null) {
      throw new IllegalArgumentException("unknown type " + name);
    }
    return type;
  }

  private void copyPackage(String target, String source, Set<String> except) {
    for (Draft type : List.copyOf(types.values())) {
      if (type.packageName().equals(source) && !except.contains(type.simpleName())) {
        String name = target + "." + type.simpleName();
        types.put(name, copy(type, name));
      }
    }
  }

  // Types of the copied package stand for those of the same name in the new one.
  private static Draft copy(Draft source, String name) {
    var copy = new Draft(name);
    String from = source.packageName() + ".";
    String to = copy.packageName() + ".";
    UnaryOperator<String> names = type ->
        type.startsWith(from) && type.indexOf('.', from.length()) < 0 ? to + type.substring(from.length()) : type;
    copy.atomic = source.atomic;
    copy.description = source.description;
    if (!source.kinds.isEmpty()) {
      copy.kinds.add(copy.simpleName());
    }
    for (Draft.Field field : source.fields) {
      Draft.Field copied = field.copy(field.shape.rename(names));
      if (!copied.goType.isEmpty()) {
        String oldVersion = from.substring(from.lastIndexOf('.', from.length() - 2) + 1);
        String newVersion = to.substring(to.lastIndexOf('.', to.length() - 2) + 1);
        copied.goType = copied.goType.replaceFirst("\\b" + oldVersion.replace(".", "\\."), newVersion);
      }
      copy.fields.add(copied);
    }
    return copy;
  }

  private void change(Draft type, String[] words) {
    switch (words[0]) {
      case "@atomic" -> type.atomic = true;
      case "@granular" -> type.atomic = false;
      case "@bare" -> type.bare = true;
      case "@kind" -> {
        type.kinds.clear();
        type.kinds.addAll(List.of(words).subList(1, words.length));
      }
      case "@order" -> {
        var ordered = new ArrayList<Draft.Field>();
        for (String name : words) {
          Draft.Field field = type.find(name);
          if (field != null) {
            ordered.add(field);
          }
        }
        if (ordered.size() != type.fields.size()) {
          throw new IllegalArgumentException("the order must name every field");
        }
        type.fields = ordered;
      }
      case "-" -> {
        for (String name : words) {
          type.fields.removeIf(field -> field.name.equals(name));
        }
      }
      case "+" -> {
        var field = new Draft.Field(words[1], Integer.parseInt(words[2]), DraftShape.parse(words[3].replace(':', ' ')));
        field.required = true;
        facts(field, words, 4);
        type.fields.add(field);
      }
      default -> {
        Draft.Field field = type.find(words[0]);
        if (field == null) {
          throw new IllegalArgumentException(type.name + " has no field " + words[0]);
        }
        facts(field, words, 1);
      }
    }
  }

  private void facts(Draft.Field field, String[] words, int start) {
    for (int i = start; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      String fact = equals < 0 ? words[i] : words[i].substring(0, equals);
      String value = equals < 0 ? "" : words[i].substring(equals + 1);
      switch (fact) {
        case "pointer" -> field.pointer = true;
        case "value" -> field.pointer = false;
        case "omit" -> field.omitEmpty = true;
        case "print" -> field.omitEmpty = false;
        case "required" -> field.required = true;
        case "optional" -> field.required = false;
        case "json" -> field.name = value;
        case "inline" -> field.inline = true;
        case "go" -> field.goName = value;
        case "type" -> field.goType = value.replace('~', ' ');
        case "number" -> field.number = Integer.parseInt(value);
        case "shape" -> field.shape = DraftShape.parse(value.replace(':', ' '));
        case "list" -> field.listType = value;
        case "keys" -> field.mapKeys = value.isEmpty() ? List.of() : List.of(value.split(","));
        case "key" -> field.mergeKey = value.isEmpty() ? null : value;
        case "strategy" -> field.strategy = value;
        case "default" -> field.defaultJson = value.isEmpty() ? null : value;
        case "atomic" -> field.mapAtomic = true;
        case "granular" -> {
          field.mapAtomic = false;
          field.granular = true;
        }
        case "enum" -> {
          List<String> values = value.isEmpty() ? List.of() : enums.get(value);
          if (values == null) {
            throw new IllegalArgumentException("unknown enum " + value);
          }
          field.enumValues = values;
        }
        default -> throw new IllegalArgumentException("unknown fact " + words[i]);
      }
    }
    if (field.inline) {
      field.name = field.goName;
    }
  }
}
