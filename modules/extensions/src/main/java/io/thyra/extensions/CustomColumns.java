package io.thyra.extensions;

import io.thyra.codec.GoTime;
import io.thyra.machinery.JsonPath;
import io.thyra.machinery.SyntaxException;
import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.NumberValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.registry.TableColumns;
import io.thyra.schema.FieldSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The columns of a custom resource: the name, then what JSON paths find. Pure.
/// Source: apiextensions-apiserver pkg/registry/customresource/tableconvertor/tableconvertor.go.
final class CustomColumns {
  private record Cell(JsonPath path, String type) {}

  private static final ListValue BY_DEFAULT =
      ListValue.of(
          ObjectValue.builder()
              .put("name", "Age")
              .put("type", "date")
              .put("description", metadataDescription("creationTimestamp"))
              .put("jsonPath", ".metadata.creationTimestamp")
              .build());

  private CustomColumns() {}

  private static String metadataDescription(String field) {
    FieldSchema schema = Objects.requireNonNull(EmbeddedMetadata.OBJECT_META.field(field));
    return schema.description();
  }

  /// @param declared the `additionalPrinterColumns` of a version; without any, the age is shown
  static TableColumns of(ListValue declared) {
    var columns = new ArrayList<TableColumns.Column>();
    columns.add(new TableColumns.Column("Name", "string", "name", metadataDescription("name"), 0));
    var cells = new ArrayList<Cell>();
    for (ObjectValue column : (declared.isEmpty() ? BY_DEFAULT : declared).objects()) {
      String path = column.string("jsonPath");
      try {
        cells.add(new Cell(JsonPath.ofPath(path), column.string("type")));
      } catch (SyntaxException _) {
        // A path that cannot be read ends the table there.
        break;
      }
      String description = column.string("description");
      columns.add(
          new TableColumns.Column(
              column.string("name"),
              column.string("type"),
              column.string("format"),
              description.isEmpty() ? "Custom resource definition column (in JSONPath format): " + path : description,
              (int) column.integer(0, "priority")));
    }
    return new TableColumns(columns, (object, now) -> cells(object, now, cells));
  }

  private static List<Value> cells(ObjectValue object, Instant now, List<Cell> columns) {
    var cells = new ArrayList<Value>(columns.size() + 1);
    cells.add(Value.of(object.string("metadata", "name")));
    for (Cell column : columns) {
      cells.add(column.path().findFirst(object).map(found -> cell(found, column.type(), now)).orElse(NullValue.NULL));
    }
    return cells;
  }

  private static Value cell(Value found, String type, Instant now) {
    return switch (type) {
      case "string" -> Value.of(JsonPath.print(found));
      case "integer" -> found instanceof NumberValue number ? whole(number) : NullValue.NULL;
      case "number" -> found instanceof NumberValue ? found : NullValue.NULL;
      case "boolean" -> found instanceof BooleanValue ? found : NullValue.NULL;
      case "date" -> found instanceof StringValue(String text) ? Value.of(age(text, now)) : NullValue.NULL;
      default -> NullValue.NULL;
    };
  }

  private static Value whole(NumberValue number) {
    return switch (number) {
      case IntegerValue integer -> integer;
      case DecimalValue decimal -> new IntegerValue((long) decimal.doubleValue());
    };
  }

  private static String age(String text, Instant now) {
    if (text.isEmpty() || text.equals("null")) {
      return "<unknown>";
    }
    Instant then = instant(text);
    return then == null ? "<invalid>" : Ages.between(then, now);
  }

  private static @Nullable Instant instant(String text) {
    try {
      return Instant.ofEpochSecond(GoTime.epochSeconds(text));
    } catch (RuntimeException _) {
      return null;
    }
  }
}
