package io.thyra.group;

import io.thyra.codec.ListHead;
import io.thyra.codec.Table;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.Forms;
import io.thyra.registry.Subresource;
import io.thyra.registry.TableColumns;
import io.thyra.schema.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Shows objects as a Table. Source: apiserver pkg/endpoints/handlers/response.go, asTable.
final class Tables {
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

  /// @param objects in the hub version
  static ObjectValue of(ResourceRequest request, ListHead head, List<ObjectValue> objects) {
    Forms forms = request.store().forms();
    TableColumns shown = request.definition().columns(request.version());
    return table(request, head, shown, objects, o -> forms.printed(forms.fromHub(o, request.version())));
  }

  private static ObjectValue table(
      ResourceRequest request, ListHead head, TableColumns shown, List<ObjectValue> objects, UnaryOperator<ObjectValue> printed) {
    String word = request.query().has("includeObject") ? request.query().first("includeObject") : null;
    Table.IncludeObject include = Table.IncludeObject.of(word);
    if (include == null) {
      FieldError error =
          FieldError.invalid(
              FieldPath.of("includeObject"), Objects.requireNonNull(word), "must be 'Metadata', 'Object', 'None', or empty");
      throw new Failure.BadRequest("Unable to convert to Table as requested: " + error).toException();
    }
    List<Table.Column> columns =
        shown.columns().stream()
            .map(c -> new Table.Column(c.name(), c.type(), c.format(), c.description(), c.priority()))
            .toList();
    var rows = new ArrayList<Table.Row>(objects.size());
    for (ObjectValue object : objects) {
      ObjectValue carried =
          include == Table.IncludeObject.OBJECT ? printed.apply(object) : object;
      List<Value> cells = shown.cells().apply(object, request.context().now());
      rows.add(new Table.Row(cells, shown.conditions().apply(object), carried));
    }
    String version = Objects.requireNonNull(request.accepted().transform(), "no table was asked for").version();
    return new Table(columns, rows).tree(head, include, version);
  }
}
