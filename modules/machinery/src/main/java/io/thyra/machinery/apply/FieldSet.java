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
  private static final Object[] NO_SETS = {};

  public static final FieldSet EMPTY = new FieldSet(NONE, NONE, NO_SETS);

  private final PathElement[] members;
  private final PathElement[] steps;
  // Sets, or stored FieldsV1 that nobody has looked into yet: a write to a label need not read the fields of containers.
  private final Object[] children;

  private FieldSet(PathElement[] members, PathElement[] steps, Object[] children) {
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
      set = new FieldSet(NONE, new PathElement[] {path[i]}, new Object[] {set});
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
    for (Object child : children) {
      if (!(child instanceof FieldSet set) || !set.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /// How many paths are members.
  public int size() {
    int size = members.length;
    for (int i = 0; i < steps.length; i++) {
      size += childAt(i).size();
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
    return found < 0 ? null : childAt(found);
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
    if (children[position] instanceof FieldSet set) {
      return set;
    }
    // A race decodes twice, to the same set.
    FieldSet set = read((ObjectValue) children[position], true);
    children[position] = set;
    return set;
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
        FieldSet mine = childAt(i);
        FieldSet both = mine.union(other.childAt(j++));
        changed |= both != mine;
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
        out.addUnlessEmpty(steps[i], childAt(i++).intersection(other.childAt(j++)));
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
      if (j < other.steps.length && other.steps[j].compareTo(steps[i]) == 0) {
        FieldSet child = childAt(i);
        FieldSet rest = child.difference(other.childAt(j), recursive);
        changed |= rest != child;
        out.addUnlessEmpty(steps[i], rest);
      } else {
        out.add(steps[i], children[i]);
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
      FieldSet child = childAt(i);
      FieldSet rest = child.leaves();
      changed |= rest != child;
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
    return new FieldSet(members, steps.toArray(NONE), children.toArray());
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
      childAt(i).forEach(prefix, reader);
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
        out.put(steps[j].encode(), childValue(j, order == 0, sorted));
        j++;
        if (order == 0) {
          i++;
        }
      }
    }
    return sorted ? out.buildSorted() : out.build();
  }

  private Value childValue(int position, boolean self, boolean sorted) {
    return children[position] instanceof ObjectValue stored && stored.has(".") == self
        ? stored
        : childAt(position).toValue(self, sorted);
  }

  /// Reads FieldsV1. Steps of unknown kinds are dropped.
  ///
  /// @throws IllegalArgumentException when it is no FieldsV1
  public static FieldSet of(Value fields) {
    return fields == NullValue.NULL ? EMPTY : read(object(fields), false);
  }

  /// Reads FieldsV1 that this server has written: what is below a step is decoded when somebody asks for it, so that an
  /// error in it shows only then.
  static FieldSet ofStored(Value fields) {
    return fields == NullValue.NULL ? EMPTY : read(object(fields), true);
  }

  private static ObjectValue object(Value fields) {
    if (fields instanceof ObjectValue object) {
      return object;
    }
    throw new IllegalArgumentException("expected an object of fields, got " + fields.jsonType());
  }

  private static FieldSet read(ObjectValue fields, boolean lazily) {
    var out = new Builder();
    for (int i = 0; i < fields.size(); i++) {
      String name = fields.nameAt(i);
      PathElement step = name.equals(".") ? null : PathElement.decode(name);
      if (step == null) {
        continue;
      }
      ObjectValue below = fields.valueAt(i) == NullValue.NULL ? ObjectValue.EMPTY : object(fields.valueAt(i));
      boolean leaf = isLeaf(below);
      if (leaf || below.has(".")) {
        out.addMember(step);
      }
      if (!leaf) {
        out.addChild(step, lazily ? below : read(below, false));
      }
    }
    return out.build();
  }

  /// Whether nothing that is known stands below a node, which makes the node itself a member.
  private static boolean isLeaf(ObjectValue node) {
    for (int i = 0; i < node.size(); i++) {
      String name = node.nameAt(i);
      boolean unknown = name.equals(".") || name.length() > 1 && name.charAt(1) == ':' && "fkvi".indexOf(name.charAt(0)) < 0;
      if (!unknown) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (other == this) {
      return true;
    }
    if (!(other instanceof FieldSet set) || !Arrays.equals(members, set.members) || !Arrays.equals(steps, set.steps)) {
      return false;
    }
    for (int i = 0; i < steps.length; i++) {
      if (!childAt(i).equals(set.childAt(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(members) * 31 + Arrays.hashCode(steps);
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
    private final Object[] children;
    private int size;

    Nodes(int capacity) {
      steps = capacity == 0 ? NONE : new PathElement[capacity];
      children = capacity == 0 ? NO_SETS : new Object[capacity];
    }

    void add(PathElement step, Object child) {
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

    void addChild(PathElement step, Object child) {
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
        children = Arrays.copyOf(children, Math.max(4, stepCount * 2));
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
      var built = stepCount == 0 ? NO_SETS : new Object[stepCount];
      for (int i = 0; i < stepCount; i++) {
        built[i] = children[i] instanceof Builder child ? child.build() : children[i];
      }
      return new FieldSet(
          memberCount == 0 ? NONE : Arrays.copyOf(members, memberCount),
          stepCount == 0 ? NONE : Arrays.copyOf(steps, stepCount),
          built);
    }
  }
}
