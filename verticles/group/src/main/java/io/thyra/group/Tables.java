package io.thyra.group;

import io.thyra.codec.ListHead;
import io.thyra.codec.Table;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Forms;
import io.thyra.registry.TableColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Shows objects as a Table. Source: apiserver pkg/endpoints/handlers/response.go, asTable.
final class Tables {
  private Tables() {}

  /// @param objects in the hub version
  static ObjectValue of(ResourceRequest request, ListHead head, List<ObjectValue> objects) {
    String word = request.query().has("includeObject") ? request.query().first("includeObject") : null;
    Table.IncludeObject include = Table.IncludeObject.of(word);
    if (include == null) {
      FieldError error =
          FieldError.invalid(
              FieldPath.of("includeObject"), Objects.requireNonNull(word), "must be 'Metadata', 'Object', 'None', or empty");
      throw new Failure.BadRequest("Unable to convert to Table as requested: " + error).toException();
    }
    TableColumns shown = request.definition().columns(request.version());
    List<Table.Column> columns =
        shown.columns().stream()
            .map(c -> new Table.Column(c.name(), c.type(), c.format(), c.description(), c.priority()))
            .toList();
    Forms forms = request.store().forms();
    var rows = new ArrayList<Table.Row>(objects.size());
    for (ObjectValue object : objects) {
      ObjectValue carried =
          include == Table.IncludeObject.OBJECT ? forms.printed(forms.fromHub(object, request.version())) : object;
      rows.add(new Table.Row(shown.cells().apply(object, request.context().now()), carried));
    }
    String version = Objects.requireNonNull(request.accepted().transform(), "no table was asked for").version();
    return new Table(columns, rows).tree(head, include, version);
  }
}
