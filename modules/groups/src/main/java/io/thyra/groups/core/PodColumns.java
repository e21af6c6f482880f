package io.thyra.groups.core;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.model.ObjectValue;
import io.thyra.registry.TableColumns;
import java.time.Instant;
import java.util.List;

/// How pods are shown: readiness, a status word that is worked out of phases, conditions and container states, and
/// restarts. Source: printPod in pkg/printers/internalversion/printers.go.
final class PodColumns {
  private PodColumns() {}

  static TableColumns of(Columns columns) {
    return columns
        .text("Ready", "The aggregate readiness state of this pod for accepting traffic.", pod -> new PodSummary(pod).ready())
        .text("Status", "The aggregate status of the containers in this pod.", pod -> new PodSummary(pod).word())
        .cell(
            "Restarts",
            "string",
            "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
            (pod, now) -> Cells.text(new PodSummary(pod).restarts(now)))
        .age()
        .wide()
        .text("IP", columns.doc("core.v1.PodStatus", "podIP"), pod -> Cells.orNone(firstAddress(pod)))
        .text("Node", columns.doc("core.v1.PodSpec", "nodeName"), pod -> Cells.orNone(pod.string("spec", "nodeName")))
        .text(
            "Nominated Node",
            columns.doc("core.v1.PodStatus", "nominatedNodeName"),
            pod -> Cells.orNone(pod.string("status", "nominatedNodeName")))
        .text("Readiness Gates", columns.doc("core.v1.PodSpec", "readinessGates"), PodColumns::gates)
        .rowConditions(PodColumns::conditions)
        .build();
  }

  private static String firstAddress(ObjectValue pod) {
    List<ObjectValue> addresses = pod.list("status", "podIPs").objects();
    return addresses.isEmpty() ? "" : addresses.getFirst().string("ip");
  }

  private static String gates(ObjectValue pod) {
    List<ObjectValue> gates = pod.list("spec", "readinessGates").objects();
    if (gates.isEmpty()) {
      return Cells.NONE;
    }
    long open =
        gates.stream()
            .filter(g -> Cells.condition(pod.list("status", "conditions"), g.string("conditionType")).equals("True"))
            .count();
    return open + "/" + gates.size();
  }

  private static List<ObjectValue> conditions(ObjectValue pod) {
    return switch (pod.string("status", "phase")) {
      case "Succeeded" -> List.of(completed("Succeeded", "The pod has completed successfully."));
      case "Failed" -> List.of(completed("Failed", "The pod failed."));
      default -> List.of();
    };
  }

  private static ObjectValue completed(String reason, String message) {
    return ObjectValue.builder()
        .put("type", "Completed")
        .put("status", "True")
        .put("reason", reason)
        .put("message", message)
        .build();
  }

  /// What one pod comes to.
  private static final class PodSummary {
    private final ObjectValue pod;
    private String word;
    private long ready;
    private long total;
    private long restarts;
    private String lastRestart = "";
    private long sidecarRestarts;
    private String lastSidecarRestart = "";

    PodSummary(ObjectValue pod) {
      this.pod = pod;
      ObjectValue status = pod.object("status");
      String phase = status.string("phase");
      word = status.string("reason").isEmpty() ? phase : status.string("reason");
      for (ObjectValue condition : status.list("conditions").objects()) {
        if (condition.string("type").equals("PodScheduled") && condition.string("reason").equals("SchedulingGated")) {
          word = "SchedulingGated";
        }
      }
      total = pod.list("spec", "containers").size();
      pod.list("spec", "initContainers").objects().stream().filter(c -> c.string("restartPolicy").equals("Always")).forEach(_ -> total++);
      boolean initializing = initContainers(status);
      if (!initializing || Cells.condition(status.list("conditions"), "Initialized").equals("True")) {
        containers(status);
      }
      if (!pod.string("metadata", "deletionTimestamp").isEmpty()) {
        if (status.string("reason").equals("NodeLost")) {
          word = "Unknown";
        } else if (!phase.equals("Failed") && !phase.equals("Succeeded")) {
          word = "Terminating";
        }
      }
    }

    private boolean isSidecar(String name) {
      return pod.list("spec", "initContainers").objects().stream()
          .anyMatch(c -> c.string("name").equals(name) && c.string("restartPolicy").equals("Always"));
    }

    private boolean initContainers(ObjectValue status) {
      List<ObjectValue> all = status.list("initContainerStatuses").objects();
      for (int i = 0; i < all.size(); i++) {
        ObjectValue container = all.get(i);
        String finished = container.string("lastState", "terminated", "finishedAt");
        restarts += container.integer(0, "restartCount");
        lastRestart = later(lastRestart, finished);
        boolean sidecar = isSidecar(container.string("name"));
        if (sidecar) {
          sidecarRestarts += container.integer(0, "restartCount");
          lastSidecarRestart = later(lastSidecarRestart, finished);
        }
        boolean terminated = container.object("state").has("terminated");
        ObjectValue end = container.object("state", "terminated");
        if (terminated && end.integer(0, "exitCode") == 0) {
          continue;
        }
        if (sidecar && container.bool("started")) {
          if (container.bool("ready")) {
            ready++;
          }
          continue;
        }
        String waiting = container.string("state", "waiting", "reason");
        if (terminated) {
          word = "Init:" + exit(end);
        } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
          word = "Init:" + waiting;
        } else {
          word = "Init:" + i + "/" + pod.list("spec", "initContainers").size();
        }
        return true;
      }
      return false;
    }

    private void containers(ObjectValue status) {
      restarts = sidecarRestarts;
      lastRestart = lastSidecarRestart;
      boolean running = false;
      String failure = "";
      for (ObjectValue container : status.list("containerStatuses").objects().reversed()) {
        restarts += container.integer(0, "restartCount");
        lastRestart = later(lastRestart, container.string("lastState", "terminated", "finishedAt"));
        ObjectValue state = container.object("state");
        String waiting = state.string("waiting", "reason");
        if (!waiting.isEmpty()) {
          word = waiting;
        } else if (state.has("terminated")) {
          word = exit(state.object("terminated"));
          if (state.integer(0, "terminated", "exitCode") != 0) {
            failure = word;
          }
        } else if (container.bool("ready") && state.has("running")) {
          running = true;
          ready++;
        }
      }
      if (word.equals("Completed")) {
        if (running && Cells.condition(status.list("conditions"), "Ready").equals("True")) {
          word = "Running";
        } else if (!failure.isEmpty()) {
          word = failure;
        } else if (running) {
          word = "NotReady";
        }
      }
    }

    private static String exit(ObjectValue end) {
      if (!end.string("reason").isEmpty()) {
        return end.string("reason");
      }
      long signal = end.integer(0, "signal");
      return signal != 0 ? "Signal:" + signal : "ExitCode:" + end.integer(0, "exitCode");
    }

    // Times in canonical form sort as text.
    private static String later(String a, String b) {
      return a.compareTo(b) >= 0 ? a : b;
    }

    String ready() {
      return ready + "/" + total;
    }

    String word() {
      return word;
    }

    String restarts(Instant now) {
      return restarts == 0 || lastRestart.isEmpty() ? Long.toString(restarts) : restarts + " (" + Cells.since(lastRestart, now) + " ago)";
    }
  }
}
