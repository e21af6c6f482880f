package io.thyra.registry;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What stands behind the name in a path: `/status`, `/scale`, `/eviction`.
public sealed interface Subresource {
  /// A part of the object itself, read and written (GET, PUT, PATCH) with rules of its own: status, approval,
  /// finalize, ephemeralcontainers, resize. Its body and answer are the whole object.
  ///
  /// @param readable whether GET and PATCH are served (namespaces/finalize has PUT alone)
  record Part(ResourceStrategy strategy, boolean readable) implements Subresource {}

  /// The autoscaling/v1 Scale of an object.
  ///
  /// @param replicas the path of the wanted count in the hub version, e.g. spec, replicas
  /// @param required the wanted count's path as it is named when an object must have one, empty where it counts as zero
  /// @param columns how a Scale is shown as a table, empty for name and age alone
  record Scale(String[] specReplicas, String[] statusReplicas, Selector selector, String required, Optional<TableColumns> columns)
      implements Subresource {
    public Scale(String[] specReplicas, String[] statusReplicas, Selector selector, String required) {
      this(specReplicas, statusReplicas, selector, required, Optional.empty());
    }

    public Scale(String[] specReplicas, String[] statusReplicas, Selector selector) {
      this(specReplicas, statusReplicas, selector, "");
    }

    /// How the label selector of the scaled object is printed into the Scale's status.selector.
    public interface Selector {
      String print(ObjectValue object);
    }
  }

  /// An action by POST with a body kind of its own: binding, eviction, token.
  ///
  /// @param defaults fills in what a client left out of a body
  record Action(GroupVersionKind bodyKind, UnaryOperator<ObjectValue> defaults, Handler handler) implements Subresource {
    public Action(GroupVersionKind bodyKind, Handler handler) {
      this(bodyKind, UnaryOperator.identity(), handler);
    }

    /// Does the action on a named object. Runs on a virtual thread and may wait. The body is canonical and defaulted;
    /// the answer is sent with 201 in the same version.
    public interface Handler {
      /// The body as it is acted upon, checked, with what was left out: what validating admission is shown.
      default ObjectValue prepare(RequestContext context, String namespace, String name, ObjectValue body) {
        return body;
      }

      ObjectValue create(RequestContext context, String namespace, String name, ObjectValue body);
    }
  }
}
