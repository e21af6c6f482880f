package io.thyra.registry;

import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/// How a kind is shown as a Table: its columns, and the cells of an object (in the hub version) at a moment.
///
/// @param cells as many values as there are columns
/// @param conditions the conditions of a row, such as that a pod has completed; mostly none
public record TableColumns(
    List<Column> columns, BiFunction<ObjectValue, Instant, List<Value>> cells, Function<ObjectValue, List<ObjectValue>> conditions) {
  /// @param type string, integer, number, boolean or date
  /// @param format `name` for the first column, else mostly empty
  /// @param priority 0 for columns that are always shown
  public record Column(String name, String type, String format, String description, int priority) {}

  /// What kinds without columns of their own show. Source: apiserver pkg/registry/rest/table.go.
  public static TableColumns plain(Schemas schemas) {
    Struct metadata = schemas.findType("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta").orElseThrow();
    return new TableColumns(
        List.of(
            new Column("Name", "string", "name", description(metadata, "name"), 0),
            new Column("Created At", "date", "", description(metadata, "creationTimestamp"), 0)),
        (object, _) ->
            List.of(
                new StringValue(object.string("metadata", "name")), new StringValue(object.string("metadata", "creationTimestamp"))));
  }

  private static String description(Struct type, String field) {
    return Objects.requireNonNull(type.field(field)).description();
  }

  /// Columns of rows without conditions.
  public TableColumns(List<Column> columns, BiFunction<ObjectValue, Instant, List<Value>> cells) {
    this(columns, cells, _ -> List.of());
  }

  public TableColumns {
    columns = List.copyOf(columns);
  }
}
