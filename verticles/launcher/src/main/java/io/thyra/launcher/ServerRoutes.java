package io.thyra.launcher;

import io.thyra.aggregation.AggregationVerticle;
import io.thyra.model.GroupVersion;
import io.thyra.model.RequestInfo;
import io.thyra.nodes.NodesVerticle;
import io.thyra.registry.Registry;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.thyra.wire.Endpoint;
import io.thyra.wire.Routes;
import java.util.Optional;
import java.util.Set;

/// Who serves which group version: built-in groups at an address each, all custom resources at one.
final class ServerRoutes implements Routes {
  /// The address of the group that stands for all custom resources; no API group can have that name.
  static final String CUSTOM = "*custom*";

  private final Registry registry;
  private final AggregationVerticle aggregation;
  private final NodesVerticle nodes;
  private final Set<String> builtin;

  ServerRoutes(Registry registry, AggregationVerticle aggregation, NodesVerticle nodes, Set<String> builtin) {
    this.nodes = nodes;
    this.aggregation = aggregation;
    this.registry = registry;
    this.builtin = Set.copyOf(builtin);
  }

  @Override
  public Optional<Endpoint<ApiRequest, ApiResponse>> findEndpoint(String group, String version) {
    if (!registry.serves(new GroupVersion(group, version))) {
      return Optional.empty();
    }
    return Optional.of(Endpoint.group(builtin.contains(group) ? group : CUSTOM));
  }

  @Override
  public Optional<Proxy> findProxy(String group, String version) {
    return aggregation.findProxy(group, version);
  }

  @Override
  public Optional<Proxy> findDocumentProxy(String path) {
    return aggregation.findDocumentProxy(path);
  }

  @Override
  public Optional<Streamed> findStreamed(RequestInfo info) {
    return nodes.findStreamed(info);
  }

  @Override
  public boolean knowsGroup(String group) {
    // A group of custom resources has no router of its own that would know its paths.
    return builtin.contains(group) && registry.servesGroup(group);
  }
}
