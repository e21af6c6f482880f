package io.thyra.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thyra.model.GroupVersionKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Against upstream's serialised objects of every kind, where they are at hand: `../shared` beside the repository, or where
/// the system property `thyra.shared` says. Each has every field set.
class FixturesTest {
  private static List<Path> objects() throws IOException {
    String given = System.getProperty("thyra.shared");
    Path shared = given != null ? Path.of(given) : repository().resolveSibling("shared");
    Path directory = shared.resolve("fixtures/api-objects");
    assumeTrue(Files.isDirectory(directory), () -> directory + " is absent");
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static Path repository() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory.getParent() != null && !Files.exists(directory.resolve("mvnw"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  @Test
  void knowsEveryKindAndEveryField() throws IOException {
    var strange = new ArrayList<String>();
    List<Path> objects = objects();
    assertThat(objects).isNotEmpty();
    for (Path file : objects) {
      String name = file.getFileName().toString().replace(".json", "");
      String[] parts = name.split("\\.");
      int version = parts.length - 2;
      String group = String.join(".", List.of(parts).subList(0, version));
      var kind = new GroupVersionKind(group.equals("core") ? "" : group, parts[version], parts[version + 1]);
      Struct type = Schemas.builtin().findKind(kind).orElse(null);
      if (type == null) {
        strange.add("no type " + kind);
      } else {
        new Reader(Files.readString(file), strange, name).value(type, name);
      }
    }
    assertThat(strange).isEmpty();
  }

  /// Walks JSON beside a shape; there is no parser on this module's class path. The fixtures are well-formed.
  private static final class Reader {
    private final String text;
    private final List<String> strange;
    private final String file;
    private int at;

    Reader(String text, List<String> strange, String file) {
      this.text = text;
      this.strange = strange;
      this.file = file;
    }

    void value(Shape shape, String path) {
      skipBlanks();
      switch (text.charAt(at)) {
        case '{' -> object(shape, path);
        case '[' -> {
          Shape item = shape instanceof ListOf list ? list.item() : Anything.ANYTHING;
          if (!(shape instanceof ListOf) && !(shape instanceof Anything) && !customJson(shape)) {
            strange.add(path + " is a list");
          }
          at++;
          skipBlanks();
          while (text.charAt(at) != ']') {
            value(item, path + "[]");
            skipBlanks();
            if (text.charAt(at) == ',') {
              at++;
            }
            skipBlanks();
          }
          at++;
        }
        case '"' -> {
          string();
          boolean known = switch (shape) {
            case Scalar scalar -> switch (scalar) {
              case STRING, BYTES, QUANTITY, INT_OR_STRING, TIME, MICRO_TIME, DURATION -> true;
              case BOOLEAN, INT32, INT64, DOUBLE -> false;
            };
            case Anything _ -> true;
            case Struct _, ListOf _, MapOf _ -> customJson(shape);
          };
          if (!known) {
            strange.add(path + " is a string");
          }
        }
        default -> {
          int start = at;
          while (",]} \n".indexOf(text.charAt(at)) < 0) {
            at++;
          }
          String literal = text.substring(start, at);
          boolean known = switch (literal) {
            case "null" -> true;
            case "true", "false" -> shape == Scalar.BOOLEAN || shape == Anything.ANYTHING || customJson(shape);
            default -> shape == Scalar.INT32 || shape == Scalar.INT64 || shape == Scalar.DOUBLE || shape == Scalar.INT_OR_STRING
                || shape == Anything.ANYTHING;
          };
          if (!known) {
            strange.add(path + " is " + literal);
          }
        }
      }
    }

    private void object(Shape shape, String path) {
      at++;
      skipBlanks();
      while (text.charAt(at) != '}') {
        String key = string();
        skipBlanks();
        at++;
        Shape member = switch (shape) {
          case Struct struct when struct.customJson() -> Anything.ANYTHING;
          case Struct struct -> {
            FieldSchema field = struct.field(key);
            if (field == null) {
              strange.add(file + ": " + path + " has no field " + key);
            }
            yield field == null ? Anything.ANYTHING : field.shape();
          }
          case MapOf map -> map.value();
          case Anything anything -> anything;
          case Scalar _, ListOf _ -> {
            strange.add(path + " is an object");
            yield Anything.ANYTHING;
          }
        };
        value(member, path + "." + key);
        skipBlanks();
        if (text.charAt(at) == ',') {
          at++;
        }
        skipBlanks();
      }
      at++;
    }

    private static boolean customJson(Shape shape) {
      return shape instanceof Struct struct && struct.customJson();
    }

    private String string() {
      int start = ++at;
      while (text.charAt(at) != '"') {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
      return text.substring(start, at++);
    }

    private void skipBlanks() {
      while (Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }
  }
}
