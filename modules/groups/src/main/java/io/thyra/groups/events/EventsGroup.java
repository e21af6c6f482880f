package io.thyra.groups.events;

import io.thyra.groups.Group;
import io.thyra.groups.core.CoreColumns;
import io.thyra.groups.core.CoreFields;
import io.thyra.groups.core.EventRules;
import io.thyra.model.GroupVersionKind;

/// `events.k8s.io`: the events of the core group under newer names. They are stored once, as core events.
public final class EventsGroup {
  private EventsGroup() {}

  public static void declare(Group group) {
    group.resource(
        "events",
        r -> {
          r.storedIn(new GroupVersionKind("", "v1", "Event"));
          r.converts("v1", EventConversion::toCore, EventConversion::fromCore);
          r.allColumns(CoreColumns::event).selectable(CoreFields.EVENT);
          EventRules.declare(r);
        });
  }
}
