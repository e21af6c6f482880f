package io.thyra.model;

import org.jspecify.annotations.Nullable;

/// Where in an object a rule found something, printed as upstream's field.Path prints it: `spec.containers[0].name`,
/// `metadata.labels[a/b]`. The root is null on purpose: an error at the root prints as `<nil>`.
/// Immutable; children share their parents.
public final class FieldPath {
  private final @Nullable FieldPath parent;
  private final String step;
  private final Kind kind;
  // Of an item; paths are made for all that is looked at and printed for the few things that are wrong.
  private final int position;

  private enum Kind {
    NAME,
    KEY,
    INDEX
  }

  private FieldPath(@Nullable FieldPath parent, String step, Kind kind, int position) {
    this.parent = parent;
    this.step = step;
    this.kind = kind;
    this.position = position;
  }

  /// A path of names from the root.
  public static FieldPath of(String first, String... more) {
    return named(null, first).child(more);
  }

  /// The path of a name below an optional parent.
  public static FieldPath child(@Nullable FieldPath parent, String name) {
    return named(parent, name);
  }

  private static FieldPath named(@Nullable FieldPath parent, String name) {
    return new FieldPath(parent, name, Kind.NAME, 0);
  }

  public FieldPath child(String name) {
    return named(this, name);
  }

  public FieldPath child(String... names) {
    FieldPath path = this;
    for (String name : names) {
      path = named(path, name);
    }
    return path;
  }

  public FieldPath index(int position) {
    return new FieldPath(this, "", Kind.INDEX, position);
  }

  public FieldPath key(String key) {
    return new FieldPath(this, key, Kind.KEY, 0);
  }

  /// The text of a path that may be the root.
  public static String text(@Nullable FieldPath path) {
    return path == null ? "<nil>" : path.toString();
  }

  @Override
  public String toString() {
    var out = new StringBuilder();
    write(out);
    return out.toString();
  }

  private void write(StringBuilder out) {
    if (parent != null) {
      parent.write(out);
    }
    switch (kind) {
      // An empty name is an empty index to upstream.
      case NAME -> out.append(step.isEmpty() ? "[" : out.isEmpty() ? "" : ".").append(step.isEmpty() ? "]" : step);
      case KEY -> out.append('[').append(step).append(']');
      case INDEX -> out.append('[').append(position).append(']');
    }
  }
}
