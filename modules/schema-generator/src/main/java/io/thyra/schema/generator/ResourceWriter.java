package io.thyra.schema.generator;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/// Writes the two files of the resource. `types.bin`: the number of texts and the texts (modified UTF-8), the number of
/// types, then per type its name, flags, description, kinds (group, version, kind), the length of its fields in bytes
/// and the fields. `descriptions.bin`: deflated; the number of texts, then length and UTF-8 bytes of each. Numbers are
/// unsigned LEB128, texts, types and descriptions are named by their position. Both files are the same for the same
/// input.
final class ResourceWriter {
  private static final List<String> SCALARS = List.of(
      "STRING", "BOOLEAN", "INT32", "INT64", "DOUBLE", "BYTES", "QUANTITY", "INT_OR_STRING", "TIME", "MICRO_TIME", "DURATION");
  private static final int ANYTHING = 20;
  private static final int STRUCT = 21;
  private static final int LIST = 22;
  private static final int MAP = 23;
  private static final int GRANULAR_STRUCT = 24;

  private final Map<String, Integer> texts = new LinkedHashMap<>();
  private final Map<String, Integer> descriptions = new LinkedHashMap<>();
  private final Map<String, Integer> types = new LinkedHashMap<>();

  void write(Collection<Draft> drafts, Path directory) throws IOException {
    text("");
    description("");
    for (Draft draft : drafts) {
      types.put(draft.name, types.size());
    }
    var body = new ByteArrayOutputStream();
    number(body, drafts.size());
    for (Draft draft : drafts) {
      number(body, text(draft.name));
      number(body, draft.atomic ? 1 : 0);
      number(body, description(draft.description));
      number(body, draft.kinds.size());
      for (String kind : draft.kinds) {
        for (String part : kind.split("/", -1)) {
          number(body, text(part));
        }
      }
      var fields = new ByteArrayOutputStream();
      number(fields, draft.fields.size());
      for (Draft.Field field : draft.fields) {
        field(fields, field, draft);
      }
      number(body, fields.size());
      fields.writeTo(body);
    }
    Files.createDirectories(directory);
    try (var out = new DataOutputStream(Files.newOutputStream(directory.resolve("types.bin")))) {
      var head = new ByteArrayOutputStream();
      number(head, texts.size());
      var data = new DataOutputStream(head);
      for (String text : texts.keySet()) {
        data.writeUTF(text);
      }
      head.writeTo(out);
      body.writeTo(out);
    }
    try (var out = new DeflaterOutputStream(
        Files.newOutputStream(directory.resolve("descriptions.bin")), new Deflater(Deflater.BEST_COMPRESSION))) {
      var head = new ByteArrayOutputStream();
      number(head, descriptions.size());
      for (String text : descriptions.keySet()) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(head, bytes.length);
        head.writeBytes(bytes);
      }
      head.writeTo(out);
    }
  }

  private void field(ByteArrayOutputStream out, Draft.Field field, Draft owner) {
    number(out, text(field.inline ? field.goName : field.name));
    number(out, text(field.goName));
    number(out, text(field.goType));
    number(out, field.number);
    number(out, (field.required ? 1 : 0) | (field.pointer ? 2 : 0) | (field.omitEmpty ? 4 : 0) | (field.inline ? 8 : 0));
    shape(out, field.shape, field, owner);
    optionalText(out, field.mergeKey);
    number(out, text(field.strategy));
    optionalText(out, field.defaultJson);
    texts(out, field.enumValues);
    number(out, description(field.description));
  }

  // List and map semantics belong to the field's own list or map, not to those within.
  private void shape(ByteArrayOutputStream out, DraftShape shape, Draft.@Nullable Field field, Draft owner) {
    switch (shape) {
      case DraftShape.Plain plain -> {
        int scalar = SCALARS.indexOf(plain.name());
        if (scalar < 0 && !plain.name().equals("ANYTHING")) {
          throw new IllegalArgumentException("unknown shape " + plain.name() + " in " + owner.name);
        }
        number(out, scalar < 0 ? ANYTHING : scalar);
      }
      case DraftShape.Named named -> {
        Integer type = types.get(named.type());
        if (type == null) {
          throw new IllegalArgumentException("unknown type " + named.type() + " in " + owner.name);
        }
        number(out, field != null && field.granular ? GRANULAR_STRUCT : STRUCT);
        number(out, type);
      }
      case DraftShape.Many many -> {
        number(out, LIST);
        number(out, field == null ? 0 : List.of("atomic", "set", "map").indexOf(field.listType));
        number(out, many.wrapped() ? 1 : 0);
        texts(out, field == null ? List.of() : field.mapKeys);
        shape(out, many.item(), null, owner);
      }
      case DraftShape.Mapped mapped -> {
        number(out, MAP);
        number(out, field != null && field.mapAtomic ? 1 : 0);
        shape(out, mapped.value(), null, owner);
      }
    }
  }

  private void texts(ByteArrayOutputStream out, List<String> values) {
    number(out, values.size());
    for (String value : values) {
      number(out, text(value));
    }
  }

  private void optionalText(ByteArrayOutputStream out, @Nullable String value) {
    number(out, value == null ? 0 : text(value) + 1);
  }

  private int text(String text) {
    return texts.computeIfAbsent(text, _ -> texts.size());
  }

  private int description(String text) {
    return descriptions.computeIfAbsent(text, _ -> descriptions.size());
  }

  private static void number(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest > 0x7f) {
      out.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
