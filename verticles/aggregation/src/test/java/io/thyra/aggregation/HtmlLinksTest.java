package io.thyra.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class HtmlLinksTest {
  private static final String HOST = "10.0.0.1:443";

  private static String page(String page) {
    return HtmlLinks.rewritePage(Buffer.buffer(page), null, HOST).toString();
  }

  @Test
  void givesAbsolutePathsTheServersHost() {
    assertThat(page("<a href='/apis/x'>x</a>")).isEqualTo("<a href=\"https://10.0.0.1:443/apis/x\">x</a>");
  }

  @Test
  void leavesRelativeLinksAndOtherHostsAlone() {
    assertThat(page("<img src=\"pic.png\"><a href=\"https://other.test/x\">x</a>"))
        .isEqualTo("<img src=\"pic.png\"><a href=\"https://other.test/x\">x</a>");
    assertThat(HtmlLinks.rewrite("mailto:/x", HOST)).isEqualTo("mailto:/x");
    assertThat(HtmlLinks.rewrite("http://10.0.0.1:443/x?y#z", HOST)).isEqualTo("https://10.0.0.1:443/x?y#z");
  }

  @Test
  void touchesNothingThatIsNoLink() {
    String page = "<!doctype html><!-- <a href='/x'> --><script>if (a < b) f('<a href=\"/x\">')</script>1 < 2 <p class=\"c\">t</p>";
    assertThat(page(page)).isEqualTo(page);
  }

  @Test
  void endsWhereAPageIsCutOff() {
    assertThat(page("text <a href='/x")).isEqualTo("text <a href='/x");
    assertThat(page("text <")).isEqualTo("text <");
  }
}
