package io.thyra.machinery.apply;

import static io.thyra.machinery.apply.TestTypes.GEAR;
import static io.thyra.machinery.apply.TestTypes.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.ApiException;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random writes by a few managers: what each set is its own, and what nobody else owns goes with it.
class OwnershipPropertyTest {
  private static final ObjectValue EMPTY = json("{'apiVersion':'test.dev/v1','kind':'Gear','metadata':{}}");
  private static final String[] MANAGERS = {"a", "b", "c"};

  private final FieldManager manager = TestTypes.manager();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void ownershipFollowsTheWrites(long seed) {
    var random = new Random(Long.getLong("seed", seed));
    ObjectValue live = manager.create(gear(random), "creator").withAt(Value.of("u"), "metadata", "uid");
    for (int i = 0; i < 200; i++) {
      String who = MANAGERS[random.nextInt(MANAGERS.length)];
      String step = "seed " + seed + ", write " + i;
      live = random.nextInt(3) == 0 ? update(live, gear(random), who, step) : apply(live, gear(random), who, random, step);
    }
  }

  private ObjectValue update(ObjectValue live, ObjectValue sent, String who, String step) {
    ObjectValue changed = live.with("spec", sent.object("spec"));
    Comparison change = Comparison.of(live, changed, GEAR);

    ObjectValue updated = manager.update(live, changed, who);

    assertThat(updated.object("spec")).isEqualTo(changed.object("spec"));
    FieldSet written = change.modified().union(change.added());
    assertThat(written.difference(owned(updated, who, "Update")).paths()).describedAs(step).isEmpty();
    assertThat(owners(updated).intersection(change.removed()).paths()).describedAs(step).isEmpty();
    assertThat(everything(updated).difference(owners(updated)).leaves().paths())
        .describedAs("%s: fields of nobody", step)
        .isEmpty();
    if (change.isSame()) {
      assertThat(updated.at("metadata", "managedFields")).isSameAs(live.at("metadata", "managedFields"));
    }
    return updated;
  }

  private ObjectValue apply(ObjectValue live, ObjectValue config, String who, Random random, String step) {
    boolean force = random.nextBoolean();
    FieldSet before = owned(live, who, "Apply");
    ObjectValue applied;
    try {
      applied = manager.apply(live, config, who, force);
    } catch (ApiException e) {
      assertThat(force).describedAs(step).isFalse();
      assertThat(e.status().code()).describedAs(step).isEqualTo(409);
      return live;
    }
    FieldSet asked = FieldWalk.of(config.with("metadata", ObjectValue.EMPTY), GEAR).difference(FieldSet.ofNames("metadata")).difference(FieldSet.ofNames("apiVersion")).difference(FieldSet.ofNames("kind"));
    assertThat(owned(applied, who, "Apply")).describedAs(step).isEqualTo(asked);
    assertThat(Merge.of(applied, config, GEAR)).describedAs("%s: holds what was asked for", step).isSameAs(applied);
    assertThat(manager.apply(applied, config, who, false)).describedAs("%s: again", step).isSameAs(applied);
    FieldSet left = everything(applied);
    for (List<PathElement> path : everything(live).difference(left).leaves().paths()) {
      // An empty object that was filled is no field of its own any more, but it is not gone.
      assertThat(isAtOrBelow(path, before) || holds(left, path)).describedAs("%s: %s was %s's to take away", step, FieldSet.text(path), who).isTrue();
    }
    return applied;
  }

  private static boolean isAtOrBelow(List<PathElement> path, FieldSet set) {
    for (int i = 1; i <= path.size(); i++) {
      if (set.has(path.subList(0, i).toArray(PathElement[]::new))) {
        return true;
      }
    }
    return false;
  }

  private static boolean holds(FieldSet set, List<PathElement> path) {
    FieldSet below = set;
    for (PathElement step : path) {
      below = below.below(step);
    }
    return !below.isEmpty();
  }

  private static FieldSet everything(ObjectValue object) {
    return FieldWalk.of(EMPTY.with("spec", object.object("spec")), GEAR).difference(FieldSet.ofNames("apiVersion")).difference(FieldSet.ofNames("kind")).difference(FieldSet.ofNames("metadata"));
  }

  private static FieldSet owned(ObjectValue object, String manager, String operation) {
    return Managed.entries(object).objects().stream()
        .filter(entry -> entry.string("manager").equals(manager) && entry.string("operation").equals(operation))
        .map(entry -> FieldSet.of((Value) entry.object("fieldsV1")))
        .reduce(FieldSet.EMPTY, FieldSet::union);
  }

  private static FieldSet owners(ObjectValue object) {
    return Managed.entries(object).objects().stream()
        .map(entry -> FieldSet.of((Value) entry.object("fieldsV1")))
        .reduce(FieldSet.EMPTY, FieldSet::union);
  }

  /// A Gear with some fields; small ranges, so that managers meet.
  private static ObjectValue gear(Random random) {
    ObjectValue.Builder spec = ObjectValue.builder();
    if (random.nextBoolean()) {
      spec.put("size", random.nextInt(3));
    }
    if (random.nextBoolean()) {
      spec.put("mode", "m" + random.nextInt(2));
    }
    if (random.nextInt(3) == 0) {
      spec.put("args", ListValue.ofStrings(some(random)));
    }
    if (random.nextBoolean()) {
      spec.put("tags", ListValue.ofStrings(some(random)));
    }
    if (random.nextBoolean()) {
      spec.put("parts", texts(random));
    }
    if (random.nextInt(3) == 0) {
      spec.put("whole", texts(random));
    }
    if (random.nextBoolean()) {
      var items = new ArrayList<Value>();
      for (String name : some(random)) {
        ObjectValue item = ObjectValue.of("name", Value.of(name));
        items.add(random.nextBoolean() ? item : item.with("v", "v" + random.nextInt(2)));
      }
      spec.put("named", new ListValue(items));
    }
    return EMPTY.with("metadata", json("{'name':'g'}")).with("spec", spec.build());
  }

  private static List<String> some(Random random) {
    var out = new ArrayList<String>();
    for (String name : List.of("x", "y", "z")) {
      if (random.nextBoolean()) {
        out.add(random.nextInt(out.size() + 1), name);
      }
    }
    return out.isEmpty() ? List.of("w") : out;
  }

  private static ObjectValue texts(Random random) {
    return ObjectValue.ofStrings(some(random).stream().collect(Collectors.toMap(name -> name, name -> name + random.nextInt(2)))).with("k", "v");
  }
}
