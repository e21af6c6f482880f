package io.thyra.it;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The official Java client: informers, paging, patches, leader election. The scenarios are in `java-clients`.
class OfficialJavaIT {
  private static Cluster cluster;

  @BeforeAll
  static void open() {
    cluster = Cluster.open(OfficialJavaIT.class);
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @TestFactory
  Stream<DynamicTest> passes() {
    return JavaProgram.play("Official", cluster, "official-java");
  }
}
