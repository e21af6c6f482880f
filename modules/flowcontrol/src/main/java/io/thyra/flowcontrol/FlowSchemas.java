package io.thyra.flowcontrol;

import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Classifies by the FlowSchema and PriorityLevelConfiguration objects that exist, lowest matching precedence first and
/// names in order among equals. A schema whose priority level is missing takes no part.
/// The state is one immutable snapshot behind a volatile reference; whoever watches the objects replaces it.
/// Source: apiserver pkg/util/flowcontrol/apf_controller.go.
public final class FlowSchemas implements FlowControl {
  /// A flow schema with its priority level, and what went through it.
  public record Flow(String flowSchema, String priorityLevel, Traffic traffic) {}

  private volatile List<FlowSchema> schemas = List.of();
  private volatile List<PriorityLevel> levels = List.of();
  // By schema and level, for as long as both exist.
  private Map<List<String>, Traffic> traffic = Map.of();

  /// Replaces what is classified by. Both lists hold whole objects of `flowcontrol.apiserver.k8s.io/v1`.
  public synchronized void update(List<ObjectValue> flowSchemas, List<ObjectValue> priorityLevels) {
    Map<String, ObjectValue> levels = HashMap.newHashMap(priorityLevels.size());
    for (ObjectValue level : priorityLevels) {
      levels.put(level.string("metadata", "name"), level);
    }
    var compiled = new ArrayList<FlowSchema>(flowSchemas.size());
    Map<List<String>, Traffic> kept = HashMap.newHashMap(flowSchemas.size());
    for (ObjectValue schema : flowSchemas) {
      ObjectValue level = levels.get(schema.string("spec", "priorityLevelConfiguration", "name"));
      if (level != null) {
        List<String> flow = List.of(schema.string("metadata", "name"), level.string("metadata", "name"));
        Traffic counted = traffic.getOrDefault(flow, new Traffic());
        kept.put(flow, counted);
        compiled.add(FlowSchema.of(schema, level, counted));
      }
    }
    compiled.sort(Comparator.comparingLong(FlowSchema::precedence).thenComparing(FlowSchema::name));
    traffic = kept;
    schemas = List.copyOf(compiled);
    this.levels = priorityLevels.stream().map(PriorityLevel::of).sorted(Comparator.comparing(PriorityLevel::name)).toList();
  }

  /// The flows in the order in which they are tried.
  public List<Flow> flows() {
    return schemas.stream()
        .flatMap(schema -> schema.classified().stream())
        .map(each -> new Flow(each.flowSchema(), each.priorityLevel(), each.traffic()))
        .toList();
  }

  /// The priority levels by name.
  public List<PriorityLevel> levels() {
    return levels;
  }

  @Override
  public Optional<Classified> classify(UserInfo user, RequestInfo info) {
    for (FlowSchema schema : schemas) {
      if (schema.matches(user, info)) {
        return schema.classified();
      }
    }
    return Optional.empty();
  }
}
