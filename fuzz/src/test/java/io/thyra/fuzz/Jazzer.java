package io.thyra.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A run of Jazzer on one class, in a process of its own: libFuzzer ends the one that it runs in.
///
/// @param executions how many inputs were tried
/// @param findings what the parser did that it must not: the first line of each
/// @param log everything that was said
record Jazzer(long executions, List<String> findings, Path log) {
  /// Tests run in the folder of the module.
  static final Path CORPUS = Path.of("corpus");
  static final Path WORK = Path.of("target", "fuzz");
  static final String COUNTS = "counts.txt";
  private static final Pattern EXECUTIONS = Pattern.compile("stat::number_of_executed_units:\\s+(\\d+)");
  private static final String SANITIZERS = "com.code_intelligence.jazzer.sanitizers.";
  private static final int INPUT_BYTES_MAX = 4096;
  // Loading and instrumenting classes counts, and machines are busy.
  private static final int HANG_SECONDS = 300;

  /// Runs until a bound among the options, or until something is found.
  ///
  /// @param options of libFuzzer and of Jazzer
  /// @param seeds folders of inputs to start from
  static Jazzer run(Class<?> target, List<String> options, List<Path> seeds) {
    Path folder = WORK.resolve(target.getSimpleName()).toAbsolutePath();
    try {
      Path found = Files.createDirectories(folder.resolve("corpus"));
      Path log = folder.resolve("log.txt");
      var command = new ArrayList<String>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx1g", "-Xss1m", "-XX:+EnableDynamicAgentLoading", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
      command.add("-Dfuzz.counts=" + folder.resolve(COUNTS));
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer"));
      command.add("--target_class=" + target.getName());
      command.add("--instrumentation_includes=io.thyra.**");
      // What libraries do inside is theirs, and files and patterns that the input names are meant to be read.
      command.add("--custom_hook_includes=io.thyra.**");
      command.add("--disabled_hooks=" + SANITIZERS + "FilePathTraversal:" + SANITIZERS + "RegexInjection");
      command.add("--reproducer_path=" + folder);
      command.addAll(List.of("-artifact_prefix=" + folder + "/", "-print_final_stats=1", "-rss_limit_mb=0"));
      command.addAll(List.of("-max_len=" + INPUT_BYTES_MAX, "-timeout=" + HANG_SECONDS));
      command.addAll(options);
      command.add(found.toString());
      seeds.forEach(seed -> command.add(seed.toAbsolutePath().toString()));
      int code = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
      return read(log, code);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Jazzer read(Path log, int code) throws IOException {
    long executions = 0;
    var findings = new ArrayList<String>();
    try (Stream<String> lines = Files.lines(log, java.nio.charset.StandardCharsets.ISO_8859_1)) {
      for (String line : (Iterable<String>) lines::iterator) {
        Matcher matcher = EXECUTIONS.matcher(line);
        if (matcher.find()) {
          executions = Long.parseLong(matcher.group(1));
        } else if (line.startsWith("== Java Exception:") || line.contains("ERROR: libFuzzer:")) {
          findings.add(line);
        }
      }
    }
    if (code != 0 && findings.isEmpty()) {
      findings.add("Jazzer ended with " + code);
    }
    return new Jazzer(executions, findings, log);
  }
}
