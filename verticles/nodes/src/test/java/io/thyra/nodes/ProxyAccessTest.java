package io.thyra.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.RequestInfo;
import org.junit.jupiter.api.Test;

class ProxyAccessTest {
  private static String behind(String path) {
    return ProxyAccess.pathBehind(new RequestInfo(true, path, "get", "api", "", "v1", "ns", "pods", "proxy", "p"), path);
  }

  @Test
  void readsThePathBehindTheSubresource() {
    String base = "/api/v1/namespaces/ns/pods/p/proxy";
    assertThat(behind(base)).isEmpty();
    assertThat(behind(base + "/")).isEqualTo("/");
    assertThat(behind(base + "/a/b")).isEqualTo("/a/b");
    assertThat(behind(base + "/a//b/../c/.")).isEqualTo("/a//b/../c/.");
    assertThat(behind(base + "/a/b//")).isEqualTo("/a/b/");
    var node = new RequestInfo(true, "", "get", "api", "", "v1", "", "nodes", "proxy", "n");
    assertThat(ProxyAccess.pathBehind(node, "/api/v1/nodes/n/proxy/metrics")).isEqualTo("/metrics");
  }

  @Test
  void findsTheWayBack() {
    assertThat(ProxyAccess.prefix("/p/proxy/a/b", "/a/b")).isEqualTo("/p/proxy");
    assertThat(ProxyAccess.prefix("/p/proxy/", "/")).isEqualTo("/p/proxy");
    assertThat(ProxyAccess.prefix("/p/proxy", "")).isEqualTo("/p/proxy");
    assertThat(ProxyAccess.prefix("/p/proxy/a//b", "/a/b")).isEqualTo("/p/proxy/a//b");
    assertThat(ProxyAccess.prefix("/p/proxy/a\r\nX: y", "/other")).isEqualTo("/p/proxy/a  X: y");
  }
}
