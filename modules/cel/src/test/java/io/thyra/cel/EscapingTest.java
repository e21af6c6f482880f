package io.thyra.cel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EscapingTest {
  @Test
  void escapesWhatNoIdentifierHas() {
    assertThat(Escaping.escape("a.b-c/d__e")).contains("a__dot__b__dash__c__slash__d__underscores__e");
    assertThat(Escaping.escape("namespace")).contains("__namespace__");
    assertThat(Escaping.escape("plain_name")).contains("plain_name");
  }

  @Test
  void someNamesCannotBeSaid() {
    assertThat(Escaping.escape("")).isEmpty();
    assertThat(Escaping.escape("1a")).isEmpty();
    assertThat(Escaping.escape("a b")).isEmpty();
    assertThat(Escaping.escape("é")).isEmpty();
  }

  @Test
  void unescapesWhatItEscaped() {
    for (String name : new String[] {"a.b-c/d__e", "namespace", "plain_name", "__", "x"}) {
      assertThat(Escaping.unescape(Escaping.escape(name).orElseThrow())).contains(name);
    }
    assertThat(Escaping.unescape("a__nothing__b")).isEmpty();
  }
}
