package io.thyra.schema;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.GroupVersionResource;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// Reads the generated resource: the names of all types at once, the fields of a type when they are first asked for, the
/// descriptions only when OpenAPI wants them. The format is told at `ResourceWriter` of the generator.
final class BuiltinSchemas implements Schemas {
  private static final class Holder {
    static final BuiltinSchemas INSTANCE = new BuiltinSchemas();
  }

  // Records instead of lambdas: at first use of the server, linking lambdas would cost more than reading the types.
  private record Text(BuiltinSchemas schemas, int index) implements Supplier<String> {
    @Override
    public String get() {
      return schemas.description(index);
    }
  }

  private record Declared(BuiltinSchemas schemas, int start) implements Supplier<List<FieldSchema>> {
    @Override
    public List<FieldSchema> get() {
      return schemas.fields(start);
    }
  }

  private static final Scalar[] SCALARS = Scalar.values();
  private static final ListOf.Type[] LIST_TYPES = ListOf.Type.values();
  private static final int ANYTHING = 20;
  private static final int STRUCT = 21;
  private static final int LIST = 22;
  private static final int MAP = 23;
  private static final int GRANULAR_STRUCT = 24;

  private final byte[] bytes;
  private final String[] texts;
  private final Struct[] types;
  private final Map<String, Struct> byName;
  private final Map<GroupVersionKind, Struct> byKind;
  private final List<ResourceSchema> resources;
  private final Map<GroupVersionResource, ResourceSchema> byResource;
  private volatile SoftReference<String @Nullable []> descriptions = new SoftReference<>(null);

  static Schemas instance() {
    return Holder.INSTANCE;
  }

  private BuiltinSchemas() {
    bytes = read("types.bin");
    var in = new Cursor(bytes, 0);
    texts = in.texts();
    int count = in.number();
    types = new Struct[count];
    byName = HashMap.newHashMap(count);
    byKind = HashMap.newHashMap(2 * count);
    for (int i = 0; i < count; i++) {
      String name = texts[in.number()];
      boolean atomic = in.number() == 1;
      int description = in.number();
      int kinds = in.number();
      var registered = new ArrayList<GroupVersionKind>(kinds);
      for (int k = 0; k < kinds; k++) {
        registered.add(new GroupVersionKind(texts[in.number()], texts[in.number()], texts[in.number()]));
      }
      int length = in.number();
      int start = in.position;
      in.position += length;
      var type = new Struct(name, name.substring(name.lastIndexOf('.') + 1), new Text(this, description), atomic, false,
          new Declared(this, start));
      types[i] = type;
      byName.put(name, type);
      for (GroupVersionKind kind : registered) {
        byKind.put(kind, type);
      }
    }
    resources = ResourceTable.read();
    byResource = HashMap.newHashMap(resources.size());
    for (ResourceSchema resource : resources) {
      byResource.put(resource.resource(), resource);
    }
  }

  @Override
  public Optional<Struct> findKind(GroupVersionKind kind) {
    return Optional.ofNullable(byKind.get(kind));
  }

  @Override
  public Optional<Struct> findType(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  @Override
  public Collection<GroupVersionKind> kinds() {
    return Collections.unmodifiableSet(byKind.keySet());
  }

  @Override
  public Collection<Struct> types() {
    return Collections.unmodifiableCollection(byName.values());
  }

  @Override
  public List<ResourceSchema> resources() {
    return resources;
  }

  @Override
  public Optional<ResourceSchema> findResource(GroupVersionResource resource) {
    return Optional.ofNullable(byResource.get(resource));
  }

  private List<FieldSchema> fields(int start) {
    var in = new Cursor(bytes, start);
    int count = in.number();
    var fields = new ArrayList<FieldSchema>(count);
    for (int i = 0; i < count; i++) {
      String name = texts[in.number()];
      String goName = texts[in.number()];
      String goType = texts[in.number()];
      int number = in.number();
      int flags = in.number();
      Shape shape = shape(in);
      String mergeKey = optional(in.number());
      String strategy = texts[in.number()];
      String defaultJson = optional(in.number());
      List<String> enumValues = list(in);
      int description = in.number();
      fields.add(new FieldSchema(name, goName, goType, number, shape, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0,
          (flags & 8) != 0, mergeKey, strategy, defaultJson, enumValues, new Text(this, description)));
    }
    return fields;
  }

  private Shape shape(Cursor in) {
    int tag = in.number();
    return switch (tag) {
      case ANYTHING -> Anything.ANYTHING;
      case STRUCT -> types[in.number()];
      case GRANULAR_STRUCT -> {
        Struct type = types[in.number()];
        yield new Struct(type.name(), type.goName(), type::description, false, type.preserveUnknown(), type::fields);
      }
      case LIST -> {
        ListOf.Type type = LIST_TYPES[in.number()];
        boolean wrapped = in.number() == 1;
        List<String> keys = list(in);
        yield new ListOf(shape(in), type, keys, wrapped);
      }
      case MAP -> {
        boolean atomic = in.number() == 1;
        yield new MapOf(shape(in), atomic);
      }
      default -> SCALARS[tag];
    };
  }

  private List<String> list(Cursor in) {
    int count = in.number();
    if (count == 0) {
      return List.of();
    }
    var values = new String[count];
    for (int i = 0; i < count; i++) {
      values[i] = texts[in.number()];
    }
    return List.of(values);
  }

  private @Nullable String optional(int index) {
    return index == 0 ? null : texts[index - 1];
  }

  // Softly held: OpenAPI asks for all of them in a row and then not again.
  private String description(int index) {
    if (index == 0) {
      return "";
    }
    String @Nullable [] known = descriptions.get();
    if (known == null) {
      known = readDescriptions();
      descriptions = new SoftReference<>(known);
    }
    return known[index];
  }

  private static String[] readDescriptions() {
    byte[] inflated;
    try (var in = new InflaterInputStream(new ByteArrayInputStream(read("descriptions.bin")))) {
      inflated = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var in = new Cursor(inflated, 0);
    var texts = new String[in.number()];
    for (int i = 0; i < texts.length; i++) {
      int length = in.number();
      texts[i] = new String(inflated, in.position, length, StandardCharsets.UTF_8);
      in.position += length;
    }
    return texts;
  }

  private static byte[] read(String name) {
    try (InputStream stream = BuiltinSchemas.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the schema resource " + name + " is missing: build the schema module");
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A place in the bytes. Not shared between threads.
  private static final class Cursor {
    private final byte[] bytes;
    private int position;

    Cursor(byte[] bytes, int position) {
      this.bytes = bytes;
      this.position = position;
    }

    int number() {
      int value = 0;
      int shift = 0;
      while (true) {
        byte next = bytes[position++];
        value |= (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
        shift += 7;
      }
    }

    String[] texts() {
      var texts = new String[number()];
      try (var in = new DataInputStream(new ByteArrayInputStream(bytes, position, bytes.length - position))) {
        for (int i = 0; i < texts.length; i++) {
          // Interned: names are compared with those that parsers intern.
          texts[i] = in.readUTF().intern();
        }
        position = bytes.length - in.available();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return texts;
    }
  }
}
