package io.thyra.discovery;

import io.thyra.codec.Accepted;
import io.thyra.codec.ObjectEncoder;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// One discovery document, encoded once in each format that is asked for. Safe for all threads.
final class Document {
  private final ObjectValue tree;
  private final String type;
  // At most four: JSON twice, YAML, protobuf.
  private final Map<Accepted, Buffer> encoded = new ConcurrentHashMap<>();

  /// @param type the OpenAPI name of its type
  Document(ObjectValue tree, String type) {
    this.tree = tree;
    this.type = type;
  }

  ObjectValue tree() {
    return tree;
  }

  Buffer encode(Accepted accepted) {
    var form = new Accepted(accepted.format(), accepted.pretty(), null, "");
    return encoded.computeIfAbsent(form, f -> Buffer.buffer(ObjectEncoder.encode(tree, Schemas.builtin().findType(type).orElseThrow(), f)));
  }
}
