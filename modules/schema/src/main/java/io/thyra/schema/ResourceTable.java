package io.thyra.schema;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.GroupVersionResource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `resources.txt`, the table of built-in resources; its head documents the format.
final class ResourceTable {
  private static final Map<String, List<String>> VERBS = Map.of(
      "all", List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"),
      "status", List.of("get", "patch", "update"),
      "connect", List.of("create", "delete", "get", "patch", "update"));

  private static final Pattern BLANKS = Pattern.compile(" +");

  private ResourceTable() {}

  static List<ResourceSchema> read() {
    try (InputStream stream = ResourceTable.class.getResourceAsStream("resources.txt")) {
      if (stream == null) {
        throw new IllegalStateException("resources.txt is missing");
      }
      return read(new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<ResourceSchema> read(BufferedReader table) throws IOException {
    var resources = new ArrayList<ResourceSchema>();
    String group = "";
    String version = "";
    boolean served = true;
    Row row = null;
    for (String line = table.readLine(); line != null; line = table.readLine()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] words = BLANKS.split(line.strip());
      if (line.startsWith("    ")) {
        if (row == null) {
          throw new IllegalArgumentException("a subresource without a resource: " + line);
        }
        row.subresources.add(subresource(words, row.kind));
      } else if (line.startsWith("  ")) {
        if (row != null) {
          resources.add(row.finish());
        }
        row = new Row(group, version, served, words);
      } else {
        if (row != null) {
          resources.add(row.finish());
          row = null;
        }
        int slash = words[0].indexOf('/');
        group = slash < 0 ? "" : words[0].substring(0, slash);
        version = words[0].substring(slash + 1);
        served = words.length == 1;
      }
    }
    if (row != null) {
      resources.add(row.finish());
    }
    return List.copyOf(resources);
  }

  private static ResourceSchema.Subresource subresource(String[] words, GroupVersionKind owner) {
    GroupVersionKind kind = owner;
    if (words.length > 2) {
      String[] parts = words[2].split("/");
      kind = switch (parts.length) {
        case 1 -> new GroupVersionKind(owner.group(), owner.version(), parts[0]);
        case 2 -> new GroupVersionKind("", parts[0], parts[1]);
        default -> new GroupVersionKind(parts[0], parts[1], parts[2]);
      };
    }
    return new ResourceSchema.Subresource(words[0], kind, verbs(words[1]));
  }

  private static List<String> verbs(String text) {
    List<String> known = VERBS.get(text);
    return known != null ? known : List.of(text.split(","));
  }

  private static final class Row {
    final GroupVersionKind kind;
    final String plural;
    final boolean namespaced;
    final boolean served;
    List<String> verbs;
    List<String> shortNames = List.of();
    List<String> categories = List.of();
    @Nullable String singular;
    final List<ResourceSchema.Subresource> subresources = new ArrayList<>();

    Row(String group, String version, boolean served, String[] words) {
      plural = words[0];
      kind = new GroupVersionKind(group, version, words[1]);
      namespaced = switch (words[2]) {
        case "namespaced" -> true;
        case "cluster" -> false;
        default -> throw new IllegalArgumentException("neither namespaced nor cluster: " + words[2]);
      };
      verbs = VERBS.getOrDefault("all", List.of());
      this.served = served;
      for (int i = 3; i < words.length; i++) {
        int equals = words[i].indexOf('=');
        List<String> values = List.of(words[i].substring(equals + 1).split(","));
        switch (words[i].substring(0, equals)) {
          case "verbs" -> verbs = values;
          case "short" -> shortNames = values;
          case "in" -> categories = values;
          case "singular" -> singular = values.getFirst();
          default -> throw new IllegalArgumentException("unknown column " + words[i]);
        }
      }
    }

    ResourceSchema finish() {
      String name = singular != null ? singular : kind.kind().toLowerCase(java.util.Locale.ROOT);
      return new ResourceSchema(new GroupVersionResource(kind.group(), kind.version(), plural), kind, name, namespaced, verbs,
          shortNames, categories, subresources, served);
    }
  }
}
