package io.thyra.group;

import io.thyra.cache.CachedObject;
import io.thyra.codec.JsonWriter;
import io.thyra.codec.ListHead;
import io.thyra.codec.Table;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Forms;
import io.thyra.registry.Subresource;
import io.thyra.registry.TableColumns;
import io.thyra.schema.Schemas;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Shows objects as a Table. Source: apiserver pkg/endpoints/handlers/response.go, asTable.
final class Tables {
  private static final int PIECE_BYTES = 64 * 1024;

  private Tables() {}

  /// A Scale.
  static ObjectValue ofScale(ResourceRequest request, ListHead head, ObjectValue scale) {
    Optional<Subresource> found = request.definition().findSubresource(request.request().info().subresource(), request.version());
    TableColumns shown =
        found
            .flatMap(s -> s instanceof Subresource.Scale known ? known.columns() : Optional.empty())
            .orElseGet(() -> TableColumns.plain(Schemas.builtin()));
    return table(request, head, shown, List.of(scale), o -> o);
  }

  /// A list as compact JSON, of rows that are kept with the objects.
  static List<Buffer> pieces(ResourceRequest request, ListHead head, List<CachedObject> objects) {
    Table.IncludeObject include = include(request);
    var rows = new KeptRows(request.store(), request.version(), include, version(request), request.context().now());
    byte[] empty = JsonWriter.write(new Table(columns(request.definition().columns(request.version())), List.of()).tree(head, include, version(request)));
    var pieces = new ArrayList<Buffer>();
    // The rows come last: between the brackets before the brace that ends the table.
    Buffer piece = Buffer.buffer(PIECE_BYTES).appendBytes(empty, 0, empty.length - 2);
    boolean first = true;
    for (CachedObject object : objects) {
      if (!first) {
        piece.appendByte((byte) ',');
      }
      first = false;
      rows.append(object, piece);
      if (piece.length() >= PIECE_BYTES) {
        pieces.add(piece);
        piece = Buffer.buffer(PIECE_BYTES);
      }
    }
    pieces.add(piece.appendString("]}\n"));
    return pieces;
  }

  /// @param objects in the hub version
  static ObjectValue of(ResourceRequest request, ListHead head, List<ObjectValue> objects) {
    Forms forms = request.store().forms();
    TableColumns shown = request.definition().columns(request.version());
    return table(request, head, shown, objects, o -> forms.printed(forms.fromHub(o, request.version())));
  }

  private static ObjectValue table(
      ResourceRequest request, ListHead head, TableColumns shown, List<ObjectValue> objects, UnaryOperator<ObjectValue> printed) {
    Table.IncludeObject include = include(request);
    var rows = new ArrayList<Table.Row>(objects.size());
    for (ObjectValue object : objects) {
      ObjectValue carried = include == Table.IncludeObject.OBJECT ? printed.apply(object) : object;
      rows.add(new Table.Row(shown.cells().apply(object, request.context().now()), shown.conditions().apply(object), carried));
    }
    return new Table(columns(shown), rows).tree(head, include, version(request));
  }

  private static List<Table.Column> columns(TableColumns shown) {
    return shown.columns().stream()
        .map(c -> new Table.Column(c.name(), c.type(), c.format(), c.description(), c.priority()))
        .toList();
  }

  private static String version(ResourceRequest request) {
    return Objects.requireNonNull(request.accepted().transform(), "no table was asked for").version();
  }

  private static Table.IncludeObject include(ResourceRequest request) {
    String word = request.query().has("includeObject") ? request.query().first("includeObject") : null;
    Table.IncludeObject include = Table.IncludeObject.of(word);
    if (include == null) {
      FieldError error =
          FieldError.invalid(
              FieldPath.of("includeObject"), Objects.requireNonNull(word), "must be 'Metadata', 'Object', 'None', or empty");
      throw new Failure.BadRequest("Unable to convert to Table as requested: " + error).toException();
    }
    return include;
  }
}
