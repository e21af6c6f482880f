package io.thyra.machinery.apply;

import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A set of paths into an object, as a tree: the steps that are members, and the steps that have members below them
/// (a step can be both). Immutable; operations share the subtrees they do not touch. Three sorted arrays a node, because
/// most nodes have few steps and every operation is a merge of sorted runs.
/// Source: structured-merge-diff fieldpath/set.go, serialize.go.
public final class FieldSet {
  private static final PathElement[] NONE = {};
  private static final FieldSet[] NO_SETS = {};

  public static final FieldSet EMPTY = new FieldSet(NONE, NONE, NO_SETS);

  private final PathElement[] members;
  private final PathElement[] steps;
  private final FieldSet[] children;

  private FieldSet(PathElement[] members, PathElement[] steps, FieldSet[] children) {
    this.members = members;
    this.steps = steps;
    this.children = children;
  }

  /// The set of one path.
  public static FieldSet of(PathElement... path) {
    if (path.length == 0) {
      return EMPTY;
    }
    FieldSet set = new FieldSet(new PathElement[] {path[path.length - 1]}, NONE, NO_SETS);
    for (int i = path.length - 2; i >= 0; i--) {
      set = new FieldSet(NONE, new PathElement[] {path[i]}, new FieldSet[] {set});
    }
    return set;
  }

  /// The set of one path of field names.
  public static FieldSet ofNames(String... path) {
    return of(Arrays.stream(path).map(PathElement::name).toArray(PathElement[]::new));
  }

