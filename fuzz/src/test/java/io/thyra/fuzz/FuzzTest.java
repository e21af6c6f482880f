package io.thyra.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What every build asks of the parsers: nothing of the corpus, with what was found once in it, does harm, nor what Jazzer makes
/// of it in a moment.
class FuzzTest {
  /// Enough for a few hundred of each target, and done in half a minute on a quiet machine.
  private static final int EXECUTIONS = 10_000;

  @TestFactory
  Stream<DynamicTest> replaysTheCorpus() {
    return Target.ALL.stream()
        .map(
            target ->
                DynamicTest.dynamicTest(
                    target.name(),
                    () -> {
                      List<Path> inputs = AllFuzz.files(Jazzer.CORPUS.resolve(target.name()));
                      assertThat(inputs).isNotEmpty();
                      for (Path input : inputs) {
                        replay(target, input);
                      }
                    }));
  }

  private static void replay(Target target, Path input) throws IOException {
    try {
      target.feed().accept(Files.readAllBytes(input));
    } catch (Throwable e) {
      throw new AssertionError("the input " + input, e);
    }
  }

  @Test
  void knowsEveryTarget() throws IOException, URISyntaxException {
    Path classes = Path.of(FuzzTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> all = Files.walk(classes)) {
      List<String> found =
          all.map(path -> path.getFileName().toString())
              .filter(name -> name.endsWith("Fuzz.class") && !name.equals("AllFuzz.class"))
              .map(name -> name.substring(0, name.length() - ".class".length()))
              .sorted()
              .toList();
      assertThat(Target.ALL).extracting(Target::name).containsExactlyElementsOf(found);
    }
    assertThat(AllFuzz.files(Jazzer.CORPUS)).extracting(folder -> folder.getFileName().toString()).containsExactlyElementsOf(Target.ALL.stream().map(Target::name).toList());
  }

  @Test
  void findsNothingInAMoment() throws IOException {
    Jazzer run = Jazzer.run(AllFuzz.class, List.of("-runs=" + EXECUTIONS, "-seed=1"), List.of(AllFuzz.seeds()));
    assertThat(run.findings()).as("see %s", run.log()).isEmpty();
    assertThat(run.executions()).isGreaterThanOrEqualTo(EXECUTIONS);
  }
}
