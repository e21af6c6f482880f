package io.thyra.codec;

import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A table of objects for people: columns and, for each object, its cells and as much of the object as was asked for.
/// Source: apimachinery pkg/apis/meta/v1/types.go; apiserver pkg/endpoints/handlers/response.go.
///
/// @param columns empty for the later events of a watch, which print `columnDefinitions: null`
public record Table(List<Column> columns, List<Row> rows) {
  /// @param type integer, number, string, boolean or date
  /// @param format a hint such as `name` or `date`, often empty
  /// @param priority 0 for columns that are always shown
  public record Column(String name, String type, String format, String description, int priority) {
    ObjectValue tree() {
      return ObjectValue.builder(5)
          .put("name", name)
          .put("type", type)
          .put("format", format)
          .put("description", description)
          .put("priority", priority)
          .build();
    }
  }

  /// @param conditions what a viewer may mark the row with: that a pod is done
  public record Row(List<Value> cells, List<ObjectValue> conditions, ObjectValue object) {
    public Row(List<Value> cells, ObjectValue object) {
      this(cells, List.of(), object);
    }

    public Row {
      conditions = List.copyOf(conditions);
      cells = List.copyOf(cells);
      Objects.requireNonNull(object);
    }
  }

  /// How much of each object a table carries; the `includeObject` parameter.
  public enum IncludeObject {
    NONE,
    METADATA,
    OBJECT;

    /// The meaning of a parameter, null for a word that has none. Empty and absent mean Metadata.
    public static @Nullable IncludeObject of(@Nullable String word) {
      return switch (word) {
        case null -> METADATA;
        case "", "Metadata" -> METADATA;
        case "None" -> NONE;
        case "Object" -> OBJECT;
        default -> null;
      };
    }
  }

  public Table {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /// The table as it is printed.
  ///
  /// @param head the list that is shown, or for a single object its resourceVersion alone
  /// @param version of meta.k8s.io: v1 or v1beta1
  public ObjectValue tree(ListHead head, IncludeObject include, String version) {
    var printedRows = new ArrayList<Value>(rows.size());
    for (Row row : rows) {
      Value object = switch (include) {
        case NONE -> NullValue.NULL;
        case METADATA -> PartialObject.of(row.object, version);
        case OBJECT -> row.object;
      };
      var printed = ObjectValue.builder(3).put("cells", new ListValue(row.cells));
      if (!row.conditions.isEmpty()) {
        printed.put("conditions", new ListValue(List.<Value>copyOf(row.conditions)));
      }
      printedRows.add(printed.put("object", object).build());
    }
    Value definitions =
        columns.isEmpty() ? NullValue.NULL : new ListValue(columns.stream().<Value>map(Column::tree).toList());
    return ObjectValue.builder(5)
        .put("kind", "Table")
        .put("apiVersion", "meta.k8s.io/" + version)
        .put("metadata", metadata(head))
        .put("columnDefinitions", definitions)
        .put("rows", new ListValue(printedRows))
        .build();
  }

  /// The metadata of a list in its typed form, whatever the list is made of.
  static ObjectValue metadata(ListHead head) {
    return new ListHead(
            head.apiVersion(), head.kind(), head.resourceVersion(), head.continueToken(), head.remainingItemCount(), false)
        .metadata();
  }
}
