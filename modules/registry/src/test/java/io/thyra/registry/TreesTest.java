package io.thyra.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.ObjectValue;
import io.thyra.storage.Stored;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class TreesTest {
  private static final ObjectValue TREE = ObjectValue.builder().put("metadata", ObjectValue.builder().put("name", "a").build()).build();

  private final Trees trees = new Trees();

  @Test
  void givesTheTreeOfAWriteToThoseWhoAreToldOfIt() {
    Buffer bytes = Buffer.buffer("same");
    trees.write(bytes, TREE);
    var stored = new Stored("/a", bytes, 7, 7);
    assertThat(trees.findWritten(stored)).hasValueSatisfying(tree -> assertThat(Metadata.resourceVersion(tree)).isEqualTo("7"));
    trees.written(bytes);
    assertThat(trees.findWritten(stored)).isEmpty();
    assertThat(trees.find(stored)).isPresent();
  }

  @Test
  void takesOtherBytesForAnotherWriteHoweverAlike() {
    trees.write(Buffer.buffer("same"), TREE);
    assertThat(trees.findWritten(new Stored("/a", Buffer.buffer("same"), 7, 7))).isEmpty();
  }

  @Test
  void findsOnlyTheRevisionThatItKept() {
    trees.keep(new Stored("/a", Buffer.buffer("x"), 1, 2), TREE);
    assertThat(trees.find(new Stored("/a", Buffer.buffer("x"), 1, 2))).hasValue(TREE);
    assertThat(trees.find(new Stored("/a", Buffer.buffer("y"), 1, 3))).isEmpty();
  }

  @Test
  void letsGoOfWhatWasNotUsedForLongest() {
    Buffer eighth = Buffer.buffer(new byte[(int) Trees.BYTES_MAX / 8]);
    for (int i = 0; i < 8; i++) {
      trees.keep(new Stored("/" + i, eighth, 1, 1), TREE);
    }
    assertThat(trees.find(new Stored("/0", eighth, 1, 1))).isPresent();
    trees.keep(new Stored("/8", eighth, 1, 1), TREE);
    assertThat(trees.find(new Stored("/0", eighth, 1, 1))).isPresent();
    assertThat(trees.find(new Stored("/1", eighth, 1, 1))).isEmpty();
  }

  @Test
  void keepsNoObjectThatWouldDriveOutMostOthers() {
    var large = new Stored("/a", Buffer.buffer(new byte[(int) Trees.BYTES_MAX / 4]), 1, 1);
    trees.keep(large, TREE);
    assertThat(trees.find(large)).isEmpty();
  }
}
