package io.thyra.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.cache.KeyTree.Bound;
import io.thyra.storage.KeyOrder;
import io.thyra.storage.Stored;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeyTreeTest {
  private static final EncodingLedger LEDGER = new EncodingLedger(0);

  private static CachedObject object(String key, long revision) {
    return new CachedObject(new Stored(key, Buffer.buffer(), revision, revision), Attributes.NONE, 1, LEDGER);
  }

  private static List<CachedObject> all(KeyTree tree) {
    List<CachedObject> objects = new ArrayList<>();
    tree.from(_ -> false).forEachRemaining(objects::add);
    return objects;
  }

  @Test
  void agreesWithASortedMapAndLeavesOlderTreesAlone() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    KeyTree tree = KeyTree.EMPTY;
    TreeMap<String, CachedObject> map = new TreeMap<>(KeyOrder.UTF8);
    Map<KeyTree, List<CachedObject>> older = new IdentityHashMap<>();
    for (int i = 0; i < 60_000; i++) {
      // Grows, then shrinks to nothing.
      boolean grows = random.nextInt(100) < (i < 30_000 ? 65 : 25);
      String key = "/" + random.nextInt(6_000);
      if (grows) {
        CachedObject object = object(key, i);
        tree = tree.with(object);
        map.put(key, object);
      } else {
        String victim = map.isEmpty() ? key : map.ceilingKey(key) == null ? map.firstKey() : map.ceilingKey(key);
        tree = tree.without(victim);
        map.remove(victim);
      }
      if (i % 6_000 == 0) {
        older.put(tree, List.copyOf(map.values()));
      }
      if (i % 97 == 0) {
        String at = "/" + random.nextInt(6_000);
        assertThat(tree.size()).as("seed %d", seed).isEqualTo(map.size());
        assertThat(tree.find(at)).as("seed %d", seed).isSameAs(map.get(at));
        assertThat(tree.rank(Bound.at(at))).as("seed %d", seed).isEqualTo(map.headMap(at, false).size());
        List<CachedObject> tail = new ArrayList<>();
        tree.from(Bound.at(at)).forEachRemaining(tail::add);
        assertThat(tail).as("seed %d", seed).isEqualTo(List.copyOf(map.tailMap(at, true).values()));
      }
    }
    assertThat(all(tree)).isEqualTo(List.copyOf(map.values()));
    older.forEach((then, objects) -> assertThat(all(then)).isEqualTo(objects));
  }

  @Test
  void isBuiltAtOnceFromWhatIsSorted() {
    for (int size : new int[] {0, 1, 47, 48, 49, 64, 5_000}) {
      TreeMap<String, CachedObject> map = new TreeMap<>();
      for (int i = 0; i < size; i++) {
        map.put("/" + i, object("/" + i, i));
      }
      KeyTree tree = KeyTree.of(List.copyOf(map.values()));
      assertThat(tree.size()).isEqualTo(size);
      assertThat(all(tree)).isEqualTo(List.copyOf(map.values()));
      assertThat(tree.find("/" + (size - 1))).isSameAs(map.get("/" + (size - 1)));
    }
  }

  @Test
  void countsAPrefixByItsBounds() {
    KeyTree tree = KeyTree.EMPTY;
    for (String key : List.of("/a/1", "/a/2", "/a-b/1", "/b/1", "/a/\uFFFF", "/a/\uD83D\uDE00")) {
      tree = tree.with(object(key, 1));
    }
    assertThat(tree.rank(Bound.behindPrefix("/a/")) - tree.rank(Bound.at("/a/"))).isEqualTo(4);
  }
}
