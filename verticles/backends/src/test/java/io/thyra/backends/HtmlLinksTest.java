package io.thyra.backends;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class HtmlLinksTest {
  private static final Links HOST = Links.to("10.0.0.1:443");

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
    assertThat(HOST.rewrite("mailto:/x")).isEqualTo("mailto:/x");
    assertThat(HOST.rewrite("http://10.0.0.1:443/x?y#z")).isEqualTo("https://10.0.0.1:443/x?y#z");
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

  @Test
  void leadsBackBelowThePathOfTheProxy() {
    var links = Links.below("/proxy", "10.0.0.1:80", "api.test:6443");
    assertThat(links.rewrite("/x/?q#f")).isEqualTo("/proxy/x/?q#f");
    assertThat(links.rewrite("http://10.0.0.1:80/x")).isEqualTo("/proxy/x");
    assertThat(links.rewrite("https://api.test:6443/x")).isEqualTo("https://api.test:6443/proxy/x");
    assertThat(links.rewrite("/proxy/there")).isEqualTo("/proxy/there");
    assertThat(links.rewrite("../up")).isEqualTo("../up");
    assertThat(links.rewrite("//elsewhere.test/y")).isEqualTo("//elsewhere.test/y");
  }
}
