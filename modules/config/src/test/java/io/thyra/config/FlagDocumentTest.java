package io.thyra.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// docs/flags.md says of every flag what the server does with it.
class FlagDocumentTest {
  @Test
  void listsEveryFlagWithItsState() throws Exception {
    String document = Files.readString(Path.of("../../docs/flags.md"));
    for (Flag flag : FlagTable.load().all()) {
      String state = flag.state().name().toLowerCase(Locale.ROOT) + (flag.note().isEmpty() ? "" : ": " + flag.note());
      String value = flag.defaultValue().isEmpty() ? "" : "`" + flag.defaultValue() + "`";
      assertThat(document).contains("| `--" + flag.name() + "` | " + value + " | " + state + " |");
    }
  }
}
