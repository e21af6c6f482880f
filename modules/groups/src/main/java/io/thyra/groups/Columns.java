package io.thyra.groups;

import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.registry.TableColumns;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Builds the columns of a kind, each with the cell that it shows. Descriptions are either given, or those that the
/// schema publishes for a field. Source: pkg/printers/internalversion/printers.go.
public final class Columns {
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  private final Schemas schemas;
  private final List<TableColumns.Column> columns = new ArrayList<>();
  private final List<BiFunction<ObjectValue, Instant, Value>> cells = new ArrayList<>();
  private int priority;
  private Function<ObjectValue, List<ObjectValue>> conditions = _ -> List.of();

  private Columns(Schemas schemas) {
    this.schemas = schemas;
  }

  /// Columns that begin with the object's name.
  public static Columns named(Schemas schemas) {
    return new Columns(schemas).name();
  }

  /// The object's name as a column.
  public Columns name() {
    return add("Name", "string", "name", doc(META, "name"), (o, _) -> new StringValue(o.string("metadata", "name")));
  }

  /// A first column that shows the name in another way.
  public Columns name(Function<ObjectValue, String> cell) {
    return add("Name", "string", "name", doc(META, "name"), (o, _) -> new StringValue(cell.apply(o)));
  }

  /// Columns that begin with something else.
  public static Columns unnamed(Schemas schemas) {
    return new Columns(schemas);
  }

  /// What a Scale shows.
  static TableColumns scale(Schemas schemas) {
    Columns columns = unnamed(schemas);
    return columns
        .text("Name", columns.doc(META, "name"), o -> o.string("metadata", "name"))
        .number("Desired", columns.doc("autoscaling.v1.ScaleSpec", "replicas"), o -> o.integer(0, "spec", "replicas"))
        .number("Available", columns.doc("autoscaling.v1.ScaleStatus", "replicas"), o -> o.integer(0, "status", "replicas"))
        .age()
        .build();
  }

  /// The columns that follow are shown in wide output alone.
  public Columns wide() {
    priority = 1;
    return this;
  }

  public Columns normal() {
    priority = 0;
    return this;
  }

  public Columns text(String name, String description, Function<ObjectValue, String> cell) {
    return add(name, "string", "", description, (o, _) -> new StringValue(cell.apply(o)));
  }

  /// A text column with a format of its own.
  public Columns formatted(String name, String format, String description, Function<ObjectValue, String> cell) {
    return add(name, "string", format, description, (o, _) -> new StringValue(cell.apply(o)));
  }

  public Columns number(String name, String description, ToLongFunction<ObjectValue> cell) {
    return add(name, "integer", "", description, (o, _) -> Value.of(cell.applyAsLong(o)));
  }

  /// A number that upstream declares as a string.
  public Columns count(String name, String description, ToLongFunction<ObjectValue> cell) {
    return add(name, "string", "", description, (o, _) -> Value.of(cell.applyAsLong(o)));
  }

  public Columns truth(String name, String description, Function<ObjectValue, Boolean> cell) {
    return add(name, "boolean", "", description, (o, _) -> Value.of(cell.apply(o)));
  }

  /// A column of any type; the cell may look at the clock.
  public Columns cell(String name, String type, String description, BiFunction<ObjectValue, Instant, Value> cell) {
    return add(name, type, "", description, cell);
  }

  /// How long ago the object was made.
  public Columns age() {
    return add("Age", "string", "", doc(META, "creationTimestamp"), (o, now) -> new StringValue(Cells.age(o, now)));
  }

  /// What the schema publishes about a field of a type, such as `core.v1.PodSpec`.
  public String doc(String type, String field) {
    String name = type.startsWith("io.k8s.") ? type : "io.k8s.api." + type;
    return schemas
        .findType(name)
        .map(struct -> struct.field(field))
        .map(f -> f.description())
        .orElse("");
  }

  /// What the schema publishes about a type.
  public String doc(String type) {
    return schemas.findType("io.k8s.api." + type).map(Struct::description).orElse("");
  }

  private Columns add(String name, String type, String format, String description, BiFunction<ObjectValue, Instant, Value> cell) {
    columns.add(new TableColumns.Column(name, type, format, description, priority));
    cells.add(cell);
    return this;
  }

  /// A cell beyond the columns, which upstream has for addresses.
  public Columns spare(BiFunction<ObjectValue, Instant, Value> cell) {
    cells.add(cell);
    return this;
  }

  /// What a row says about the object as a whole.
  public Columns rowConditions(Function<ObjectValue, List<ObjectValue>> told) {
    conditions = told;
    return this;
  }

  public TableColumns build() {
    var shown = List.copyOf(cells);
    return new TableColumns(columns, (object, now) -> shown.stream().map(cell -> cell.apply(object, now)).toList(), conditions);
  }

  /// A cell without value.
  public static final Value NOTHING = NullValue.NULL;
}
