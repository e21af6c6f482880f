package io.thyra.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ObjectValueTest {
  @Test
  void comparesWhatWasSentEmptyInAnyOrder() {
    ObjectValue one = ObjectValue.EMPTY.sayEmpty("a").sayEmpty("b");
    assertThat(one.saidEmptyLike(ObjectValue.EMPTY.sayEmpty("b").sayEmpty("a"))).isTrue();
    assertThat(one.saidEmptyLike(ObjectValue.EMPTY.sayEmpty("a"))).isFalse();
    assertThat(one.saidEmptyLike(ObjectValue.EMPTY.sayEmpty("a").sayEmpty("c"))).isFalse();
    assertThat(ObjectValue.EMPTY.saidEmptyLike(ObjectValue.EMPTY)).isTrue();
  }
}
