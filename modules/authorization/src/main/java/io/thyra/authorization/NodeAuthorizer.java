package io.thyra.authorization;

import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.NodeIdentity;
import java.util.List;
import java.util.Optional;

/// The mode Node: lets kubelets read what belongs to pods bound to them, write what is theirs, and do what every node may.
/// Holds no opinion about anybody else. What depends on an object's content is left to the plugin NodeRestriction.
/// Source: kubernetes plugin/pkg/auth/authorizer/node/node_authorizer.go.
public final class NodeAuthorizer implements Authorizer {
  private static final Decision ALLOW = new Decision.Allow("");
  private static final String LEASE_NAMESPACE = "kube-node-lease";

  private final NodeGraph graph;
  private final List<PolicyRule> rules;

  public NodeAuthorizer(NodeGraph graph) {
    this.graph = graph;
    this.rules =
        BootstrapPolicy.objects().stream()
            .filter(object -> object.string("kind").equals("ClusterRole") && object.string("metadata", "name").equals("system:node"))
            .findFirst()
            .map(PolicyRule::ofRole)
            .orElseThrow();
  }

  @Override
  public Decision authorize(AuthorizationAttributes asked) {
    Optional<String> identity = NodeIdentity.of(asked.user());
    if (identity.isEmpty()) {
      return Decision.NO_OPINION;
    }
    String node = identity.get();
    if (node.isEmpty()) {
      return no("unknown node for user \"" + asked.user().name() + "\"");
    }
    return asked.resourceRequest() ? resource(node, asked) : byRules(asked);
  }

  private Decision resource(String node, AuthorizationAttributes asked) {
    String resource = asked.group().isEmpty() ? asked.resource() : asked.resource() + "." + asked.group();
    return switch (resource) {
      case "secrets" -> read(node, NodeGraph.Type.SECRET, asked);
      case "configmaps" -> read(node, NodeGraph.Type.CONFIG_MAP, asked);
      case "persistentvolumeclaims" ->
          asked.subresource().equals("status") ? updateStatus(node, NodeGraph.Type.CLAIM, asked) : get(node, NodeGraph.Type.CLAIM, asked);
      case "persistentvolumes" -> get(node, NodeGraph.Type.VOLUME, asked);
      case "resourceclaims.resource.k8s.io" -> get(node, NodeGraph.Type.RESOURCE_CLAIM, asked);
      case "volumeattachments.storage.k8s.io" -> get(node, NodeGraph.Type.ATTACHMENT, asked);
      case "serviceaccounts" ->
          asked.verb().equals("get") && asked.subresource().isEmpty()
              ? read(node, NodeGraph.Type.SERVICE_ACCOUNT, asked)
              : createToken(node, asked);
      case "leases.coordination.k8s.io" -> lease(node, asked);
      case "csinodes.storage.k8s.io" -> csiNode(node, asked);
      case "resourceslices.resource.k8s.io" -> slice(node, asked);
      case "nodes" -> node(node, asked);
      case "pods" -> pod(node, asked);
      // Behind a gate that is off.
      case "podcertificaterequests.certificates.k8s.io" -> Decision.NO_OPINION;
      default -> byRules(asked);
    };
  }

  private Decision byRules(AuthorizationAttributes asked) {
    return rules.stream().anyMatch(rule -> rule.allows(asked)) ? ALLOW : Decision.NO_OPINION;
  }

  private static Decision no(String why) {
    return new Decision.NoOpinion(why);
  }

  private Decision related(String node, NodeGraph.Type type, AuthorizationAttributes asked) {
    if (asked.name().isEmpty()) {
      return no("No Object name found");
    }
    return graph.reaches(new NodeGraph.Vertex(type, asked.namespace(), asked.name()), node)
        ? ALLOW
        : no("no relationship found between node '" + node + "' and this object");
  }

  private Decision updateStatus(String node, NodeGraph.Type type, AuthorizationAttributes asked) {
    return switch (asked.verb()) {
      case "update", "patch" -> related(node, type, asked);
      default -> no("can only get/update/patch this type");
    };
  }

