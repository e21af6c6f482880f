package io.thyra.registry;

import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.time.Instant;
import java.util.List;
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

  /// Columns of rows without conditions.
  public TableColumns(List<Column> columns, BiFunction<ObjectValue, Instant, List<Value>> cells) {
    this(columns, cells, _ -> List.of());
  }

  public TableColumns {
    columns = List.copyOf(columns);
  }
}
