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
  private volatile List<FlowSchema> schemas = List.of();

  /// Replaces what is classified by. Both lists hold whole objects of `flowcontrol.apiserver.k8s.io/v1`.
  public void update(List<ObjectValue> flowSchemas, List<ObjectValue> priorityLevels) {
    Map<String, ObjectValue> levels = HashMap.newHashMap(priorityLevels.size());
    for (ObjectValue level : priorityLevels) {
      levels.put(level.string("metadata", "name"), level);
    }
    var compiled = new ArrayList<FlowSchema>(flowSchemas.size());
    for (ObjectValue schema : flowSchemas) {
      ObjectValue level = levels.get(schema.string("spec", "priorityLevelConfiguration", "name"));
      if (level != null) {
        compiled.add(FlowSchema.of(schema, level));
      }
    }
    compiled.sort(Comparator.comparingLong(FlowSchema::precedence).thenComparing(FlowSchema::name));
    schemas = List.copyOf(compiled);
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
