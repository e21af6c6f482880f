package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Manifests in the shapes that people deploy: applied they differ in nothing from what is kept, applied again they change
/// nothing, changed they differ in just that, pruned they lose what was left out, deleted they are gone. Those of
/// `manifests/<name>/` are applied in the order of their file names, those of whole packages all together.
class ManifestsIT {
  /// Whole packages, with namespaces and definitions of their own; every object carries [#ALL].
  private static final List<String> PACKAGES =
      List.of(
          "certificates", "ingress", "monitoring", "delivery", "postgres", "policy", "gateway", "storage", "network", "autoscaling", "logging", "pipelines", "tenants");

  private static final String ALL = "app.kubernetes.io/managed-by=manifests";
  private static final String RETIRED = "app.kubernetes.io/component: retired";
  private static final String NEXT = "next-release";
  private static final Pattern IMAGE = Pattern.compile("( image: [a-z-]+:)\\S+");

  private static Cluster cluster;

  @BeforeAll
  static void open() {
    GoPrograms.build("kubectl");
    cluster = Cluster.open(ManifestsIT.class);
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private final Kubectl kubectl = Kubectl.on(cluster);

  @ParameterizedTest
  @ValueSource(strings = {"web", "database", "operator-rbac", "metrics-server", "operator"})
  void appliesDiffersInNothingAndDeletes(String name) {
    play(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "database", "operator"})
  void appliesOnTheServer(String name) {
    play(name, "--server-side");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void appliesWholePackages(boolean server) throws IOException {
    String[] how = server ? new String[] {"--server-side"} : new String[0];
    List<String> definitions = packageFiles("10-crds.yaml");
    List<String> objects = packageFiles("20-objects.yaml");
    run(with(how, "apply", definitions)).ok();
    run("wait", "--for=condition=Established", "customresourcedefinitions", "--selector=" + ALL, "--timeout=20s").ok();
    assertThat(run(with(how, "apply", objects)).ok().lines()).hasSize(documents(objects).size());
    run(with(how, "diff", objects)).ok().is("");

    // Each package in its next release: one image is another, and one object is gone.
    Path folder = Files.createDirectories(cluster.home().resolve("next" + how.length));
    List<String> next = new ArrayList<>();
    var changed = new ArrayList<String>();
    for (String file : objects) {
      List<String> release = nextRelease(documents(List.of(file)));
      changed.add(release.stream().filter(document -> document.contains(NEXT)).findFirst().orElseThrow());
      next.add(write(folder.resolve(Path.of(file).getParent().getFileName() + ".yaml"), release));
    }
    String changedFile = write(folder.resolve("changed.yaml"), changed);
    // A DaemonSet tells its generation in an annotation as well.
    assertThat(run(with(how, "diff", List.of(changedFile))).fails(1).lines().stream().filter(line -> line.matches("[-+] (?!.*daemonset).*")))
        .allMatch(line -> line.matches("[-+] *(generation: [12]|(- )?image: .*)"))
        .hasSize(PACKAGES.size() * 4);
    if (server) {
      run(with(how, "apply", next)).ok();
    } else {
      Output pruned = run(with(new String[] {"--prune", "--selector=" + ALL, "--prune-allowlist=core/v1/ConfigMap"}, "apply", next)).ok();
      assertThat(pruned.lines().stream().filter(line -> line.endsWith(" pruned"))).hasSize(PACKAGES.size());
      run("get", "configmaps", "-A", "--selector=app.kubernetes.io/component=retired", "-o", "name").ok().is("");
    }
    run(with(how, "diff", List.of(changedFile))).ok().is("");
    run(with(new String[] {"--wait=false", "--ignore-not-found"}, "delete", objects)).ok();
    Eventually.holds(Duration.ofMinutes(2), () -> namespaces().is(""));
    Eventually.holds(Duration.ofMinutes(2), () -> run(with(new String[] {"--ignore-not-found", "-o", "name"}, "get", objects)).ok().is(""));
    run(with(new String[] {"--ignore-not-found"}, "delete", definitions)).ok();
  }

  /// The namespaces that are left; where nobody finishes their deletion, this does.
  private Output namespaces() throws IOException {
    Output names = run("get", "namespaces", "--selector=" + ALL, "-o", "name").ok();
    if (!Cluster.hasControllers()) {
      try (var api = new Api(cluster.kubeconfig())) {
        for (String name : names.lines()) {
          String path = "/api/v1/" + name.replace("namespace/", "namespaces/");
          api.put(path + "/finalize", api.get(path).body().replaceFirst("\"finalizers\":\\[\"kubernetes\"\\]", "\"finalizers\":[]"));
        }
      }
    }
    return names;
  }

  /// kubectl without a namespace of its own: these manifests say theirs.
  private Output run(String... words) {
    return kubectl.base().within(Duration.ofMinutes(5)).with(List.of(words)).run();
  }

  /// A set of objects that is kept track of by a Secret: what the next release leaves out is gone.
  @Test
  void prunesSetsAppliedOnTheServer() throws IOException {
    Kubectl own = kubectl.namespaced("manifests-set").environment("KUBECTL_APPLYSET", "true");
    Path folder = Files.createDirectories(cluster.home().resolve("set"));
    List<String> web = documents(List.of(Places.MODULE.resolve("manifests/web/web.yaml").toString()));
    Path file = folder.resolve("web.yaml");
    write(file, web);
    String[] how = {"--server-side", "--prune", "--applyset=secrets/web"};
    own.run(with(how, "apply", List.of(file.toString()))).ok().doesNotSay("pruned");
    write(file, web.subList(0, web.size() - 1));
    assertThat(own.run(with(how, "apply", List.of(file.toString()))).ok().lines().stream().filter(line -> line.endsWith(" pruned"))).hasSize(1);
  }

  private static List<String> packageFiles(String name) {
    return PACKAGES.stream().map(each -> Places.MODULE.resolve("manifests").resolve(each).resolve(name)).filter(Files::exists).map(Path::toString).toList();
  }

  private static List<String> documents(List<String> files) throws IOException {
    var documents = new ArrayList<String>();
    for (String file : files) {
      documents.addAll(List.of(Files.readString(Path.of(file)).split("\n---\n")));
    }
    return documents;
  }

  /// The documents of a release without what is retired, and with the first image another.
  private static List<String> nextRelease(List<String> documents) {
    List<String> kept = new ArrayList<>(documents.stream().filter(document -> !document.contains(RETIRED)).toList());
    for (int i = 0; i < kept.size(); i++) {
      Matcher image = IMAGE.matcher(kept.get(i));
      if (image.find()) {
        kept.set(i, image.replaceFirst("$1" + NEXT));
        break;
      }
    }
    return kept;
  }

  private static String write(Path file, List<String> documents) throws IOException {
    return Files.writeString(file, String.join("\n---\n", documents)).toString();
  }

  private static String[] with(String[] how, String verb, List<String> files) {
    var all = new ArrayList<>(List.of(verb));
    all.addAll(List.of(how));
    files.forEach(file -> all.add("--filename=" + file));
    return all.toArray(String[]::new);
  }

  private void play(String name, String... how) {
    // What the aggregation layer needs lives where the manifests of such servers put it.
    Kubectl own =
        name.equals("metrics-server")
            ? new Kubectl(kubectl.base(), cluster, "kube-system")
            : kubectl.namespaced("manifests-" + name + "-" + how.length);
    String folder = Places.MODULE.resolve("manifests").resolve(name).toString();
    for (Path file : files(Path.of(folder))) {
      // Objects of a kind that was made a moment ago: people wait for it, so the test does.
      Eventually.holds(() -> own.run(with(how, "apply", "-f", file.toString())).ok());
      if (file.getFileName().toString().contains("crd")) {
        own.run("wait", "--for=condition=Established", "-f", file.toString(), "--timeout=20s").ok();
      }
    }
    own.run(with(how, "diff", "-f", folder)).ok().is("");
    String versions = versions(own, folder);
    own.run(with(how, "apply", "-f", folder)).ok();
    assertThat(versions(own, folder)).as("versions after applying the same again").isEqualTo(versions);
    own.run("delete", "-f", folder, "--wait=false", "--ignore-not-found").ok();
    // The controller that takes the finalizer of claims away is none of an API server's.
    for (String claim : own.run("get", "persistentvolumeclaims", "-o", "name").ok().lines()) {
      own.run("patch", claim, "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}").ok();
    }
    Eventually.holds(() -> own.run("get", "-f", folder, "--ignore-not-found", "-o", "name").doesNotSay("/"));
  }

  /// Name, generation and resourceVersion of each object, but of kinds whose status the server itself keeps, and of claims:
  /// the reference server too writes a claim again that is applied a second time on the server.
  private static String versions(Kubectl kubectl, String folder) {
    return kubectl.run("get", "-f", folder, "-o", "custom-columns=K:.kind,N:.metadata.name,G:.metadata.generation,V:.metadata.resourceVersion").ok().lines().stream()
        .filter(line -> !line.startsWith("APIService") && !line.startsWith("PersistentVolumeClaim") && !line.startsWith("CustomResourceDefinition"))
        .collect(Collectors.joining("\n"));
  }

  private static String[] with(String[] how, String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(1, List.of(how));
    return all.toArray(String[]::new);
  }

  private static List<Path> files(Path folder) {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
