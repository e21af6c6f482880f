package io.thyra.schema.generator;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.swagger.annotations.ApiModelProperty;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;

/// Makes the schema resource. Run by the build of the schema module; the one argument is the directory to write to.
public final class SchemaGenerator {
  private static final String PROTO_PACKAGE = "io/kubernetes/client/proto/";

  private final LinkedHashMap<String, Draft> types = new LinkedHashMap<>();
  private final Supplement supplement = new Supplement(types);

  private SchemaGenerator() {}

  public static void main(String[] arguments) {
    try {
      var generator = new SchemaGenerator();
      generator.readDescriptors();
      generator.readSupplement();
      generator.finish();
      OpenApiModels.describe(generator.types.values());
      new ResourceWriter().write(generator.types.values(), Path.of(arguments[0]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readDescriptors() throws IOException {
    var comments = new Comments();
    var files = new ArrayList<String>();
    URL sources = SchemaGenerator.class.getClassLoader().getResource(PROTO_PACKAGE + "Meta.java");
    if (sources == null) {
      throw new IllegalStateException("the sources of client-java-proto are not on the class path");
    }
    var connection = (JarURLConnection) sources.openConnection();
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      for (String name : new TreeSet<>(jar.stream().map(java.util.zip.ZipEntry::getName).toList())) {
        if (name.startsWith(PROTO_PACKAGE) && name.endsWith(".java")) {
          files.add(name.substring(PROTO_PACKAGE.length(), name.length() - ".java".length()));
          try (var reader = reader(jar.getInputStream(jar.getEntry(name)))) {
            comments.read(reader);
          }
        }
      }
    }
    // By name, so that the resource does not depend on the order in which files are found.
    var messages = new TreeMap<String, Descriptor>();
    for (String file : files) {
      for (Descriptor message : descriptor(file).getMessageTypes()) {
        messages.put(Names.ofProto(message.getFullName()), message);
      }
    }
    for (Map.Entry<String, Descriptor> message : messages.entrySet()) {
      if (!Rules.isSpecial(message.getKey()) && !Rules.wrapsList(message.getValue())) {
        types.put(message.getKey(), draft(message.getKey(), message.getValue(), comments));
      }
    }
  }

  private static FileDescriptor descriptor(String outerClass) {
    try {
      Class<?> outer = Class.forName(PROTO_PACKAGE.replace('/', '.') + outerClass);
      return (FileDescriptor) outer.getMethod("getDescriptor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(outerClass, e);
    }
  }

  private static Draft draft(String name, Descriptor message, Comments comments) {
    var draft = new Draft(name);
    List<String> comment = comments.of(message.getFullName());
    draft.description = Comments.description(comment);
    draft.atomic = Comments.markers(comment, "structType").contains("atomic") || Comments.markers(comment, "mapType").contains("atomic");
    if (Rules.isKind(message)) {
      draft.kinds.add(draft.simpleName());
    }
    OpenApiModels.Model model = OpenApiModels.find(name, message.getFields().stream().map(FieldDescriptor::getName).toList());
    if (model != null) {
      draft.description = OpenApiModels.withParagraphs(draft.description, model.description());
    }
    for (FieldDescriptor field : message.getFields()) {
      ApiModelProperty property = model == null ? null : model.property(field.getName());
      draft.fields.add(Rules.field(field, comments.of(message.getFullName() + "." + field.getName()), property, Rules.isKind(message)));
    }
    return draft;
  }

  private void readSupplement() throws IOException {
    try (InputStream stream = SchemaGenerator.class.getResourceAsStream("supplement.txt")) {
      if (stream == null) {
        throw new IllegalStateException("supplement.txt is missing");
      }
      supplement.apply(reader(stream));
    }
  }

  // Names the kinds in full, puts apiVersion and kind into them, and settles the Go types.
  private void finish() {
    var versions = new TreeSet<String>();
    for (Draft draft : types.values()) {
      var full = new ArrayList<String>();
      for (String kind : draft.kinds) {
        if (kind.indexOf('/') >= 0) {
          full.add(kind);
        } else {
          String packageName = draft.packageName();
          String version = packageName.substring(packageName.lastIndexOf('.') + 1);
          versions.add(supplement.group(packageName) + "/" + version);
          full.add(supplement.group(packageName) + "/" + version + "/" + kind);
        }
      }
      draft.kinds = full;
    }
    for (String option : supplement.options()) {
      Draft draft = types.get(Names.expand("meta/v1." + option));
      if (draft == null) {
        throw new IllegalStateException("no type " + option);
      }
      for (String version : versions) {
        if (!draft.kinds.contains(version + "/" + option)) {
          draft.kinds.add(version + "/" + option);
        }
      }
    }
    for (Draft draft : types.values()) {
      if (!draft.kinds.isEmpty() && !draft.bare && draft.find("TypeMeta") == null) {
        var meta = new Draft.Field("TypeMeta", 0, DraftShape.parse("meta/v1.TypeMeta"));
        meta.inline = true;
        draft.fields.addFirst(meta);
      }
      for (Draft.Field field : draft.fields) {
        if (field.goType.isEmpty()) {
          field.goType = Rules.goType(field.shape, field.pointer);
        }
      }
    }
  }

  private static BufferedReader reader(InputStream stream) {
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }
}