  public boolean isEmpty() {
    if (members.length > 0) {
      return false;
    }
    for (FieldSet child : children) {
      if (!child.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /// How many paths are members.
  public int size() {
    int size = members.length;
    for (FieldSet child : children) {
      size += child.size();
    }
    return size;
  }

  /// Whether a path is a member; the empty path never is.
  public boolean has(PathElement... path) {
    if (path.length == 0) {
      return false;
    }
    FieldSet set = this;
    for (int i = 0; i < path.length - 1; i++) {
      FieldSet child = set.child(path[i]);
      if (child == null) {
        return false;
      }
      set = child;
    }
    return set.hasMember(path[path.length - 1]);
  }

  public boolean hasNames(String... path) {
    return has(Arrays.stream(path).map(PathElement::name).toArray(PathElement[]::new));
  }

  boolean hasMember(PathElement step) {
    return Arrays.binarySearch(members, step) >= 0;
  }

  /// The set below a step, null when there is none.
  @Nullable FieldSet child(PathElement step) {
    int found = Arrays.binarySearch(steps, step);
    return found < 0 ? null : children[found];
  }

  /// The set below a step, empty when there is none.
  public FieldSet below(PathElement step) {
    FieldSet child = child(step);
    return child == null ? EMPTY : child;
  }

  int memberCount() {
    return members.length;
  }

  PathElement memberAt(int position) {
    return members[position];
  }

  int stepCount() {
    return steps.length;
  }

  PathElement stepAt(int position) {
    return steps[position];
  }

  FieldSet childAt(int position) {
    return children[position];
  }

  public FieldSet union(FieldSet other) {
    if (this == other || other.members.length == 0 && other.steps.length == 0) {
      return this;
    }
    if (members.length == 0 && steps.length == 0) {
      return other;
    }
    PathElement[] bothMembers = union(members, other.members);
    boolean changed = bothMembers != members;
    int i = 0;
    int j = 0;
    var out = new Nodes(steps.length + other.steps.length);
    while (i < steps.length || j < other.steps.length) {
      int order = i == steps.length ? 1 : j == other.steps.length ? -1 : steps[i].compareTo(other.steps[j]);
      if (order < 0) {
        out.add(steps[i], children[i++]);
      } else if (order > 0) {
        changed = true;
        out.add(other.steps[j], other.children[j++]);
      } else {
        FieldSet both = children[i].union(other.children[j++]);
        changed |= both != children[i];
        out.add(steps[i++], both);
      }
    }
    return changed ? out.build(bothMembers) : this;
  }

  public FieldSet intersection(FieldSet other) {
    if (this == other) {
      return this;
    }
    PathElement[] common = select(members, other.members, true);
    var out = new Nodes(Math.min(steps.length, other.steps.length));
    int i = 0;
    int j = 0;
    while (i < steps.length && j < other.steps.length) {
      int order = steps[i].compareTo(other.steps[j]);
      if (order < 0) {
        i++;
      } else if (order > 0) {
        j++;
      } else {
        out.addUnlessEmpty(steps[i], children[i++].intersection(other.children[j++]));
      }
    }
    return out.build(common);
  }

  /// The paths of this set that are not members of the other.
  public FieldSet difference(FieldSet other) {
    return difference(other, false);
  }

  /// The paths of this set that are neither members of the other nor below one.
  public FieldSet recursiveDifference(FieldSet other) {
    return difference(other, true);
  }

  private FieldSet difference(FieldSet other, boolean recursive) {
    if (other.members.length == 0 && other.steps.length == 0) {
      return this;
    }
    PathElement[] left = select(members, other.members, false);
    boolean changed = left != members;
    var out = new Nodes(steps.length);
    int j = 0;
    for (int i = 0; i < steps.length; i++) {
      if (recursive && other.hasMember(steps[i])) {
        changed = true;
        continue;
      }
      while (j < other.steps.length && other.steps[j].compareTo(steps[i]) < 0) {
        j++;
      }
      FieldSet child = children[i];
      if (j < other.steps.length && other.steps[j].compareTo(steps[i]) == 0) {
        FieldSet rest = child.difference(other.children[j], recursive);
        changed |= rest != child;
        out.addUnlessEmpty(steps[i], rest);
      } else {
        out.add(steps[i], child);
      }
    }
    return changed ? out.build(left) : this;
  }

  /// The members that have no members below them.
  public FieldSet leaves() {
    PathElement[] left = select(members, steps, false);
    var out = new Nodes(steps.length);
    boolean changed = left != members;
    for (int i = 0; i < steps.length; i++) {
      FieldSet rest = children[i].leaves();
      changed |= rest != children[i];
      out.add(steps[i], rest);
    }
    return changed ? out.build(left) : this;
  }

  /// This set with a step made a member of its own.
  FieldSet withMember(PathElement step) {
    return hasMember(step) ? this : new FieldSet(union(members, new PathElement[] {step}), steps, children);
  }

  /// This set with the members and children of one level changed; for the walks of this package.
  static FieldSet of(PathElement[] members, List<PathElement> steps, List<FieldSet> children) {
    return new FieldSet(members, steps.toArray(NONE), children.toArray(NO_SETS));
  }

  PathElement[] members() {
    return members;
  }

  /// Tells every member path: those of a level first, then those below it.
  public void forEach(Consumer<List<PathElement>> reader) {
    forEach(new ArrayList<>(), reader);
  }

  private void forEach(List<PathElement> prefix, Consumer<List<PathElement>> reader) {
    for (PathElement member : members) {
      prefix.addLast(member);
      reader.accept(List.copyOf(prefix));
      prefix.removeLast();
    }
    for (int i = 0; i < steps.length; i++) {
      prefix.addLast(steps[i]);
      children[i].forEach(prefix, reader);
      prefix.removeLast();
    }
  }

  /// The member paths, in the order of [#forEach].
  public List<List<PathElement>> paths() {
    var out = new ArrayList<List<PathElement>>();
    forEach(out::add);
    return out;
  }

  /// A path as messages print it: `.spec.containers[name="main"].image`.
  public static String text(List<PathElement> path) {
    var out = new StringBuilder();
    path.forEach(out::append);
    return out.toString();
  }

  /// The set as FieldsV1.
  public ObjectValue toValue() {
    return toValue(false, false);
  }

  /// The set as FieldsV1 with the names of each object sorted as texts, as a custom resource prints it.
  public ObjectValue toSortedValue() {
    return toValue(false, true);
  }

  private ObjectValue toValue(boolean self, boolean sorted) {
    if (members.length == 0 && steps.length == 0) {
      return ObjectValue.EMPTY;
    }
    ObjectValue.Builder out = ObjectValue.builder(members.length + steps.length + (self ? 1 : 0));
    if (self) {
      out.put(".", ObjectValue.EMPTY);
    }
    int i = 0;
    int j = 0;
    while (i < members.length || j < steps.length) {
      int order = i == members.length ? 1 : j == steps.length ? -1 : members[i].compareTo(steps[j]);
      if (order < 0) {
        out.put(members[i++].encode(), ObjectValue.EMPTY);
      } else {
        out.put(steps[j].encode(), children[j].toValue(order == 0, sorted));
        j++;
        if (order == 0) {
          i++;
        }
      }
    }
    return sorted ? out.buildSorted() : out.build();
  }

  /// Reads FieldsV1. Steps of unknown kinds are dropped.
  ///
  /// @throws IllegalArgumentException when it is no FieldsV1
  public static FieldSet of(Value fields) {
    FieldSet set = read(fields);
    return set == null ? EMPTY : set;
  }

  /// The set below a node; null when nothing is below, which makes the node itself a member.
  private static @Nullable FieldSet read(Value fields) {
    if (fields == NullValue.NULL) {
      return null;
    }
    if (!(fields instanceof ObjectValue object)) {
      throw new IllegalArgumentException("expected an object of fields, got " + fields.jsonType());
    }
    Builder out = null;
    for (int i = 0; i < object.size(); i++) {
      String name = object.nameAt(i);
      PathElement step = name.equals(".") ? null : PathElement.decode(name);
      if (step == null) {
        continue;
      }
      if (out == null) {
        out = new Builder();
      }
      Value below = object.valueAt(i);
      FieldSet child = read(below);
      if (child == null || ((ObjectValue) below).has(".")) {
        out.addMember(step);
      }
      if (child != null) {
        out.addChild(step, child);
      }
    }
    return out == null ? null : out.build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this
        || other instanceof FieldSet set
            && Arrays.equals(members, set.members)
            && Arrays.equals(steps, set.steps)
            && Arrays.equals(children, set.children);
  }

  @Override
  public int hashCode() {
    return (Arrays.hashCode(members) * 31 + Arrays.hashCode(steps)) * 31 + Arrays.hashCode(children);
  }

  /// The member paths, one a line.
  @Override
  public String toString() {
    return String.join("\n", paths().stream().map(FieldSet::text).toList());
  }

  private static PathElement[] union(PathElement[] left, PathElement[] right) {
    if (right.length == 0) {
      return left;
    }
    if (left.length == 0) {
      return right;
    }
    var out = new PathElement[left.length + right.length];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < left.length && j < right.length) {
      int order = left[i].compareTo(right[j]);
      out[size++] = order < 0 ? left[i] : right[j];
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    while (i < left.length) {
      out[size++] = left[i++];
    }
    while (j < right.length) {
      out[size++] = right[j++];
    }
    return size == left.length ? left : size == out.length ? out : Arrays.copyOf(out, size);
  }

  /// The elements of the first array that the second has, or has not; the first array itself when it is all of it.
  private static PathElement[] select(PathElement[] from, PathElement[] other, boolean common) {
    if (from.length == 0 || other.length == 0) {
      return common ? NONE : from;
    }
    var out = new PathElement[from.length];
    int size = 0;
    int j = 0;
    for (PathElement element : from) {
      while (j < other.length && other[j].compareTo(element) < 0) {
        j++;
      }
      boolean found = j < other.length && other[j].compareTo(element) == 0;
      if (found == common) {
        out[size++] = element;
      }
    }
    return size == from.length ? from : size == 0 ? NONE : Arrays.copyOf(out, size);
  }

  /// The children of one level while an operation collects them.
  private static final class Nodes {
    private final PathElement[] steps;
    private final FieldSet[] children;
    private int size;

    Nodes(int capacity) {
      steps = capacity == 0 ? NONE : new PathElement[capacity];
      children = capacity == 0 ? NO_SETS : new FieldSet[capacity];
    }

    void add(PathElement step, FieldSet child) {
      steps[size] = step;
      children[size++] = child;
    }

    void addUnlessEmpty(PathElement step, FieldSet child) {
      if (!child.isEmpty()) {
        add(step, child);
      }
    }

    FieldSet build(PathElement[] members) {
      if (size == 0) {
        return members.length == 0 ? EMPTY : new FieldSet(members, NONE, NO_SETS);
      }
      return size == steps.length
          ? new FieldSet(members, steps, children)
          : new FieldSet(members, Arrays.copyOf(steps, size), Arrays.copyOf(children, size));
    }
  }

  /// Collects paths. Owned by one thread; paths that come in order cost no search.
  static final class Builder {
    private PathElement[] members = NONE;
    private int memberCount;
    private PathElement[] steps = NONE;
    private Object[] children = NO_SETS;
    private int stepCount;

    /// Adds a path whose first `depth` elements are steps or, for fields, their bare names.
    void insert(Object[] path, int depth) {
      if (depth == 0) {
        return;
      }
      Builder at = this;
      for (int i = 0; i < depth - 1; i++) {
        at = at.descend(step(path, i));
      }
      at.addMember(step(path, depth - 1));
    }

    private static PathElement step(Object[] path, int position) {
      if (path[position] instanceof PathElement step) {
        return step;
      }
      PathElement step = PathElement.name((String) path[position]);
      path[position] = step;
      return step;
    }

    void addMember(PathElement step) {
      int at = place(members, memberCount, step);
      if (at < 0) {
        return;
      }
      if (memberCount == members.length) {
        members = Arrays.copyOf(members, Math.max(4, memberCount * 2));
      }
      System.arraycopy(members, at, members, at + 1, memberCount - at);
      members[at] = step;
      memberCount++;
    }

    void addChild(PathElement step, FieldSet child) {
      int at = place(steps, stepCount, step);
      if (at < 0) {
        children[-at - 1] = child;
      } else {
        insertChild(at, step, child);
      }
    }

    private Builder descend(PathElement step) {
      int at = place(steps, stepCount, step);
      if (at < 0) {
        return (Builder) children[-at - 1];
      }
      var child = new Builder();
      insertChild(at, step, child);
      return child;
    }

    private void insertChild(int at, PathElement step, Object child) {
      if (stepCount == steps.length) {
        steps = Arrays.copyOf(steps, Math.max(4, stepCount * 2));
        children = Arrays.copyOf(children, Math.max(4, stepCount * 2), Object[].class);
      }
      System.arraycopy(steps, at, steps, at + 1, stepCount - at);
      System.arraycopy(children, at, children, at + 1, stepCount - at);
      steps[at] = step;
      children[at] = child;
      stepCount++;
    }

    /// Where a step belongs, or -position - 1 when it is there.
    private static int place(PathElement[] sorted, int size, PathElement step) {
      if (size == 0) {
        return 0;
      }
      int last = sorted[size - 1].compareTo(step);
      if (last < 0) {
        return size;
      }
      if (last == 0) {
        return -size;
      }
      // The search answers the mirror image of what is wanted: found positions positive, places negative.
      return -Arrays.binarySearch(sorted, 0, size, step) - 1;
    }

    boolean isEmpty() {
      return memberCount == 0 && stepCount == 0;
    }

    FieldSet build() {
      if (isEmpty()) {
        return EMPTY;
      }
      var built = stepCount == 0 ? NO_SETS : new FieldSet[stepCount];
      for (int i = 0; i < stepCount; i++) {
        built[i] = children[i] instanceof Builder child ? child.build() : (FieldSet) children[i];
      }
      return new FieldSet(
          memberCount == 0 ? NONE : Arrays.copyOf(members, memberCount),
          stepCount == 0 ? NONE : Arrays.copyOf(steps, stepCount),
          built);
    }
  }
}
