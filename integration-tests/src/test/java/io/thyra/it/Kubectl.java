package io.thyra.it;

import java.util.List;

/// kubectl in one namespace of a cluster, with nothing of the user's own configuration.
record Kubectl(Command base, Cluster cluster, String namespace) {
  static Kubectl on(Cluster cluster) {
    Command base =
        Command.of(GoPrograms.build("kubectl").toString())
            .environment("KUBECONFIG", cluster.kubeconfig().file().toString())
            .environment("HOME", cluster.home().toString())
            .environment("KUBECACHEDIR", cluster.home().resolve("kubectl-cache").toString())
            .environment("KUBERC", "off")
            .in(Places.MODULE);
    return new Kubectl(base, cluster, "default");
  }

  /// kubectl in a fresh namespace in which pods can be made.
  Kubectl namespaced(String prefix) {
    String name = prefix + "-" + Long.toString(System.nanoTime() / 1_000_000, 36);
    run("create", "namespace", name).ok();
    if (Cluster.hasControllers()) {
      Eventually.holds(() -> run("get", "serviceaccount", "default", "--namespace=" + name).ok());
    } else {
      run("create", "serviceaccount", "default", "--namespace=" + name).ok();
    }
    return new Kubectl(base, cluster, name);
  }

  Kubectl environment(String name, String value) {
    return new Kubectl(base.environment(name, value), cluster, namespace);
  }

  Output run(String... arguments) {
    return command(arguments).run();
  }

  /// Runs it with text on its standard input.
  Output run(Input input, String... arguments) {
    return command(arguments).reading(input.text()).run();
  }

  Command.Running start(String... arguments) {
    return command(arguments).start();
  }

  private Command command(String... arguments) {
    boolean named = List.of(arguments).stream().anyMatch(word -> word.startsWith("--namespace") || word.equals("-A"));
    Command command = named ? base : base.with(List.of("--namespace=" + namespace));
    return command.with(List.of(arguments));
  }

  /// What a command reads from its standard input, for `-f -`.
  record Input(String text) {}

  static Input reading(String text) {
    return new Input(text);
  }
}
