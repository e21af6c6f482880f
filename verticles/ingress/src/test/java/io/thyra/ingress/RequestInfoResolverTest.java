package io.thyra.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.RequestInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestInfoResolverTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "GET, /api/v1/namespaces, list, '', v1, '', namespaces, '', ''",
        "GET, /api/v1/namespaces/other, get, '', v1, other, namespaces, '', other",
        "GET, /api/v1/namespaces/other/status, get, '', v1, other, namespaces, status, other",
        "PUT, /api/v1/namespaces/other/finalize, update, '', v1, other, namespaces, finalize, other",
        "GET, /api/v1/namespaces/other/pods, list, '', v1, other, pods, '', ''",
        "GET, /api/v1/namespaces/other/pods/foo, get, '', v1, other, pods, '', foo",
        "HEAD, /api/v1/namespaces/other/pods/foo, get, '', v1, other, pods, '', foo",
        "GET, /api/v1/namespaces//pods, list, '', v1, '', pods, '', ''",
        "GET, /api/v1/pods?watch=true, watch, '', v1, '', pods, '', ''",
        "GET, /api/v1/pods?watch=maybe, watch, '', v1, '', pods, '', ''",
        "GET, /api/v1/pods?watch, watch, '', v1, '', pods, '', ''",
        "GET, /api/v1/pods?watch=False, list, '', v1, '', pods, '', ''",
        "GET, /api/v1/pods?watch=0, list, '', v1, '', pods, '', ''",
        "GET, /api/v1/namespaces/x/pods/p?watch=1, get, '', v1, x, pods, '', p",
        "GET, /api/v1/pods?fieldSelector=metadata.name%3Dfoo, list, '', v1, '', pods, '', foo",
        "GET, /api/v1/pods?fieldSelector=a!=b%2Cmetadata.name==foo&watch=1, watch, '', v1, '', pods, '', foo",
        "GET, /api/v1/pods?fieldSelector=metadata.name!=foo, list, '', v1, '', pods, '', ''",
        "DELETE, /api/v1/namespaces/x/pods, deletecollection, '', v1, x, pods, '', ''",
        "DELETE, /api/v1/namespaces/x/pods/p, delete, '', v1, x, pods, '', p",
        "PATCH, /api/v1/namespaces/x/pods/p/status, patch, '', v1, x, pods, status, p",
        "OPTIONS, /api/v1/pods, '', '', v1, '', pods, '', ''",
        "GET, /api/v1/watch/namespaces/x/pods/p, watch, '', v1, x, pods, '', p",
        "GET, /api/v1/proxy/nodes/n/a/b, proxy, '', v1, '', nodes, '', n",
        "POST, /apis/apps/v1/namespaces/x/deployments, create, apps, v1, x, deployments, '', ''",
        "GET, /apis/apps/v1/namespaces/x/deployments/d/scale, get, apps, v1, x, deployments, scale, d",
        "GET, /apis/apps//v1, list, apps, '', '', v1, '', ''",
        "GET, /api/v1/namespaces/x/configmaps/a%2Fb, get, '', v1, x, configmaps, b, a",
        "GET, /api/v1/namespaces/x/configmaps/%61, get, '', v1, x, configmaps, '', a",
        "GET, /api/v1/namespaces/x/configmaps/a/, get, '', v1, x, configmaps, '', a",
      })
  void readsResourcePaths(
      String method, String uri, String verb, String group, String version, String namespace, String resource, String subresource, String name) {
    RequestInfo info = resolve(method, uri);
    assertThat(info.resourceRequest()).isTrue();
    assertThat(new String[] {info.verb(), info.group(), info.version(), info.namespace(), info.resource(), info.subresource(), info.name()})
        .containsExactly(verb, group, version, namespace, resource, subresource, name);
  }

  @ParameterizedTest
  @CsvSource({"/", "/api", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1", "//api/v1", "/healthz", "/apis/batch/pods", "/API/v1/pods"})
  void takesTheRestForNoResource(String uri) {
    RequestInfo info = resolve("BREW", uri);
    assertThat(info.resourceRequest()).isFalse();
    assertThat(info.verb()).isEqualTo("brew");
    assertThat(info.path()).isEqualTo(uri);
  }

  @Test
  void givesUpOnAPrefixWithoutResource() {
    assertThat(RequestInfoResolver.resolve("GET", target("/api/v1/watch"))).isNull();
  }

  @Test
  void readsTargets() {
    assertThat(RequestTarget.parse("/a/%zz")).isNull();
    assertThat(RequestTarget.parse("/a/%4")).isNull();
    assertThat(target("https://else.where/api/v1?x=1")).isEqualTo(new RequestTarget("https://else.where/api/v1?x=1", "/api/v1", "x=1"));
    assertThat(target("/?limit=1;pretty=1&a=%zz&a=b+c&d=%C3%A9").parameter("limit")).isNull();
    assertThat(target("/?limit=1;pretty=1&a=%zz&a=b+c&d=%C3%A9").parameter("a")).isEqualTo("b c");
    assertThat(target("/?limit=1;pretty=1&a=%zz&a=b+c&d=%C3%A9").parameter("d")).isEqualTo("é");
    assertThat(target("/?dryRun=All&dryRun=x").parameters("dryRun")).containsExactly("All", "x");
  }

  private static RequestInfo resolve(String method, String uri) {
    RequestInfoResolver.Resolved resolved = RequestInfoResolver.resolve(method, target(uri));
    if (resolved == null) {
      throw new AssertionError("not resolved: " + uri);
    }
    return resolved.info();
  }

  private static RequestTarget target(String uri) {
    RequestTarget target = RequestTarget.parse(uri);
    if (target == null) {
      throw new AssertionError("no target: " + uri);
    }
    return target;
  }
}
