package io.thyra.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.storage.Stored;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SelectorIndexTest {
  private static final EncodingLedger LEDGER = new EncodingLedger(0);
  private static final Term RED = new Term(true, "color", List.of("red"));

  private final SelectorIndex index = new SelectorIndex();
  private KeyTree tree = KeyTree.EMPTY;
  private long revision;

  private void put(String name, @Nullable String color) {
    Map<String, String> labels = color == null ? Map.of() : Map.of("color", color);
    var stored = new Stored("/p/" + name, Buffer.buffer(), 1, ++revision);
    var object = new CachedObject(stored, new Attributes(labels, Map.of("node", "n" + color)), 3, LEDGER);
    CachedObject before = tree.find(object.key());
    tree = tree.with(object);
    index.follow(List.of(new SelectorIndex.Change(before, object)), tree);
  }

  private void delete(String name) {
    CachedObject before = tree.find("/p/" + name);
    tree = tree.without("/p/" + name);
    index.follow(List.of(new SelectorIndex.Change(before, null)), tree);
  }

  private static List<CachedObject> objects(@Nullable KeyTree tree) {
    List<CachedObject> all = new ArrayList<>();
    Iterator<CachedObject> each = tree == null ? List.<CachedObject>of().iterator() : tree.from(_ -> false);
    each.forEachRemaining(all::add);
    return all;
  }

  @Test
  void indexesANameThatIsAskedForAgain() {
    put("a", "red");
    put("b", "blue");
    assertThat(index.find(tree, RED)).isNull();
    assertThat(objects(index.find(tree, RED))).extracting(CachedObject::name).containsExactly("a");
    assertThat(objects(index.find(tree, new Term(true, "color", List.of("red", "blue"))))).hasSize(2);
  }

  @Test
  void knowsTheNewestTreeAlone() {
    put("a", "red");
    index.find(tree, RED);
    index.find(tree, RED);
    KeyTree old = tree;
    put("b", "red");
    assertThat(index.find(old, RED)).isNull();
    assertThat(objects(index.find(tree, RED))).hasSize(2);
  }

  @Test
  void labelsAndFieldsOfOneNameAreTwo() {
    put("a", "red");
    Term field = new Term(false, "node", List.of("nred"));
    index.find(tree, field);
    assertThat(objects(index.find(tree, field))).hasSize(1);
    Term label = new Term(true, "node", List.of("nred"));
    index.find(tree, label);
    assertThat(objects(index.find(tree, label))).isEmpty();
  }

  @Test
  void followsEveryChange() {
    index.find(tree, RED);
    index.find(tree, RED);
    Random random = new Random(11);
    for (int i = 0; i < 5_000; i++) {
      String name = "o" + random.nextInt(300);
      if (random.nextInt(4) == 0) {
        delete(name);
      } else {
        put(name, random.nextInt(5) == 0 ? null : List.of("red", "blue", "green").get(random.nextInt(3)));
      }
      if (i % 50 == 0) {
        assertThat(objects(index.find(tree, RED)))
            .containsExactlyElementsOf(objects(tree).stream().filter(o -> "red".equals(o.labels().get("color"))).toList());
      }
    }
  }
}
