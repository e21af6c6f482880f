package io.thyra.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Fuzzes targets one after the other for a time each, and prints a line of each for `docs/testing.md`. What is found lies in
/// `target/fuzz/TARGET`: the input, the log, and the inputs that reached something new. `together` fuzzes them all in one
/// process, which does more in little time, as each process takes a while to begin.
public final class Fuzzing {
  private Fuzzing() {}

  /// @param arguments seconds for each target; names of targets with commas between them, `all`, or `together`
  public static void main(String[] arguments) throws IOException {
    String seconds = arguments[0];
    if (arguments[1].equals("together")) {
      together(seconds);
      return;
    }
    Set<String> chosen = Set.of(arguments[1].split(","));
    List<Target> targets = Target.ALL.stream().filter(target -> chosen.contains("all") || chosen.contains(target.name())).toList();
    System.out.println("| target | executions | seconds | findings |\n|---|---|---|---|");
    for (Target target : targets) {
      Instant start = Instant.now();
      Path seeds = Jazzer.CORPUS.resolve(target.name());
      Jazzer run = Jazzer.run(target.type(), List.of("-max_total_time=" + seconds, "--keep_going=20"), List.of(seeds));
      long took = Duration.between(start, Instant.now()).toSeconds();
      System.out.println("| " + target.name() + " | " + run.executions() + " | " + took + " | " + run.findings().size() + " |");
      run.findings().forEach(System.out::println);
    }
  }

  private static void together(String seconds) throws IOException {
    Jazzer run = Jazzer.run(AllFuzz.class, List.of("-max_total_time=" + seconds, "--keep_going=100"), List.of(AllFuzz.seeds()));
    System.out.println("| target | executions |\n|---|---|");
    AllFuzz.executions(Jazzer.WORK.resolve(AllFuzz.class.getSimpleName()).resolve(Jazzer.COUNTS))
        .forEach((target, executions) -> System.out.println("| " + target + " | " + executions + " |"));
    System.out.println("| all | " + run.executions() + " |");
    run.findings().forEach(System.out::println);
  }
}
