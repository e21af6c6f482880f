package io.thyra.model;

import org.jspecify.annotations.Nullable;

/// Where in an object a rule found something, printed as upstream's field.Path prints it: `spec.containers[0].name`,
/// `metadata.labels[a/b]`. The root is null on purpose: an error at the root prints as `<nil>`.
/// Immutable; children share their parents.
public final class FieldPath {
  private final @Nullable FieldPath parent;
  private final String step;
  private final boolean subscript;

  private FieldPath(@Nullable FieldPath parent, String step, boolean subscript) {
    this.parent = parent;
    this.step = step;
    this.subscript = subscript;
  }

  /// A path of names from the root.
  public static FieldPath of(String first, String... more) {
    return new FieldPath(null, first, false).child(more);
  }

  /// The path of a name below an optional parent.
  public static FieldPath child(@Nullable FieldPath parent, String name) {
    return new FieldPath(parent, name, false);
  }

  public FieldPath child(String... names) {
    FieldPath path = this;
    for (String name : names) {
      path = new FieldPath(path, name, false);
    }
    return path;
  }

  public FieldPath index(int position) {
    return new FieldPath(this, Integer.toString(position), true);
  }

  public FieldPath key(String key) {
    return new FieldPath(this, key, true);
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
    if (subscript) {
      out.append('[').append(step).append(']');
    } else {
      if (!out.isEmpty()) {
        out.append('.');
      }
      out.append(step);
    }
  }
}
