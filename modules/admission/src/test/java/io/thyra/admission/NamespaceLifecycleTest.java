package io.thyra.admission;

import static io.thyra.admission.Cluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceLifecycleTest {
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void writesNothingToAnAbsentNamespace() {
    Status status = refusal(() -> cluster.create("configmaps", "{metadata: {name: a, namespace: none}}")).status();
    assertThat(status.code()).isEqualTo(404);
    assertThat(status.message()).isEqualTo("namespaces \"none\" not found");
  }

  @Test
  void createsNothingInANamespaceThatIsBeingDeleted() {
    cluster.put("namespaces", "{metadata: {name: going}, status: {phase: Terminating}}");
    Status status = refusal(() -> cluster.create("configmaps", "{metadata: {generateName: a-, namespace: going}}")).status();
    assertThat(status.code()).isEqualTo(403);
    assertThat(status.message())
        .isEqualTo(
            "configmaps \"a-\" is forbidden: unable to create new content in namespace going because it is being terminated");
    assertThat(Objects.requireNonNull(status.details()).causes())
        .containsExactly(new Status.Cause("NamespaceTerminating", "namespace going is being terminated", "metadata.namespace"));
  }

  @Test
  void updatesGoOnWhileANamespaceIsBeingDeleted() {
    cluster.put("namespaces", "{metadata: {name: going}, status: {phase: Terminating}}");
    ObjectValue map = Cluster.object("configmaps", "{metadata: {name: a, namespace: going}}");
    assertThat(cluster.update("configmaps", "", map, map)).isEqualTo(map);
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "kube-system", "kube-public"})
  void neverDeletesThreeNamespaces(String name) {
    assertThat(refusal(() -> cluster.delete("namespaces", name)).getMessage())
        .isEqualTo("namespaces \"" + name + "\" is forbidden: this namespace may not be deleted");
  }

  @Test
  void looksAtTheStoreOnceADeletionWasAskedFor() {
    cluster.delete("namespaces", "ns");
    assertThat(cluster.create("configmaps", "{metadata: {name: a, namespace: ns}}")).isNotEqualTo(ObjectValue.EMPTY);
  }
}
