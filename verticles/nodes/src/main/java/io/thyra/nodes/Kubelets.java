package io.thyra.nodes;

import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.stream.Collectors;

/// Finds the kubelet of a node by what its Node says. Safe for all threads.
/// Source: pkg/kubelet/client/kubelet_client.go, pkg/util/node/node.go.
final class Kubelets {
  private static final int PORT = 10250;

  /// @param features what the node declares that it can do
  record Kubelet(String host, int port, List<String> features) {}

  private final ObjectSource objects;
  private final List<String> addressTypes;

  /// @param addressTypes the types of addresses, the preferred ones first
  Kubelets(ObjectSource objects, List<String> addressTypes) {
    this.objects = objects;
    this.addressTypes = List.copyOf(addressTypes);
  }

  /// @throws io.thyra.model.ApiException when there is no such node, or none with an address
  Kubelet find(String nodeName, GroupResource asked) {
    ObjectValue status = objects.get(ObjectSource.NODES, "", nodeName, asked).object("status");
    int port = (int) status.object("daemonEndpoints", "kubeletEndpoint").integer(0, "Port");
    return new Kubelet(address(status.list("addresses").objects()), port > 0 ? port : PORT, status.list("declaredFeatures").strings());
  }

  private String address(List<ObjectValue> addresses) {
    for (String type : addressTypes) {
      for (ObjectValue address : addresses) {
        if (address.string("type").equals(type)) {
          return address.string("address");
        }
      }
    }
    String known = addresses.stream().map(a -> "{" + a.string("type") + " " + a.string("address") + "}").collect(Collectors.joining(" "));
    throw new Failure.Unclassified(500, "no preferred addresses found; known addresses: [" + known + "]").toException();
  }
}
