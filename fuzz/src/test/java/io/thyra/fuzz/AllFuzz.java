package io.thyra.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// All targets as one: the first byte chooses, so that one process can try them all. Jazzer calls it from one thread.
public final class AllFuzz {
  private static final int INPUTS_A_REPORT = 1000;

  private static final long[] executions = new long[Target.ALL.size()];
  private static long all;

  private AllFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length > 0) {
      int chosen = (data[0] & 0xff) % Target.ALL.size();
      executions[chosen]++;
      if (++all % INPUTS_A_REPORT == 0) {
        report();
      }
      Target.ALL.get(chosen).feed().accept(Arrays.copyOfRange(data, 1, data.length));
    }
  }

  /// libFuzzer ends the process without a word to it.
  private static void report() {
    String counts = System.getProperty("fuzz.counts", "");
    if (!counts.isEmpty()) {
      var lines = new ArrayList<String>();
      for (int i = 0; i < executions.length; i++) {
        lines.add(Target.ALL.get(i).name() + " " + executions[i]);
      }
      try {
        Files.write(Path.of(counts), lines);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// How many inputs each target got in a run.
  static Map<String, Long> executions(Path counts) throws IOException {
    var found = new LinkedHashMap<String, Long>();
    for (String line : Files.readAllLines(counts)) {
      String[] words = line.split(" ");
      found.put(words[0], Long.parseLong(words[1]));
    }
    return found;
  }

  /// The corpora of all targets, with the byte that chooses.
  static Path seeds() throws IOException {
    Path seeds = Files.createDirectories(Path.of("target", "fuzz", "seeds"));
    for (int i = 0; i < Target.ALL.size(); i++) {
      String name = Target.ALL.get(i).name();
      for (Path input : files(Jazzer.CORPUS.resolve(name))) {
        byte[] content = Files.readAllBytes(input);
        byte[] chosen = new byte[content.length + 1];
        chosen[0] = (byte) i;
        System.arraycopy(content, 0, chosen, 1, content.length);
        Files.write(seeds.resolve(name + "-" + input.getFileName()), chosen);
      }
    }
    return seeds;
  }

  /// In the order of their names.
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
