package io.thyra.it;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The fabric8 client: watches by WebSocket, informers, create-or-replace, leader election. The scenarios are in `java-clients`.
class Fabric8IT {
  private static Cluster cluster;

  @BeforeAll
  static void open() {
    cluster = Cluster.open(Fabric8IT.class);
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @TestFactory
  Stream<DynamicTest> passes() {
    return JavaProgram.play("Fabric8", cluster, "fabric8");
  }
}
