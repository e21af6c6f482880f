package io.thyra.it;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The rings and edges of the source tree, on the compiled classes of all modules: what javac cannot prove because some
/// libraries are no modules.
class TreeTest {
  private static final String[] INNER = packages("model", "schema", "codec", "machinery", "cel", "config");
  private static final String[] MIDDLE =
      packages("storage", "cache", "registry", "groups", "extensions", "authentication", "authorization", "admission", "audit", "flowcontrol");
  private static final String[] OUTER = packages("wire", "ingress", "discovery", "group", "watch", "backends", "aggregation", "controllers", "launcher");

  /// Values of the asynchronous kind that the middle ring speaks in; everything else of Vert.x stays outside.
  private static final Set<String> PLAIN_VERTX = Set.of("io.vertx.core.Future", "io.vertx.core.AsyncResult", "io.vertx.core.Promise", "io.vertx.core.buffer.Buffer");

  /// The one class of the middle ring that knows on which context an answer comes.
  private static final String REPLY = "io.thyra.storage.Reply";

  private static JavaClasses classes;

  private static String[] packages(String... modules) {
    return Stream.of(modules).map(module -> "io.thyra." + module + "..").toArray(String[]::new);
  }

  @BeforeAll
  static void read() throws IOException {
    List<Path> folders = new ArrayList<>();
    for (String group : List.of("modules", "verticles")) {
      try (Stream<Path> modules = Files.list(Places.ROOT.resolve(group))) {
        modules.map(module -> module.resolve("target/classes")).filter(Files::isDirectory).forEach(folders::add);
      }
    }
    classes = new ClassFileImporter().importPaths(folders);
    assertThat(folders).as("compiled modules").hasSizeGreaterThan(20);
  }

  private static DescribedPredicate<JavaClass> vertxBeyondPlain() {
    return describe(
        "Vert.x beyond Future, Promise and Buffer", type -> type.getPackageName().startsWith("io.vertx") && !PLAIN_VERTX.contains(type.getBaseComponentType().getName()));
  }

  @Test
  void innerRingKnowsNoVertx() {
    noClasses().that().resideInAnyPackage(INNER).should().dependOnClassesThat().resideInAPackage("io.vertx..").allowEmptyShould(true).check(classes);
  }

  @Test
  void middleRingKnowsOnlyFuturesAndBuffers() {
    noClasses()
        .that()
        .resideInAnyPackage(MIDDLE)
        // An engine that sits on storage-api has contexts and workers of its own.
        .and()
        .resideOutsideOfPackages("io.thyra.storage.rocksdb..", "io.thyra.storage.etcd..")
        .and()
        .doNotHaveFullyQualifiedName(REPLY)
        .should()
        .dependOnClassesThat(vertxBeyondPlain())
        .check(classes);
  }

  @Test
  void innerRingKnowsNoRingAroundIt() {
    noClasses().that().resideInAnyPackage(INNER).should().dependOnClassesThat().resideInAnyPackage(MIDDLE).allowEmptyShould(true).check(classes);
    noClasses().that().resideInAnyPackage(INNER).should().dependOnClassesThat().resideInAnyPackage(OUTER).allowEmptyShould(true).check(classes);
  }

  @Test
  void middleRingKnowsNoVerticle() {
    noClasses().that().resideInAnyPackage(MIDDLE).should().dependOnClassesThat().resideInAnyPackage(OUTER).check(classes);
  }

  @Test
  void nobodyKnowsTheLauncher() {
    noClasses().that().resideOutsideOfPackage("io.thyra.launcher..").should().dependOnClassesThat().resideInAPackage("io.thyra.launcher..").check(classes);
  }

  /// By module: the list of built-in groups names the packages of the groups, and these the types that all of them share.
  @Test
  void packagesFormNoCycle() {
    slices().matching("io.thyra.(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void onlyItsEngineKnowsRocksDb() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.thyra.storage.rocksdb..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.rocksdb..")
        .check(classes);
  }

  @Test
  void onlyTheEtcdEngineKnowsGrpc() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.thyra.storage.etcd..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.grpc..")
        .check(classes);
  }

  /// Where there is no etcd a server loads nothing of its engine; the store commands know both.
  @Test
  void onlyOneClassOfTheServerOpensEtcd() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.thyra.storage.etcd..")
        .and()
        .haveNameNotMatching("io\\.thyra\\.launcher\\.(Etcd|Store(Command|Copy|Place|Source)).*")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.thyra.storage.etcd..")
        .check(classes);
  }

  /// Certificates and requests: made by the launcher, read by authentication and by the groups and admission of certificates.
  @Test
  void onlyCertificatesNeedBouncyCastle() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.thyra.launcher..", "io.thyra.groups..", "io.thyra.admission..", "io.thyra.authentication..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bouncycastle..")
        .check(classes);
  }

  @Test
  void nothingOfTheServerUsesTheModelsOfClients() {
    noClasses().that().resideOutsideOfPackages("io.thyra.schema..").should().dependOnClassesThat().resideInAnyPackage("io.kubernetes..", "io.fabric8..").check(classes);
  }
}
