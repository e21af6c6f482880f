package io.thyra.schema.generator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenApiModelsTest {
  @Test
  void bringsBackParagraphs() {
    assertThat(OpenApiModels.withParagraphs("One. Two.", "One.  Two.")).isEqualTo("One.\n\nTwo.");
    assertThat(OpenApiModels.withParagraphs("List:\n  - a\nAfter", "List:   - a  After")).isEqualTo("List:\n  - a\n\nAfter");
  }

  @Test
  void keepsADescriptionThatDiffers() {
    assertThat(OpenApiModels.withParagraphs("One. Two.", "Another text.")).isEqualTo("One. Two.");
    assertThat(OpenApiModels.withParagraphs("One.", "One.  Two.")).isEqualTo("One.");
  }
}
