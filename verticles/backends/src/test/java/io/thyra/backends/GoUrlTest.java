package io.thyra.backends;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoUrlTest {
  @Test
  void makesEscapedSlashesPlainAndKeepsSpacesEscaped() {
    assertThat(GoUrl.path("/apis/g/v1/a%20b%2Fc?x=1")).isEqualTo("/apis/g/v1/a%20b/c");
  }

  @Test
  void escapesWhatGoEscapesInPaths() {
    assertThat(GoUrl.path("/a!b(c)*'d:e@f=g+h,i;j&k$l")).isEqualTo("/a%21b%28c%29%2A%27d:e@f=g+h,i;j&k$l");
    assertThat(GoUrl.path("/caf%C3%A9%3f")).isEqualTo("/caf%C3%A9%3F");
  }

  @Test
  void takesThePathOutOfAnAbsoluteTarget() {
    assertThat(GoUrl.path("http://host:1/a/b?c=http://d")).isEqualTo("/a/b");
  }

  @Test
  void sortsParametersAndKeepsTheOrderOfTheirValues() {
    assertThat(GoUrl.query("/p?x=1&a=2&x=%20%2B+3&empty&=y")).isEqualTo("=y&a=2&empty=&x=1&x=+%2B+3");
    assertThat(GoUrl.query("/p")).isEmpty();
  }

  @Test
  void leavesOutParametersThatCannotBeDecoded() {
    assertThat(GoUrl.query("/p?a=%zz&b=1;2&c=3")).isEqualTo("c=3");
  }

  @Test
  void cleansPaths() {
    assertThat(GoUrl.clean("/apis/g/v1//books")).isEqualTo("/apis/g/v1/books");
    assertThat(GoUrl.clean("/apis/g/v1/../v2/")).isEqualTo("/apis/g/v2/");
    assertThat(GoUrl.clean("/..")).isEqualTo("/");
  }

  @Test
  void tellsWhyATextIsNoUrl() {
    assertThat(GoUrl.problem("http://bad host/%zz"))
        .isEqualTo("parse \"http://bad host/%zz\": invalid character \" \" in host name");
    assertThat(GoUrl.problem("/a%zz")).isEqualTo("parse \"/a%zz\": invalid URL escape \"%zz\"");
    assertThat(GoUrl.problem("http://h:x/")).isEqualTo("parse \"http://h:x/\": invalid port \":x\" after host");
    assertThat(GoUrl.problem("?only=query")).isEmpty();
    assertThat(GoUrl.problem("http://[::1]:8080/a%20b?c#d")).isEmpty();
  }
}
