package io.thyra.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueryTest {
  @Test
  void keepsOrderAndEmptyValues() {
    Query query = Query.parse("b=1&a=x+y%2Cz&b=2&c&=d");
    assertThat(query.parameters().keySet()).containsExactly("b", "a", "c", "");
    assertThat(query.all("b")).containsExactly("1", "2");
    assertThat(query.first("a")).isEqualTo("x y,z");
    assertThat(query.has("c")).isTrue();
    assertThat(query.first("c")).isEmpty();
    assertThat(query.has("d")).isFalse();
  }

  @Test
  void dropsPairsThatGoRejects() {
    assertThat(Query.parse("a=%zz&b=1;c=2&d=%4").parameters()).isEmpty();
    assertThat(Query.parse("a=%C3%A9&").first("a")).isEqualTo("é");
  }

  @Test
  void readsBytesOfRequestLines() {
    // An é that nobody escaped is two characters of a request line.
    assertThat(Query.ofRequest("a=\u00c3\u00a9&b=%C3%A9").parameters()).isEqualTo(Query.parse("a=é&b=é").parameters());
  }
}