  private Decision get(String node, NodeGraph.Type type, AuthorizationAttributes asked) {
    if (!asked.verb().equals("get")) {
      return no("can only get individual resources of this type");
    }
    return asked.subresource().isEmpty() ? related(node, type, asked) : no("cannot get subresource");
  }

  private Decision read(String node, NodeGraph.Type type, AuthorizationAttributes asked) {
    if (!asked.readOnly()) {
      return no("can only read resources of this type");
    }
    if (!asked.subresource().isEmpty()) {
      return no("cannot read subresource");
    }
    return asked.namespace().isEmpty() ? no("can only read namespaced object of this type") : related(node, type, asked);
  }

  private Decision createToken(String node, AuthorizationAttributes asked) {
    if (!asked.verb().equals("create") || asked.name().isEmpty()) {
      return no("can only create tokens for individual service accounts");
    }
    return asked.subresource().equals("token")
        ? related(node, NodeGraph.Type.SERVICE_ACCOUNT, asked)
        : no("can only create token subresource of serviceaccount");
  }

  private static Decision lease(String node, AuthorizationAttributes asked) {
    if (!writesOrGets(asked.verb())) {
      return no("can only get, create, update, patch, or delete a node lease");
    }
    if (!asked.namespace().equals(LEASE_NAMESPACE)) {
      return no("can only access leases in the \"" + LEASE_NAMESPACE + "\" system namespace");
    }
    return asked.verb().equals("create") || asked.name().equals(node)
        ? ALLOW
        : no("can only access node lease with the same name as the requesting node");
  }

  private static Decision csiNode(String node, AuthorizationAttributes asked) {
    if (!writesOrGets(asked.verb())) {
      return no("can only get, create, update, patch, or delete a CSINode");
    }
    if (!asked.subresource().isEmpty()) {
      return no("cannot authorize CSINode subresources");
    }
    return asked.verb().equals("create") || asked.name().equals(node)
        ? ALLOW
        : no("can only access CSINode with the same name as the requesting node");
  }

  private static boolean writesOrGets(String verb) {
    return switch (verb) {
      case "get", "create", "update", "patch", "delete" -> true;
      default -> false;
    };
  }

  private Decision slice(String node, AuthorizationAttributes asked) {
    if (!asked.subresource().isEmpty()) {
      return no("cannot authorize ResourceSlice subresources");
    }
    return switch (asked.verb()) {
      case "create" -> ALLOW;
      case "get", "update", "patch", "delete" -> related(node, NodeGraph.Type.RESOURCE_SLICE, asked);
      case "watch", "list", "deletecollection" ->
          selects(asked, "spec.nodeName", node)
              ? ALLOW
              : no("can only list/watch/deletecollection resourceslices with nodeName field selector");
      default ->
          no(
              "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete,"
                  + " deletecollection");
    };
  }

  private static boolean selects(AuthorizationAttributes asked, String field, String node) {
    return asked.fieldSelector().stream()
        .anyMatch(term -> term.key().equals(field) && term.operator().equals("In") && term.values().equals(List.of(node)));
  }

  private static Decision node(String node, AuthorizationAttributes asked) {
    return switch (asked.subresource() + " " + asked.verb()) {
      case " create", " update", " patch", "status update", "status patch" -> ALLOW;
      case " get", " list", " watch" -> {
        if (asked.name().equals(node)) {
          yield ALLOW;
        }
        yield no(
            asked.name().isEmpty()
                ? "node '" + node + "' cannot read all nodes, only its own Node object"
                : "node '" + node + "' cannot read '" + asked.name() + "', only its own Node object");
      }
      default -> Decision.NO_OPINION;
    };
  }

  private Decision pod(String node, AuthorizationAttributes asked) {
    return switch (asked.subresource() + " " + asked.verb()) {
      case " get" -> get(node, NodeGraph.Type.POD, asked);
      case " list", " watch" -> {
        if (selects(asked, "spec.nodeName", node)) {
          yield ALLOW;
        }
        yield asked.name().isEmpty()
            ? no("can only list/watch pods with spec.nodeName field selector")
            : related(node, NodeGraph.Type.POD, asked);
      }
      case " create", " delete", "status update", "status patch", "eviction create" -> ALLOW;
      default -> Decision.NO_OPINION;
    };
  }
}
