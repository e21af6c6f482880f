package io.thyra.groups.events;

import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.Map;

/// Events under the names of the one group and of the other. Source: pkg/apis/events/v1/conversion.go.
final class EventConversion {
  // Names of events.k8s.io, and what the core group calls them.
  private static final Map<String, String> NAMES =
      Map.of(
          "note", "message",
          "regarding", "involvedObject",
          "reportingController", "reportingComponent",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  private static final String[] CORE_ORDER = {
    "kind", "apiVersion", "metadata", "involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count",
    "type", "eventTime", "series", "action", "related", "reportingComponent", "reportingInstance"
  };

  private static final String[] EVENTS_ORDER = {
    "kind", "apiVersion", "metadata", "eventTime", "series", "reportingController", "reportingInstance", "action", "reason",
    "regarding", "related", "note", "type", "deprecatedSource", "deprecatedFirstTimestamp", "deprecatedLastTimestamp",
    "deprecatedCount"
  };

  private EventConversion() {}

  static ObjectValue toCore(ObjectValue event) {
    var renamed = ObjectValue.builder(event.size());
    event.forEach((name, value) -> renamed.put(NAMES.getOrDefault(name, name), value));
    return ordered(renamed.build(), CORE_ORDER);
  }

  static ObjectValue fromCore(ObjectValue event) {
    var renamed = ObjectValue.builder(event.size());
    event.forEach(
        (name, value) ->
            renamed.put(
                NAMES.entrySet().stream().filter(e -> e.getValue().equals(name)).map(Map.Entry::getKey).findFirst().orElse(name),
                value));
    return ordered(renamed.build(), EVENTS_ORDER);
  }

  private static ObjectValue ordered(ObjectValue event, String[] order) {
    var out = ObjectValue.builder(event.size());
    for (String name : order) {
      Value value = event.get(name);
      if (value != null) {
        out.put(name, value);
      }
    }
    return out.build();
  }
}
