package io.thyra.codec;

import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import org.jspecify.annotations.Nullable;

/// Writes whole answers.
public final class ObjectEncoder {
  private ObjectEncoder() {}

  /// An object as the body of an answer: compact JSON ends in a newline, indented JSON does not.
  ///
  /// @param type the type of the object's kind, needed for protobuf
  public static byte[] encode(ObjectValue object, @Nullable Struct type, Accepted accepted) {
    return switch (accepted.format()) {
      case JSON -> {
        if (accepted.pretty()) {
          yield JsonWriter.writePretty(object);
        }
        SizeGuess guess = type == null ? new SizeGuess() : Layout.of(type).jsonBytes();
        ByteSink out = new ByteSink(guess.next());
        JsonWriter.write(object, out);
        guess.saw(out.size());
        yield out.put('\n').take();
      }
      case YAML -> YamlWriter.write(object);
      case PROTOBUF -> {
        if (type == null) {
          throw new IllegalArgumentException("protobuf of " + object.string("kind") + " needs its type");
        }
        yield ProtobufWriter.write(object, type);
      }
    };
  }
}
