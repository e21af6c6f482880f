package io.thyra.machinery.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.GoText;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FieldSetTest {
  private static FieldSet set(String json) {
    return FieldSet.of(TestTypes.json(json));
  }

  private static FieldSet keyed(String text) {
    return FieldSet.of(JsonText.parse(text));
  }

  @Test
  void readsAndWritesEveryKindOfStep() {
    String text =
        """
        {"f:spec":{".":{},"f:list":{"k:{\\"name\\":\\"a\\",\\"port\\":80}":{".":{},"f:name":{}},"v:\\"x\\"":{},"i:3":{}}}}""";

    assertThat(GoText.json(keyed(text).toValue())).isEqualTo(text);
  }

  @Test
  void ordersNamesThenKeysThenValuesThenIndexes() {
    FieldSet fields = keyed("{\"i:0\":{},\"v:1\":{},\"k:{\\\"p\\\":443}\":{},\"k:{\\\"p\\\":80}\":{},\"f:b\":{},\"f:a\":{}}");

    assertThat(fields.toValue().names())
        .containsExactly("f:a", "f:b", "k:{\"p\":80}", "k:{\"p\":443}", "v:1", "i:0");
    assertThat(fields.toSortedValue().names())
        .containsExactly("f:a", "f:b", "i:0", "k:{\"p\":443}", "k:{\"p\":80}", "v:1");
  }

  @Test
  void sortsTheFieldsOfAKey() {
    assertThat(PathElement.decode("k:{\"z\":1,\"a\":\"x\"}")).hasToString("[a=\"x\",z=1]");
    assertThat(java.util.Objects.requireNonNull(PathElement.decode("k:{\"z\":1,\"a\":\"x\"}")).encode())
        .isEqualTo("k:{\"a\":\"x\",\"z\":1}");
  }

  @Test
  void escapesValuesOfKeysAsGoDoes() {
    assertThat(PathElement.key("n", new StringValue("<&>\u0001")).encode()).isEqualTo("k:{\"n\":\"\\u003c\\u0026\\u003e\\u0001\"}");
  }

  @Test
  void dropsStepsOfUnknownKinds() {
    assertThat(set("{'x:later':{},'f:a':{}}").toValue().names()).containsExactly("f:a");
  }

  @Test
  void takesANodeOfUnknownStepsOnlyForAMember() {
    assertThat(set("{'f:a':{'x:later':{}}}").hasNames("a")).isTrue();
  }

  @Test
  void rejectsWhatIsNoFields() {
    assertThatThrownBy(() -> set("{'f:a':'text'}")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> set("{'name':{}}")).hasMessage("missing colon: name");
    assertThatThrownBy(() -> set("{'k:{':{}}")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void findsNumbersWhateverTheirNotation() {
    assertThat(keyed("{\"k:{\\\"p\\\":80.0}\":{}}").has(PathElement.key("p", 80))).isTrue();
  }

  @Test
  void takesAwayRecursively() {
    FieldSet fields = set("{'f:spec':{'f:a':{},'f:b':{'f:c':{}}},'f:status':{}}");

    assertThat(fields.difference(FieldSet.ofNames("spec"))).isEqualTo(fields);
    assertThat(fields.recursiveDifference(FieldSet.ofNames("spec"))).isEqualTo(FieldSet.ofNames("status"));
    assertThat(fields.recursiveDifference(FieldSet.ofNames("spec", "b"))).isEqualTo(set("{'f:spec':{'f:a':{}},'f:status':{}}"));
  }

  @Test
  void knowsItsLeaves() {
    assertThat(set("{'f:a':{'.':{},'f:b':{}},'f:c':{}}").leaves()).isEqualTo(set("{'f:a':{'f:b':{}},'f:c':{}}"));
  }

  @Test
  void tellsMembersOfALevelBeforeThoseBelow() {
    assertThat(set("{'f:a':{'f:b':{}},'f:c':{},'f:d':{'.':{},'f:e':{}}}")).hasToString(".c\n.d\n.a.b\n.d.e");
  }

  @Test
  void includesWhatIsBelowPrefixes() {
    FieldFilter filter =
        FieldFilter.include(new String[] {"spec", "list", FieldFilter.ANY, "x"}, new String[] {"spec", "only"});
    FieldSet fields = set("{'f:metadata':{'f:a':{}},'f:spec':{'f:list':{'i:0':{'f:x':{'f:deep':{}},'f:y':{}}},'f:only':{},'f:z':{}}}");

    assertThat(filter.apply(fields)).isEqualTo(set("{'f:spec':{'f:list':{'i:0':{'f:x':{'f:deep':{}}}},'f:only':{}}}"));
  }

  @Test
  void computesAsSetsOfPathsDo() {
    var random = new Random(Long.getLong("seed", 42));
    for (int i = 0; i < 500; i++) {
      FieldSet a = random(random);
      FieldSet b = random(random);
      check(a, b, FieldSet::union, (x, y) -> union(x, y));
      check(a, b, FieldSet::intersection, (x, y) -> x.stream().filter(y::contains).collect(Collectors.toSet()));
      check(a, b, FieldSet::difference, (x, y) -> x.stream().filter(p -> !y.contains(p)).collect(Collectors.toSet()));
      check(
          a,
          b,
          FieldSet::recursiveDifference,
          (x, y) -> x.stream().filter(p -> prefixes(p).stream().noneMatch(y::contains)).collect(Collectors.toSet()));
      assertThat(FieldSet.of((Value) a.toValue())).isEqualTo(a);
      assertThat(a.size()).isEqualTo(a.paths().size());
      assertThat(a.union(a.intersection(b))).isSameAs(a);
    }
  }

  private static void check(
      FieldSet a,
      FieldSet b,
      BiFunction<FieldSet, FieldSet, FieldSet> operation,
      BiFunction<Set<List<PathElement>>, Set<List<PathElement>>, Set<List<PathElement>>> expected) {
    FieldSet result = operation.apply(a, b);
    assertThat(new HashSet<>(result.paths()))
        .describedAs("of %s and %s", a.toValue().names(), b.toValue().names())
        .isEqualTo(expected.apply(new HashSet<>(a.paths()), new HashSet<>(b.paths())));
    result.paths().forEach(path -> assertThat(result.has(path.toArray(PathElement[]::new))).isTrue());
  }

  private static Set<List<PathElement>> union(Set<List<PathElement>> x, Set<List<PathElement>> y) {
    var both = new HashSet<>(x);
    both.addAll(y);
    return both;
  }

  private static List<List<PathElement>> prefixes(List<PathElement> path) {
    var out = new ArrayList<List<PathElement>>();
    for (int i = 1; i <= path.size(); i++) {
      out.add(path.subList(0, i));
    }
    return out;
  }

  private static FieldSet random(Random random) {
    FieldSet set = FieldSet.EMPTY;
    for (int i = random.nextInt(12); i > 0; i--) {
      var path = new PathElement[1 + random.nextInt(3)];
      for (int j = 0; j < path.length; j++) {
        String letter = String.valueOf((char) ('a' + random.nextInt(4)));
        path[j] = random.nextInt(4) == 0 ? PathElement.key("k", new StringValue(letter)) : PathElement.name(letter);
      }
      set = set.union(FieldSet.of(path));
    }
    return set;
  }
}
