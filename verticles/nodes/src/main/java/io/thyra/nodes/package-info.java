/// Requests that are passed on to kubelets, pods and the pods of services: logs, exec, attach, port-forward and the proxies.
/// Start reading at [io.thyra.nodes.NodesVerticle].
@NullMarked
package io.thyra.nodes;

import org.jspecify.annotations.NullMarked;
