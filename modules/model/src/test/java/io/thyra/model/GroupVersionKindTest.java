package io.thyra.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GroupVersionKindTest {
  @Test
  void isOrderedByGroupThenVersionThenKind() {
    var pod = new GroupVersionKind("", "v1", "Pod");
    var scale = new GroupVersionKind("apps", "v1", "Scale");
    var job = new GroupVersionKind("batch", "v1", "Job");
    var older = new GroupVersionKind("batch", "v1beta1", "CronJob");
    assertThat(List.of(older, scale, job, pod).stream().sorted()).containsExactly(pod, scale, job, older);
    assertThat(pod.compareTo(new GroupVersionKind("", "v1", "Pod"))).isZero();
  }
}
